/** A request to S3 and its answer. */
package io.moorage.api.s3.exchange;

/** S3's errors: their codes, statuses and words. */
package io.moorage.api.s3.errors;

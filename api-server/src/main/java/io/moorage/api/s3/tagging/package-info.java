/** Tags of buckets and objects. */
package io.moorage.api.s3.tagging;

/** Buckets: which there are, in which volume, with which settings; and the operations on them. */
package io.moorage.api.s3.bucket;

/**
 * Multipart uploads. An upload and its parts are hidden entries of the bucket's volume, in a directory of their own: an empty entry
 * with what the request that began it said, and an entry for each part. Completing makes the parts' extents the object's, and takes
 * the directory away in the same step.
 */
package io.moorage.api.s3.multipart;

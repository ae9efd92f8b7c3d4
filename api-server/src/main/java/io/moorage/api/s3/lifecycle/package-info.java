/** Lifecycle rules of a bucket, and what they say about an object, a version or an upload at a moment. Deletes nothing itself. */
package io.moorage.api.s3.lifecycle;

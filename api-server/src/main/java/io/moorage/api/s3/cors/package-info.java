/** Cross-origin resource sharing: the rules of a bucket, and which of them a request matches. */
package io.moorage.api.s3.cors;

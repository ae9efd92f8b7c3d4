/** What lifecycle rules take away, in the background. */
package io.moorage.api.s3.expiry;

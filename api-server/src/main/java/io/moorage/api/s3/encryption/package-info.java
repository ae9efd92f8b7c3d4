/** Objects that are encrypted before they are stored: with a key of the customer's (SSE-C) or one of the cluster's (SSE-S3). */
package io.moorage.api.s3.encryption;

/** Bodies of requests: their decoding, and the digests that are computed while they stream through. */
package io.moorage.api.s3.body;

/** What a request asks for: its bucket and key, operation, range and conditions. Reads no body. */
package io.moorage.api.s3.request;

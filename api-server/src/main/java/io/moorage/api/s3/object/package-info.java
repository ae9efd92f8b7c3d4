/** Objects: putting, reading, copying, deleting, and what is kept with them. */
package io.moorage.api.s3.object;

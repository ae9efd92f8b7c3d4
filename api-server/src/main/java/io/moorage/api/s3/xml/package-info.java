/** S3's documents, read and written as streams. */
package io.moorage.api.s3.xml;

/** The S3 API (Amazon S3 API reference) on volumes: buckets are top-level directories, objects the entries below them. */
package io.moorage.api.s3;

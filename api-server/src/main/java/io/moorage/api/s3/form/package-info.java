/** Uploads by HTML forms (Amazon S3 API reference, "POST Object"). */
package io.moorage.api.s3.form;

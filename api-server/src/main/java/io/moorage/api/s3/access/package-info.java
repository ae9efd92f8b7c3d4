/** Who may do what: a user's grants, and bucket policies. */
package io.moorage.api.s3.access;

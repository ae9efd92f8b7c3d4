/** Who sent a request: AWS Signature Version 4 in headers, queries and forms. Decides nothing about what they may do. */
package io.moorage.api.s3.auth;

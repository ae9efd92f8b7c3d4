package io.moorage.api.s3.auth;

import io.moorage.api.s3.body.Payload;

/**
 * What the verification of a request showed.
 *
 * @param presigned whether the signature stood in the query
 * @param payload how its body is sent, and what verifies it: used once, with that body
 */
public record Authentication(Caller caller, boolean presigned, Payload payload) {}

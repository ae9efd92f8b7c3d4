package io.moorage.cli.kubernetes.schema;

/**
 * Why a resource is refused.
 *
 * @param reason as in causes of a Kubernetes Status: FieldValueRequired, FieldValueInvalid, ...
 * @param field "" = the resource
 */
public record Violation(String reason, String field, String message) {}

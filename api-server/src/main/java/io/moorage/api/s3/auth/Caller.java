package io.moorage.api.s3.auth;

/**
 * Who sent a request.
 *
 * @param user empty: nobody in particular
 * @param accessKeyId that it was signed with; empty: it was not signed
 */
public record Caller(String user, String accessKeyId) {
    /** Nobody in particular: the request was not signed. */
    public static final Caller ANONYMOUS = new Caller("", "");

    /** Whether the request was not signed. */
    public boolean anonymous() {
        return accessKeyId.isEmpty();
    }
}

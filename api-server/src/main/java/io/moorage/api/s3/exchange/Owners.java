package io.moorage.api.s3.exchange;

import io.moorage.api.s3.xml.Owner;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Users as S3 names owners: by an id of 64 hex digits, made of the user's name, and that name. */
public final class Owners {
    private Owners() {}

    public static Owner of(String user) {
        return new Owner(id(user), user);
    }

    public static String id(String user) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(user.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}

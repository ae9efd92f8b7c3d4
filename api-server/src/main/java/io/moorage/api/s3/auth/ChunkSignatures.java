package io.moorage.api.s3.auth;

import io.moorage.api.s3.body.ChunkVerifier;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Signatures of chunks and trailers (Amazon S3 API reference, "Transferring payload in multiple chunks"). Not thread-safe. */
final class ChunkSignatures implements ChunkVerifier {
    private final byte[] signingKey;
    /** Timestamp and scope. */
    private final String context;

    private final MessageDigest digest = SignatureV4.newSha256();
    private String previous;

    /** @param seed the signature of the request itself */
    ChunkSignatures(byte[] signingKey, String timestamp, Scope scope, String seed) {
        this.signingKey = signingKey;
        this.context = timestamp + "\n" + scope + "\n";
        this.previous = seed;
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
        digest.update(bytes, offset, length);
    }

    @Override
    public void endOfChunk(String signature) {
        String hash = HexFormat.of().formatHex(digest.digest());
        verify(
                "AWS4-HMAC-SHA256-PAYLOAD\n" + context + previous + "\n" + SignatureV4.EMPTY_SHA256 + "\n" + hash,
                signature);
    }

    @Override
    public void trailers(String trailers, String signature) {
        String hash = HexFormat.of().formatHex(SignatureV4.sha256(trailers));
        verify("AWS4-HMAC-SHA256-TRAILER\n" + context + previous + "\n" + hash, signature);
    }

    private void verify(String stringToSign, String signature) {
        String expected = SignatureV4.sign(signingKey, stringToSign);
        if (!SignatureV4.same(expected, signature)) {
            throw new S3Exception(S3ErrorCode.SIGNATURE_DOES_NOT_MATCH)
                    .with("SignatureProvided", signature)
                    .with("StringToSign", stringToSign);
        }
        previous = expected;
    }
}

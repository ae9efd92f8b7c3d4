package io.moorage.api.s3.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.Headers;
import io.moorage.protocol.v1.Entry;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncryptionTest {
    private static final String OWN = CustomerKey.OWN;
    private static final byte[] KEY = new byte[32];
    private final Encryption without = new Encryption(ClusterKeys.NONE);
    private final Encryption with = new Encryption(keys("b " + base64(ObjectKey.drawn(32)), "a " + base64(KEY)));

    @ParameterizedTest
    @CsvSource({
        "aws:kms,   NOT_IMPLEMENTED",
        "aws:fsx,   NOT_IMPLEMENTED",
        "AES128,    INVALID_ENCRYPTION_ALGORITHM",
        "aes256,    INVALID_ENCRYPTION_ALGORITHM"
    })
    void onlyAes256IsTaken(String algorithm, S3ErrorCode code) {
        assertThat(refusal(with, Headers.of("x-amz-server-side-encryption", algorithm)))
                .isEqualTo(code);
    }

    @Test
    void nothingIsClaimedThatIsNotThere() {
        assertThat(refusal(without, Headers.of("x-amz-server-side-encryption", "AES256")))
                .isEqualTo(S3ErrorCode.NOT_IMPLEMENTED);
        assertThatThrownBy(() -> without.ofNew(Headers.of(), true)).hasMessageContaining("s3.encryption-keys-file");
        assertThat(refusal(with, Headers.of("x-amz-server-side-encryption-aws-kms-key-id", "k")))
                .isEqualTo(S3ErrorCode.NOT_IMPLEMENTED);
        assertThat(without.ofNew(Headers.of(), false)).isEmpty();
    }

    @Test
    void aCustomersKeyMustBeWhole() throws Exception {
        String key = base64(KEY);
        String md5 = md5(KEY);
        String short16 = base64(new byte[16]);
        assertThat(List.of(
                        refusal(with, Headers.of(OWN + "key", key, OWN + "key-MD5", md5)),
                        refusal(with, Headers.of(OWN + "algorithm", "AES256", OWN + "key-MD5", md5)),
                        refusal(with, Headers.of(OWN + "algorithm", "AES256", OWN + "key", key)),
                        refusal(with, customer(short16, md5(new byte[16]))),
                        refusal(with, customer("not base64!", md5)),
                        refusal(with, customer(key, md5(new byte[31]))),
                        refusal(with, customer(key, "?"))))
                .containsOnly(S3ErrorCode.INVALID_ARGUMENT);
        assertThat(refusal(with, Headers.of(OWN + "algorithm", "AES512", OWN + "key", key, OWN + "key-MD5", md5)))
                .isEqualTo(S3ErrorCode.INVALID_ENCRYPTION_ALGORITHM);
        assertThat(refusal(
                        with,
                        Headers.of(
                                OWN + "algorithm",
                                "AES256",
                                OWN + "key",
                                key,
                                OWN + "key-MD5",
                                md5,
                                "x-amz-server-side-encryption",
                                "AES256")))
                .isEqualTo(S3ErrorCode.INVALID_ARGUMENT);
        assertThat(with.ofNew(customer(key, md5), true).orElseThrow().headers())
                .containsEntry(OWN + "key-MD5", md5)
                .doesNotContainValue(key);
    }

    @Test
    void noErrorTellsTheKey() throws Exception {
        String secret = base64(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
        S3Exception refused =
                catchThrowableOfType(S3Exception.class, () -> with.ofNew(customer(secret, md5(KEY)), false));
        assertThat(refused.getMessage() + refused.elements()).doesNotContain(secret);
        assertThat(Encryption.customerKey(customer(base64(KEY), md5(KEY))).toString())
                .doesNotContain(base64(KEY));
        assertThatThrownBy(() -> ClusterKeys.parse(List.of("a " + secret), "file"))
                .hasMessageContaining("line 1")
                .message()
                .doesNotContain(secret);
    }

    @Test
    void whoeverHasTheKeyReads() throws Exception {
        Headers headers = customer(base64(KEY), md5(KEY));
        Optional<CustomerKey> right = Encryption.customerKey(headers);
        byte[] other = ObjectKey.drawn(32);
        Entry entry = entry(with.ofNew(headers, false).orElseThrow());
        assertThat(with.check(entry, right)).isPresent();
        assertThat(refusalOfRead(entry, Optional.empty())).isEqualTo(S3ErrorCode.INVALID_REQUEST);
        assertThat(refusalOfRead(entry, Encryption.customerKey(customer(base64(other), md5(other)))))
                .isEqualTo(S3ErrorCode.ACCESS_DENIED);
        assertThat(refusalOfRead(Entry.getDefaultInstance(), right)).isEqualTo(S3ErrorCode.INVALID_REQUEST);
        assertThat(refusalOfRead(entry.toBuilder().setSize(4711).build(), right))
                .isEqualTo(S3ErrorCode.INTERNAL_ERROR);
    }

    @Test
    void oldKeysOfTheClusterStillRead() {
        Encryption before = new Encryption(keys("a " + base64(KEY)));
        Entry entry = entry(before.ofNew(Headers.of(), true).orElseThrow());
        assertThat(with.check(entry, Optional.empty()).orElseThrow().keyId()).isEqualTo("a");
        assertThat(with.ofNew(Headers.of(), true).orElseThrow().content().keyId())
                .isEqualTo("b");
        assertThatThrownBy(() -> without.check(entry, Optional.empty())).hasMessageContaining("'a'");
        // Copied anew, it is wrapped by the new one.
        Optional<Seal> wanted = with.ofNew(Headers.of(), true);
        assertThat(with.keeps(with.check(entry, Optional.empty()), Headers.of(), wanted))
                .isFalse();
    }

    @Test
    void keysOfTheClusterAreReadFromLines() {
        assertThat(keys("# comment", "", "new " + base64(KEY), "old " + base64(ObjectKey.drawn(32)))
                        .current())
                .contains("new");
        for (String bad : List.of("a", "a b c", "a " + base64(new byte[16]), "a? " + base64(KEY), "")) {
            assertThatThrownBy(() -> keys(bad)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> keys("a " + base64(KEY), "a " + base64(KEY))).hasMessageContaining("another key");
    }

    private static Entry entry(Seal seal) {
        return Entry.newBuilder()
                .setSize(Seal.storedLength(100))
                .addAttributes(seal.attribute(List.of(100L)))
                .build();
    }

    private static ClusterKeys keys(String... lines) {
        return ClusterKeys.parse(List.of(lines), "file");
    }

    private static S3ErrorCode refusal(Encryption encryption, Headers headers) {
        return catchThrowableOfType(S3Exception.class, () -> encryption.ofNew(headers, false))
                .code();
    }

    private S3ErrorCode refusalOfRead(Entry entry, Optional<CustomerKey> key) {
        return catchThrowableOfType(S3Exception.class, () -> with.check(entry, key))
                .code();
    }

    private static Headers customer(String key, String md5) {
        return Headers.of(OWN + "algorithm", "AES256", OWN + "key", key, OWN + "key-MD5", md5);
    }

    private static String md5(byte[] octets) throws NoSuchAlgorithmException {
        return base64(MessageDigest.getInstance("MD5").digest(octets));
    }

    private static String base64(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }
}

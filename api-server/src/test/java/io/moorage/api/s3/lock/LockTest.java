package io.moorage.api.s3.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.Headers;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LockTest {
    private static final Instant NOW = Instant.parse("2024-01-01T00:00:00Z");

    private static Optional<Retention> retention(String mode, int days) {
        return mode.equals("-")
                ? Optional.empty()
                : Optional.of(new Retention(RetentionMode.valueOf(mode), NOW.plusSeconds(days * 86_400L)));
    }

    @ParameterizedTest
    @CsvSource({
        "-, 0, GOVERNANCE, 5, false, true",
        "GOVERNANCE, 5, GOVERNANCE, 6, false, true",
        "GOVERNANCE, 5, GOVERNANCE, 4, false, false",
        "GOVERNANCE, 5, GOVERNANCE, 4, true, true",
        "GOVERNANCE, 5, -, 0, false, false",
        "GOVERNANCE, 5, -, 0, true, true",
        "GOVERNANCE, 5, COMPLIANCE, 5, false, true",
        "GOVERNANCE, 5, COMPLIANCE, 4, false, false",
        "COMPLIANCE, 5, COMPLIANCE, 6, false, true",
        "COMPLIANCE, 5, COMPLIANCE, 4, true, false",
        "COMPLIANCE, 5, GOVERNANCE, 6, true, false",
        "COMPLIANCE, 5, -, 0, true, false",
        "COMPLIANCE, -1, -, 0, false, true",
    })
    void changesOfRetention(String mode, int days, String newMode, int newDays, boolean bypass, boolean allowed) {
        S3Exception thrown = catchThrowableOfType(
                S3Exception.class,
                () -> Retention.checkChange(retention(mode, days), retention(newMode, newDays), NOW, bypass));
        assertThat(thrown == null).isEqualTo(allowed);
        if (!allowed) {
            assertThat(thrown.code()).isEqualTo(S3ErrorCode.ACCESS_DENIED);
        }
    }

    @Test
    void headers() {
        ObjectLockHeaders all = ObjectLockHeaders.of(
                Headers.of(
                        "x-amz-object-lock-mode", "GOVERNANCE",
                        "x-amz-object-lock-retain-until-date", "2024-01-02T00:00:00Z",
                        "x-amz-object-lock-legal-hold", "ON"),
                NOW);
        assertThat(all.retention()).contains(new Retention(RetentionMode.GOVERNANCE, NOW.plusSeconds(86_400)));
        assertThat(all.legalHold()).contains(true);
        assertThat(ObjectLockHeaders.of(Headers.of(), NOW).present()).isFalse();
        for (Headers bad : new Headers[] {
            Headers.of("x-amz-object-lock-mode", "GOVERNANCE"),
            Headers.of("x-amz-object-lock-retain-until-date", "2024-01-02T00:00:00Z"),
            Headers.of("x-amz-object-lock-mode", "X", "x-amz-object-lock-retain-until-date", "2024-01-02T00:00:00Z"),
            Headers.of("x-amz-object-lock-mode", "GOVERNANCE", "x-amz-object-lock-retain-until-date", "soon"),
            Headers.of(
                    "x-amz-object-lock-mode",
                    "GOVERNANCE",
                    "x-amz-object-lock-retain-until-date",
                    "2024-01-01T00:00:00Z"),
            Headers.of("x-amz-object-lock-legal-hold", "yes"),
        }) {
            assertThat(catchThrowableOfType(S3Exception.class, () -> ObjectLockHeaders.of(bad, NOW))
                            .code())
                    .isEqualTo(S3ErrorCode.INVALID_ARGUMENT);
        }
    }

    @Test
    void defaultsBeginWithTheVersion() {
        assertThat(new ObjectLockConfiguration.DefaultRetention(
                                RetentionMode.COMPLIANCE, Optional.empty(), Optional.of(1))
                        .from(NOW))
                .isEqualTo(new Retention(RetentionMode.COMPLIANCE, NOW.plusSeconds(365 * 86_400L)));
        assertThat(new Retention(RetentionMode.GOVERNANCE, NOW).binds(NOW)).isFalse();
    }
}

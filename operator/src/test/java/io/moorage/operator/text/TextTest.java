package io.moorage.operator.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {
    @ParameterizedTest
    @CsvSource({"30s,PT30S", "1h30m,PT1H30M", "1.5h,PT1H30M", "500ms,PT0.5S", "0s,PT0S", "1h1ms,PT1H0.001S"})
    void durations(String text, Duration expected) {
        assertThat(Durations.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1d", "h", "1h x", "x1h", "-1h"})
    void notDurations(String text) {
        assertThatThrownBy(() -> Durations.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sizes() {
        assertThat(Sizes.show(0)).isEqualTo("0");
        assertThat(Sizes.show(1023)).isEqualTo("1023");
        assertThat(Sizes.show(1024)).isEqualTo("1Ki");
        assertThat(Sizes.show(3L << 29)).isEqualTo("1.5Gi");
        assertThat(Sizes.show(Long.MAX_VALUE)).isEqualTo("8Ei");
    }
}

package io.moorage.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRulesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a/b",
                "ä/ö ü+%",
                "...",
                "a..b",
                ".hidden",
                "日本/語",
                "😀",
                "a b",
                "-",
                "~",
                "\\",
                "a//b",
                "..",
                "a/../b",
                "./a",
                "a/.",
                "a\nb",
                "a\u007f",
                "a\u0001b"
            })
    void takesOrdinaryKeys(String key) {
        assertThat(KeyRules.file(key)).isEqualTo(Keys.utf8(key));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "a\u0000b", "\u0001a", "\ud800", "a/"})
    void refusesWhatOthersWouldMisread(String key) {
        assertThatThrownBy(() -> KeyRules.file(key)).isInstanceOf(Refusal.class).hasMessageMatching("(?s)key .*");
    }

    @Test
    void boundsTheLengthInBytes() {
        assertThat(KeyRules.file("ä".repeat(640))).hasSize(1280);
        assertThatThrownBy(() -> KeyRules.file("ä".repeat(640) + "x")).hasMessageContaining("1281 bytes");
    }

    @Test
    void directoriesEndWithASlash() {
        assertThat(KeyRules.directory("a/b/")).hasSize(4);
        assertThatThrownBy(() -> KeyRules.directory("a")).hasMessageContaining("must end with '/'");
    }

    @Test
    void messagesShowControlCharactersEscapedAndLongKeysShortened() {
        assertThat(KeyRules.show("a\nb")).isEqualTo("'a\\u000ab'");
        assertThat(KeyRules.show("x".repeat(2000))).hasSizeLessThan(100).endsWith("…'");
    }
}

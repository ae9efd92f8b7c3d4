package io.moorage.cli.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import java.net.URI;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemotePathTest {
    @Test
    void volumeAndKeyAreToldApartAtTheFirstColon() {
        assertThat(RemotePath.parse("photos:a/b")).isEqualTo(new RemotePath("photos", "a/b"));
        assertThat(RemotePath.parse("photos:a:b")).isEqualTo(new RemotePath("photos", "a:b"));
        assertThat(RemotePath.parse("photos:/a").key()).isEqualTo("a");
        assertThat(RemotePath.parseDirectory("photos")).isEqualTo(new RemotePath("photos", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"photos", "", ":a", "./a:b", "/a/b:c"})
    void whatIsNoPlaceIsNamedAndExplained(String text) {
        assertThatThrownBy(() -> RemotePath.parse(text))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining("write VOLUME:PATH");
    }

    @Test
    void directoriesEndWithASlashOrAreTheVolume() {
        assertThat(RemotePath.parse("photos:").isVolume()).isTrue();
        assertThat(RemotePath.parse("photos:").isDirectory()).isTrue();
        assertThat(RemotePath.parse("photos:a/").isDirectory()).isTrue();
        assertThat(RemotePath.parse("photos:a").isDirectory()).isFalse();
        assertThat(RemotePath.parse("photos:a").directory()).isEqualTo(RemotePath.parse("photos:a/"));
        assertThat(RemotePath.parse("photos:a/").child("b").key()).isEqualTo("a/b");
        assertThat(RemotePath.parse("photos:").child("b").key()).isEqualTo("b");
        assertThat(RemotePath.parse("photos:a/b/").name()).isEqualTo("b");
        assertThat(RemotePath.parse("photos:").name()).isEqualTo("photos");
    }

    @Test
    void addressesAreEncoded() {
        assertThat(RemotePath.parse("photos:a b+c").url()).isEqualTo("/storage/volumes/photos/files/a%20b%2Bc");
        assertThat(RemotePath.parse("photos:100%/ä?#").url())
                .isEqualTo("/storage/volumes/photos/files/100%25/%C3%A4%3F%23");
    }

    @Property
    void everyKeyComesBackFromItsAddress(@ForAll @NotEmpty String key) {
        net.jqwik.api.Assume.that(key.chars().noneMatch(c -> Character.isSurrogate((char) c)));
        String url = new RemotePath("v", key).url();
        assertThat(URI.create("http://h" + url).getPath()).isEqualTo("/storage/volumes/v/files/" + key);
    }
}

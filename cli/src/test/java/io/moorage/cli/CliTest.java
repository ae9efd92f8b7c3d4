package io.moorage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moorage.cli.cluster.LocalCluster;
import io.moorage.cli.cluster.ManagedProcess;
import io.moorage.cli.files.RemotePath;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CliTest {
    @TempDir
    Path directory;

    @Test
    void placesInVolumesAreParsed() {
        assertThat(RemotePath.parse("photos:a/b")).isEqualTo(new RemotePath("photos", "a/b"));
        assertThat(RemotePath.parse("photos:/a").key()).isEqualTo("a");
        assertThat(RemotePath.parse("photos:").isDirectory()).isTrue();
        assertThat(RemotePath.parse("photos:a b+c").url()).isEqualTo("/storage/volumes/photos/files/a%20b%2Bc");
        assertThat(RemotePath.parse("photos:a/").child("b").key()).isEqualTo("a/b");
        assertThatThrownBy(() -> RemotePath.parse("photos")).hasMessageContaining("write VOLUME:PATH");
    }

    @Test
    void sizesAreReadAndShown() {
        assertThat(Sizes.parse("10GiB")).isEqualTo(10L << 30);
        assertThat(Sizes.parse("1.5k")).isEqualTo(1536);
        assertThat(Sizes.show(1536)).isEqualTo("1.5 KiB");
        assertThatThrownBy(() -> Sizes.parse("lots")).hasMessageContaining("'lots' is not a size");
    }

    @Test
    void tableColumnsAreAsWideAsTheyMustBe() {
        assertThat(new Table().row("A", "B").row("long", 1).toString()).isEqualTo("A     B\nlong  1\n");
    }

    @Test
    void portsThatAreTakenAreNamedBeforeAnythingStarts() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            LocalCluster cluster = LocalCluster.create(directory.resolve("c"), 1, taken.getLocalPort(), 0, 64);
            assertThatThrownBy(() -> cluster.start(step -> {}))
                    .hasMessageContaining(taken.getLocalPort() + " for the API server");
            assertThat(cluster.api().handle()).isEmpty();
        }
    }

    @Test
    void directoryWithOtherThingsInItIsLeftAlone() throws Exception {
        Files.writeString(directory.resolve("thesis.txt"), "x");
        assertThatThrownBy(() -> LocalCluster.create(directory, 3, 8000, 0, 64))
                .hasMessageContaining("is not empty, and is not a cluster's");
    }

    @Test
    void pidThatAnotherProcessHasIsNotTakenForOurs() throws Exception {
        ManagedProcess process = new ManagedProcess("p", directory);
        process.start(List.of("sleep", "60"));
        assertThat(process.handle()).isPresent();
        Path pidFile = directory.resolve("p.pid");
        String content = Files.readString(pidFile);
        Files.writeString(pidFile, content.split(" ")[0] + " 2001-01-01T00:00:00Z\n");
        assertThat(process.handle()).isEmpty();
        Files.writeString(pidFile, content);
        process.signal("KILL");
        assertThat(process.awaitExit(10)).isTrue();
        assertThat(process.handle()).isEmpty();
    }

    @Test
    void commandsWithoutAClusterSayWhatToDo() {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true));
        try {
            int code = Moorage.commandLine()
                    .execute("status", "--data", directory.resolve("none").toString());
            assertThat(code).isEqualTo(Failure.NOT_FOUND);
            assertThat(said.toString()).contains("moorage up").doesNotContain("\tat ");
            assertThat(Moorage.commandLine().execute("volume", "ls", "--api", "http://127.0.0.1:1"))
                    .isEqualTo(Failure.UNAVAILABLE);
        } finally {
            System.setErr(before);
        }
    }
}

package io.moorage.node.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageDirectoryTest {
    @TempDir
    Path directory;

    @Test
    void incarnationStaysUntilTheDiskIsLost() throws Exception {
        String first;
        try (StorageDirectory opened = StorageDirectory.open(directory.resolve("a"), "n")) {
            first = opened.identity().id();
        }
        try (StorageDirectory again = StorageDirectory.open(directory.resolve("a"), "n")) {
            assertThat(again.identity().id()).isEqualTo(first);
        }
        try (StorageDirectory other = StorageDirectory.open(directory.resolve("b"), "n")) {
            assertThat(other.identity().id()).startsWith("n.").isNotEqualTo(first);
        }
    }

    @Test
    void oneOwnerAtATime() throws Exception {
        try (StorageDirectory owner = StorageDirectory.open(directory, "n")) {
            assertThatThrownBy(() -> StorageDirectory.open(directory, "n"))
                    .isInstanceOf(DirectoryException.class)
                    .hasMessageContaining("in use by another storage node");
            assertThat(owner.root()).isEqualTo(directory);
        }
    }

    @Test
    void othersDirectoriesAndVersionsAreRefused() throws Exception {
        StorageDirectory.open(directory.resolve("a"), "n").close();
        assertThatThrownBy(() -> StorageDirectory.open(directory.resolve("a"), "m"))
                .hasMessageContaining("belongs to node 'n'");
        Path file = directory.resolve("a/node.json");
        Files.writeString(
                file, Files.readString(file).replaceFirst("\"formatVersion\" : \\d+", "\"formatVersion\" : 9"));
        assertThatThrownBy(() -> StorageDirectory.open(directory.resolve("a"), "n"))
                .hasMessageContaining("format version 9");
        Files.createDirectories(directory.resolve("c"));
        Files.writeString(directory.resolve("c/photo.jpg"), "x");
        assertThatThrownBy(() -> StorageDirectory.open(directory.resolve("c"), "n"))
                .hasMessageContaining("no node.json");
    }
}

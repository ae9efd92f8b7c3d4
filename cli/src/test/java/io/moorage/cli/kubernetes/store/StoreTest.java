package io.moorage.cli.kubernetes.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
    private static final Key KEY = new Key("volumes.moorage.io", "default", "photos");

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("objects.log");
    }

    private static ObjectNode object(int number) {
        return JsonNodeFactory.instance.objectNode().put("number", number);
    }

    private void fill(int changes) throws IOException {
        try (Store store = Store.open(file())) {
            for (int i = 0; i < changes; i++) {
                store.put(KEY, object(i));
                store.force();
            }
        }
    }

    @Test
    void lineCutByACrashIsLeftOutAndTheOthersAreThere() throws IOException {
        fill(3);
        byte[] all = Files.readAllBytes(file());
        int whole = Files.readString(file()).substring(0, all.length - 1).lastIndexOf('\n') + 1;
        for (int length = whole; length < all.length; length++) {
            Files.write(file(), all);
            try (var channel = java.nio.channels.FileChannel.open(file(), StandardOpenOption.WRITE)) {
                channel.truncate(length);
            }
            try (Store store = Store.open(file())) {
                assertThat(store.get(KEY).orElseThrow().path("number").asInt()).isEqualTo(1);
                store.put(KEY, object(7));
            }
            try (Store store = Store.open(file())) {
                assertThat(store.get(KEY).orElseThrow().path("number").asInt()).isEqualTo(7);
            }
        }
    }

    @Test
    void damageInTheMiddleIsAnErrorThatNamesTheLine() throws IOException {
        fill(3);
        byte[] all = Files.readAllBytes(file());
        int second = Files.readString(file()).indexOf('\n') + 1;
        all[second + 30] ^= 1;
        Files.write(file(), all);
        assertThatThrownBy(() -> Store.open(file()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 2");
        assertThat(Files.readAllBytes(file())).as("it is left as it is").isEqualTo(all);
    }

    @Test
    void removedIsGoneAndVersionsOnlyGrow() throws IOException {
        long version;
        try (Store store = Store.open(file())) {
            store.put(KEY, object(1));
            store.remove(KEY);
            version = store.version();
        }
        try (Store store = Store.open(file())) {
            assertThat(store.get(KEY)).isEmpty();
            assertThat(store.version()).isEqualTo(version);
        }
    }

    @Test
    void aListenerThatIsTooFarBehindIsToldSo() throws IOException {
        try (Store store = Store.open(file())) {
            long old = store.version();
            for (int i = 0; i < Store.REMEMBERED; i++) {
                store.put(KEY, object(i));
            }
            List<Change> seen = new ArrayList<>();
            assertThat(store.listen(old, seen::add)).isTrue();
            assertThat(seen).hasSize(Store.REMEMBERED);
            store.put(KEY, object(-1));
            assertThat(seen).hasSize(Store.REMEMBERED + 1);
            assertThat(store.listen(old, change -> {})).isFalse();
        }
    }
}

package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.it.Distribution.Result;
import io.moorage.it.Distribution.Running;
import io.moorage.testing.FreePorts;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes of a cluster are killed with -9 while clients write, and what was acknowledged is looked for. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class KilledIT {
    private static final int WRITERS = 6;
    private static final int CLI_FILES = 600;
    private static final int BIG = 48 << 20;
    private static final int OLD = 1 << 20;

    @TempDir
    Path directory;

    private Distribution moorage;
    private RestClient rest;
    private final ExecutorService executor = Executors.newCachedThreadPool();

    @BeforeEach
    void up() throws Exception {
        moorage = new Distribution(directory);
        JsonNode cluster = moorage.run("up", "--port-base", "" + FreePorts.cluster(), "--volume", "kept", "--json")
                .succeeded()
                .json();
        rest = new RestClient(cluster.path("api").asText(), "kept");
    }

    @AfterEach
    void down() throws Exception {
        executor.shutdownNow();
        Result result = moorage.run("down", "--delete-data");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(moorage.data()).doesNotExist();
    }

    @Test
    void whatWasAcknowledgedIsThereAfterAllProcessesWereKilledAtOnce() throws Exception {
        Path source = tree();
        List<String> kill = kill();
        List<Writer> writers = new ArrayList<>();
        List<Future<?>> writing = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            Writer writer = new Writer(rest, "writer-" + i);
            writers.add(writer);
            writing.add(executor.submit(writer));
        }
        await().atMost(Duration.ofMinutes(2))
                .until(() -> writers.stream().allMatch(writer -> writer.acknowledged() >= 25));
        Running cli = moorage.start("put", "-r", source + "/.", "kept:cli/", "--timeout", "150s", "--json");
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> rest.count("cli/") >= 50);

        assertThat(new ProcessBuilder(kill).inheritIO().start().waitFor()).isZero();
        assertThat(cli.process().isAlive())
                .as("the upload was over before the kill: store more")
                .isTrue();
        moorage.run("up").succeeded();

        for (Future<?> writer : writing) {
            writer.get();
        }
        for (Writer writer : writers) {
            assertThat(writer.interrupted()).as("the kill did not meet a write").isPositive();
            writer.verify();
        }
        Result stored = cli.await().succeeded();
        assertThat(stored.json().path("files").asInt()).isEqualTo(CLI_FILES);
        moorage.run("get", "-r", "kept:cli/", directory.resolve("back").toString())
                .succeeded();
        for (int i = 0; i < CLI_FILES; i++) {
            String name = name(i);
            assertThat(Files.mismatch(
                            source.resolve(name), directory.resolve("back").resolve(name)))
                    .as(name)
                    .isEqualTo(-1);
        }
        moorage.run("status", "--wait", "90s").succeeded();
    }

    @Test
    void uploadDuringWhichTheLeaderIsKilledIsWholeOrNotThere() throws Exception {
        byte[] old = Content.of("old", OLD);
        assertThat(rest.put("big", old)).isEqualTo(201);
        byte[] content = Content.of("big", BIG);
        AtomicBoolean over = new AtomicBoolean();
        Future<?> watcher = executor.submit(() -> watch(over));

        Running put = moorage.start("put", "-", "kept:big", "--json");
        try (OutputStream input = put.process().getOutputStream()) {
            input.write(content, 0, BIG / 2);
            input.flush();
            String leader = leader();
            moorage.run("node", "stop", leader, "--signal", "KILL").succeeded();
            input.write(content, BIG / 2, BIG - BIG / 2);
        } catch (IOException e) {
            // It has given up already, and says why.
        }
        Result result = put.await();
        over.set(true);
        watcher.get();
        if (result.exitCode() == 0) {
            assertThat(rest.get("big")).isEqualTo(content);
        } else {
            assertThat(result.exitCode()).as(result.err()).isEqualTo(5);
            assertThat(result.err()).contains("standard input cannot be read a second time");
            assertThat(rest.get("big")).isIn(old, content);
        }

        // From a file it is repeated until it is done, with one node less.
        Path file = Files.write(directory.resolve("big"), content);
        moorage.run("put", file.toString(), "kept:big").succeeded();
        moorage.run("get", "kept:big", directory.resolve("back").toString()).succeeded();
        assertThat(Files.mismatch(file, directory.resolve("back"))).isEqualTo(-1);

        moorage.run("up").succeeded();
        moorage.run("status", "--wait", "90s").succeeded();
    }

    /** The file is the old one or the new one at any moment, and never anything else. */
    private Void watch(AtomicBoolean over) throws Exception {
        while (!over.get()) {
            long size = rest.size("big");
            // -1: nobody could say, for want of a leader.
            assertThat(size).isIn(-1L, (long) OLD, (long) BIG);
        }
        return null;
    }

    private String leader() throws Exception {
        JsonNode volume =
                moorage.run("volume", "show", "kept", "--json").succeeded().json();
        for (JsonNode replica : volume.path("status").path("replicas")) {
            if (replica.path("role").asText().equals("leader")) {
                return replica.path("node").asText();
            }
        }
        throw new AssertionError("no leader: " + volume);
    }

    /** The command that kills all processes of the cluster at once. */
    private List<String> kill() throws Exception {
        JsonNode status = moorage.run("status", "--json").json();
        List<String> command = new ArrayList<>(List.of("kill", "-9"));
        status.path("nodes").forEach(node -> command.add(node.path("pid").asText()));
        command.add(status.path("apiServer").path("pid").asText());
        command.add(status.path("supervisor").path("pid").asText());
        assertThat(command).hasSize(7).allMatch(argument -> argument.matches("kill|-9|\\d+"));
        return command;
    }

    private Path tree() throws IOException {
        Path source = directory.resolve("source");
        for (int i = 0; i < CLI_FILES; i++) {
            Path file = source.resolve(name(i));
            Files.createDirectories(file.getParent());
            Files.write(file, Content.of(name(i), i % 50 == 0 ? 3 << 20 : 10_000 + 100 * i));
        }
        return source;
    }

    private static String name(int i) {
        return "dir-" + i % 7 + "/file-" + i;
    }
}

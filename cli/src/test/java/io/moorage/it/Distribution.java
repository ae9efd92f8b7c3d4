package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The `./moorage` that was built, with a cluster of its own: real processes. Thread-safe. */
final class Distribution {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MINUTES = 4;

    /** What a command said, and how it ended. */
    record Result(int exitCode, String out, String err) {
        JsonNode json() throws IOException {
            return JSON.readTree(out);
        }

        Result succeeded() {
            assertThat(exitCode).as(out + err).isZero();
            return this;
        }
    }

    /** One that runs. Its standard input can be written to. */
    record Running(Process process, Path out, Path err) {
        Result await() throws Exception {
            boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
            if (!ended) {
                process.destroy();
                process.waitFor(30, TimeUnit.SECONDS);
            }
            String said = Files.readString(err);
            assertThat(ended).as(said).isTrue();
            return new Result(process.exitValue(), Files.readString(out), said);
        }
    }

    private final Path directory;
    private final AtomicInteger commands = new AtomicInteger();

    Distribution(Path directory) {
        this.directory = directory;
    }

    Path data() {
        return directory.resolve("cluster");
    }

    Running start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", "../moorage"));
        command.addAll(List.of(arguments));
        int number = commands.incrementAndGet();
        Path out = directory.resolve("command-" + number + ".out");
        Path err = directory.resolve("command-" + number + ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment());
        builder.environment().put("MOORAGE_DATA", data().toString());
        builder.environment().remove("MOORAGE_API");
        return new Running(builder.start(), out, err);
    }

    Result run(String... arguments) throws Exception {
        Running running = start(arguments);
        running.process().getOutputStream().close();
        return running.await();
    }

    /** What was built just now, on the Java that runs this test. */
    static Map<String, String> environment() {
        return Map.of(
                "MOORAGE_NO_BUILD",
                "1",
                "MOORAGE_JAVA",
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
    }
}

package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Three storage nodes and an API server as processes, by the command that users start them with. */
final class ProcessCluster implements AutoCloseable {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private final Path directory;
    private final int portBase;
    private final List<Process> others = new ArrayList<>();

    ProcessCluster(Path directory) throws Exception {
        this.directory = directory;
        this.portBase = FreePorts.cluster();
        moorage("up", "--port-base", Integer.toString(portBase));
    }

    /** Runs the command line. */
    void moorage(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash", "../moorage"));
        command.addAll(List.of(arguments));
        Path log = Files.createTempFile(directory.getParent(), "moorage", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("MOORAGE_DATA", directory.toString());
        builder.environment().put("MOORAGE_NO_BUILD", "1");
        builder.environment().put("MOORAGE_JAVA", JAVA.toString());
        Process process = builder.start();
        boolean ended = process.waitFor(3, TimeUnit.MINUTES);
        if (!ended) {
            process.destroyForcibly();
        }
        String output = Files.readString(log);
        assertThat(ended).as(output).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    List<String> serviceAddresses() {
        List<String> addresses = new ArrayList<>();
        for (int node = 0; node < 3; node++) {
            addresses.add("127.0.0.1:" + (portBase + 10 + node));
        }
        return addresses;
    }

    /** Of a node. */
    ProcessHandle process(String name) throws IOException {
        String pid = Files.readString(directory.resolve("run").resolve(name + ".pid"))
                .split("\\s")[0];
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    /** Another API server with this heap; its URL is at {@link #otherApiUrl}. */
    Process startApi(int heapMiB) throws IOException {
        Path config = directory.resolve("other-api.yaml");
        String yaml = """
                server: {host: 127.0.0.1, port: %d}
                metrics: {host: 127.0.0.1, port: %d}
                kubernetes: {cluster: local, namespace: default, server: 'http://127.0.0.1:%d'}
                """.formatted(portBase + 5, portBase + 6, portBase + 2);
        Files.writeString(config, yaml);
        Process process = new ProcessBuilder(
                        JAVA.toString(),
                        "-Xmx" + heapMiB + "m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        "target/moorage/lib/*",
                        "io.moorage.api.ApiServerMain",
                        config.toString())
                .redirectErrorStream(true)
                .redirectOutput(
                        directory.resolve("run").resolve("other-api.log").toFile())
                .start();
        others.add(process);
        return process;
    }

    String otherApiUrl() {
        return "http://127.0.0.1:" + (portBase + 5);
    }

    @Override
    public void close() throws Exception {
        others.forEach(Process::destroyForcibly);
        moorage("down", "--delete-data");
    }
}

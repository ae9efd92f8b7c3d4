package io.moorage.cli.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The configuration files and command lines of a local cluster's processes. */
final class Launch {
    private static final int FIRST_JDK_THAT_ASKS_FOR_NATIVE_ACCESS = 24;

    private Launch() {}

    static List<String> node(Path directory, ClusterFile cluster, int node) throws IOException {
        String name = ClusterFile.nodeName(node);
        String yaml = """
                node:
                  name: %s
                storage:
                  directory: "%s"
                network:
                  host: 127.0.0.1
                  bind: 127.0.0.1
                  service-port: %d
                  raft-port: %d
                  metrics-port: %d
                """.formatted(
                        name,
                        directory.resolve("data").resolve(name),
                        cluster.servicePort(node),
                        cluster.raftPort(node),
                        cluster.nodeMetricsPort(node));
        return java(cluster, "io.moorage.node.StorageNodeMain", write(directory, name, yaml));
    }

    static List<String> api(Path directory, ClusterFile cluster) throws IOException {
        StringBuilder yaml = new StringBuilder("""
                server:
                  host: 127.0.0.1
                  port: %d
                metrics:
                  host: 127.0.0.1
                  port: %d
                nodes:
                """.formatted(cluster.apiPort(), cluster.apiMetricsPort()));
        cluster.serviceAddresses()
                .forEach(address -> yaml.append("  - ").append(address).append('\n'));
        return java(cluster, "io.moorage.api.ApiServerMain", write(directory, "api", yaml.toString()));
    }

    private static Path write(Path directory, String name, String yaml) throws IOException {
        Path file = directory.resolve("config").resolve(name + ".yaml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, yaml);
        return file;
    }

    private static List<String> java(ClusterFile cluster, String main, Path config) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + cluster.heapMiB() + "m");
        command.add("-XX:MaxDirectMemorySize=" + cluster.heapMiB() / 2 + "m");
        // Five processes on a laptop: collectors with threads of their own would only be in each other's way.
        command.add("-XX:+UseSerialGC");
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-Dnetworkaddress.cache.ttl=10");
        if (Runtime.version().feature() >= FIRST_JDK_THAT_ASKS_FOR_NATIVE_ACCESS) {
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main);
        command.add(config.toString());
        return command;
    }
}

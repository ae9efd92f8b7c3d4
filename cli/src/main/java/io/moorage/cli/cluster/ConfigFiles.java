package io.moorage.cli.cluster;

import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The configuration files of a local cluster's processes, written anew at each start. All of them listen on this machine only. */
final class ConfigFiles {
    private static final String HOST = "127.0.0.1";
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build();

    private ConfigFiles() {}

    /** What `StorageNodeMain` reads. */
    static Path writeNode(Path directory, ClusterFile cluster, int node) throws IOException {
        String name = ClusterFile.nodeName(node);
        Path data = directory.resolve("data").resolve(name);
        return write(
                directory,
                name,
                ordered(
                        "node", ordered("name", name),
                        "storage", ordered("directory", data.toString()),
                        "network",
                                ordered(
                                        "host", HOST,
                                        "bind", HOST,
                                        "service-port", cluster.servicePort(node),
                                        "raft-port", cluster.raftPort(node),
                                        "metrics-port", cluster.nodeMetricsPort(node))));
    }

    /** What `ApiServerMain` reads. */
    static Path writeApi(Path directory, ClusterFile cluster) throws IOException {
        return write(
                directory,
                LocalCluster.API,
                ordered(
                        "server", ordered("host", HOST, "port", cluster.apiPort()),
                        "s3", ordered("host", HOST, "port", cluster.s3Port()),
                        "metrics", ordered("host", HOST, "port", cluster.apiMetricsPort()),
                        "nodes", cluster.serviceAddresses()));
    }

    private static Path write(Path directory, String name, Map<String, Object> content) throws IOException {
        Path file = directory.resolve("config").resolve(name + ".yaml");
        WholeFile.write(file, YAML.writeValueAsString(content));
        return file;
    }

    private static Map<String, Object> ordered(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}

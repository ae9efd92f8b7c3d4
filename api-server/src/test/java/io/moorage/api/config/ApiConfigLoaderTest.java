package io.moorage.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiConfigLoaderTest {
    @TempDir
    Path directory;

    @Test
    void clusterIsTakenFromTheFileAndNamespaceFromTheEnvironment() throws Exception {
        ApiConfig config = load(
                "kubernetes: {cluster: main, server: 'http://127.0.0.1:1234'}",
                Map.of("MOORAGE_KUBERNETES_NAMESPACE", "storage"));
        assertThat(config.kubernetes()).isEqualTo(new ApiConfig.Kubernetes("main", "storage", "http://127.0.0.1:1234"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                  | kubernetes.cluster is missing",
                "{nodes: ['a:1'], kubernetes: {cluster: c}}          | key 'nodes' is not known",
                "{kubernetes: {namespace: n}}                        | kubernetes.cluster is missing",
                "{kubernetes: {cluster: Not_A_Name}}                 | kubernetes.cluster 'Not_A_Name' must be",
                "{kubernetes: {cluster: c, namespace: 'a/b'}}        | kubernetes.namespace 'a/b' must be",
                "{kubernetes: {cluster: c, server: 'ftp://x'}}       | kubernetes.server 'ftp://x' must be a URL",
                "{kubernetes: {cluster: c, token: x}}                | key 'kubernetes.token' is not known"
            })
    void whatDoesNotFitIsRefusedByName(String yaml, String message) {
        assertThatThrownBy(() -> load(yaml, Map.of()))
                .isInstanceOf(ApiConfigLoader.ConfigException.class)
                .hasMessageContaining(message);
    }

    private ApiConfig load(String yaml, Map<String, String> environment) throws Exception {
        return ApiConfigLoader.load(Files.writeString(directory.resolve("api.yaml"), yaml), environment);
    }
}

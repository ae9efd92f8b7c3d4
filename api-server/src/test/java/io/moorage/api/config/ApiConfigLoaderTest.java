package io.moorage.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    @Test
    void networksOfWebhooksAreAListInAnyForm() throws Exception {
        List<String> networks = List.of("10.0.0.0/8", "::1");
        String cluster = "kubernetes: {cluster: c}, ";
        assertThat(load("{" + cluster + "webhooks: {allow: ['10.0.0.0/8', '::1']}}", Map.of())
                        .webhooks()
                        .allow())
                .isEqualTo(networks);
        assertThat(load("{" + cluster + "webhooks: {allow: '10.0.0.0/8, ::1'}}", Map.of())
                        .webhooks()
                        .allow())
                .isEqualTo(networks);
        assertThat(load("kubernetes: {cluster: c}", Map.of("MOORAGE_WEBHOOKS_ALLOW", "10.0.0.0/8,::1"))
                        .webhooks()
                        .allow())
                .isEqualTo(networks);
        assertThatThrownBy(() -> load("{" + cluster + "webhooks: {allow: [localhost, 10.0.0.0/33]}}", Map.of()))
                .hasMessageContaining("'localhost' must be an address or a network")
                .hasMessageContaining("'10.0.0.0/33'");
    }

    private ApiConfig load(String yaml, Map<String, String> environment) throws Exception {
        return ApiConfigLoader.load(Files.writeString(directory.resolve("api.yaml"), yaml), environment);
    }
}

package io.moorage.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ListMetaBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionListBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient
class ApplyDefinitionsMainTest {
    private static final String PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    KubernetesMockServer server;
    KubernetesClient client;

    @Test
    void allAreAppliedByOneFieldManagerThatWins() throws InterruptedException {
        Definitions.all().forEach(definition -> answers(definition, "True"));
        assertThat(ApplyDefinitionsMain.run(client, Duration.ofSeconds(20))).isZero();
        assertThat(patches())
                .hasSize(5)
                .allMatch(path -> path.contains("fieldManager=" + Definitions.FIELD_MANAGER))
                .allMatch(path -> path.contains("force=true"))
                .anyMatch(path -> path.startsWith(PATH + "/storageclusters.moorage.io?"));
    }

    @Test
    void whatIsNotServedInTimeFails() {
        Definitions.all().forEach(definition -> answers(definition, "False"));
        assertThat(ApplyDefinitionsMain.run(client, Duration.ofMillis(200))).isOne();
    }

    @Test
    void whatIsForbiddenFails() {
        server.expect()
                .patch()
                .withPath(patchPath(Definitions.all().get(0)))
                .andReturn(
                        403,
                        new StatusBuilder()
                                .withCode(403)
                                .withMessage("not allowed")
                                .build())
                .always();
        assertThat(ApplyDefinitionsMain.run(client, Duration.ofSeconds(5))).isOne();
    }

    private void answers(CustomResourceDefinition definition, String established) {
        String name = definition.getMetadata().getName();
        CustomResourceDefinition served = new CustomResourceDefinitionBuilder(definition)
                .withNewStatus()
                .addNewCondition()
                .withType("Established")
                .withStatus(established)
                .endCondition()
                .endStatus()
                .build();
        server.expect()
                .patch()
                .withPath(patchPath(definition))
                .andReturn(200, served)
                .always();
        server.expect()
                .get()
                .withPath(PATH + "?fieldSelector=metadata.name%3D" + name)
                .andReturn(
                        200,
                        new CustomResourceDefinitionListBuilder()
                                .withMetadata(new ListMetaBuilder()
                                        .withResourceVersion("1")
                                        .build())
                                .withItems(served)
                                .build())
                .always();
        server.expect()
                .get()
                .withPath(PATH + "?allowWatchBookmarks=true&fieldSelector=metadata.name%3D" + name
                        + "&resourceVersion=1&timeoutSeconds=600&watch=true")
                .andUpgradeToWebSocket()
                .open()
                .done()
                .always();
    }

    private static String patchPath(CustomResourceDefinition definition) {
        return PATH + "/" + definition.getMetadata().getName() + "?fieldManager=" + Definitions.FIELD_MANAGER
                + "&force=true";
    }

    private List<String> patches() throws InterruptedException {
        List<String> paths = new ArrayList<>();
        for (RecordedRequest next = server.takeRequest(1, TimeUnit.SECONDS);
                next != null;
                next = server.takeRequest(0, TimeUnit.SECONDS)) {
            if ("PATCH".equals(next.getMethod())) {
                paths.add(next.getPath());
            }
        }
        return paths;
    }
}

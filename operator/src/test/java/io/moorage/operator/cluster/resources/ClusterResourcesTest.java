package io.moorage.operator.cluster.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.StorageClusterSpecBuilder;
import io.moorage.operator.naming.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The objects of a cluster are those in the approved files. */
class ClusterResourcesTest {
    private static final Path APPROVED = Path.of("src/test/resources/cluster-resources");
    private static final String REFRESH =
            "./mvnw -q -pl operator -am test -Dtest=ClusterResourcesTest -Dmoorage.refresh=true"
                    + " -Dsurefire.failIfNoSpecifiedTests=false";
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES, YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
            .build();

    @Test
    void ofTheSmallestCluster() throws IOException {
        check("minimal-objects.yaml", ClusterResources.of(Examples.minimal(), Examples.LEAST));
    }

    @Test
    void ofAClusterWithEverything() throws IOException {
        check("full-objects.yaml", ClusterResources.of(Examples.full(), Examples.MOST));
    }

    @Test
    void isTheSameEveryTime() {
        assertThat(ClusterResources.of(Examples.full(), Examples.MOST))
                .isEqualTo(ClusterResources.of(Examples.full(), Examples.MOST));
    }

    @Test
    void everyObjectIsTheClustersAndLabelled() {
        StorageCluster cluster = Examples.full();
        ClusterResources resources = ClusterResources.of(cluster, Examples.MOST);
        assertThat(resources.wanted()).allSatisfy(object -> {
            assertThat(object.getMetadata().getNamespace()).isEqualTo("files");
            assertThat(object.getMetadata().getLabels()).containsEntry(Names.CLUSTER_LABEL, "main");
            assertThat(object.getMetadata().getOwnerReferences())
                    .singleElement()
                    .satisfies(owner -> {
                        assertThat(owner.getUid())
                                .isEqualTo(cluster.getMetadata().getUid());
                        assertThat(owner.getController()).isTrue();
                        assertThat(owner.getBlockOwnerDeletion()).isTrue();
                    });
        });
    }

    @Test
    void claimsHaveNoOwnerThatWouldTakeThemAlong() {
        StatefulSet nodes = Examples.find(ClusterResources.of(Examples.minimal(), Examples.LEAST), StatefulSet.class);
        assertThat(nodes.getSpec().getVolumeClaimTemplates())
                .singleElement()
                .satisfies(claim ->
                        assertThat(claim.getMetadata().getOwnerReferences()).isEmpty());
        assertThat(nodes.getSpec().getPersistentVolumeClaimRetentionPolicy().getWhenDeleted())
                .isEqualTo("Retain");
    }

    @Test
    void otherConfigurationIsAnotherPodTemplateAndOtherNodesAreNot() {
        StorageCluster cluster = Examples.minimal();
        StatefulSet before = NodesStatefulSet.desired(cluster, Examples.LEAST);
        cluster.setSpec(StorageClusterSpecBuilder.builder(cluster.getSpec())
                .config(Map.of("raft.election-timeout", "3s"))
                .build());
        assertThat(hash(NodesStatefulSet.desired(cluster, Examples.LEAST))).isNotEqualTo(hash(before));

        StorageCluster more = Examples.minimal();
        more.setSpec(StorageClusterSpecBuilder.builder(more.getSpec()).nodes(7).build());
        ResourceInputs seven =
                new ResourceInputs("moorage:test", 7, Examples.LEAST.operatorNamespace(), false, List.of());
        assertThat(NodesStatefulSet.desired(more, seven).getSpec().getTemplate())
                .isEqualTo(before.getSpec().getTemplate());
    }

    @Test
    void apiServersMayReadTheSecretsThatAreNamedAndNoOthers() {
        List<PolicyRule> without = secretRules(ApiAccess.role(Examples.minimal(), List.of()));
        assertThat(without).isEmpty();
        assertThat(secretRules(ApiAccess.role(Examples.minimal(), List.of("one"))))
                .singleElement()
                .satisfies(rule -> {
                    assertThat(rule.getVerbs()).containsExactly("get");
                    assertThat(rule.getResourceNames()).containsExactly("one");
                });
    }

    @Test
    void aKeyThatIsAlsoASectionIsRefused() {
        StorageCluster cluster = Examples.minimal();
        cluster.setSpec(StorageClusterSpecBuilder.builder(cluster.getSpec())
                .config(Map.of("raft", "x", "raft.election-timeout", "3s"))
                .build());
        assertThatThrownBy(() -> ClusterResources.of(cluster, Examples.LEAST))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo("InvalidConfig"))
                .hasMessageContaining("spec.config")
                .hasMessageContaining("raft.election-timeout");
    }

    private static List<PolicyRule> secretRules(Role role) {
        return role.getRules().stream()
                .filter(rule -> rule.getResources().contains("secrets"))
                .toList();
    }

    private static String hash(StatefulSet set) {
        return set.getSpec().getTemplate().getMetadata().getAnnotations().get(NodesStatefulSet.CONFIG_HASH);
    }

    private static void check(String file, ClusterResources resources) throws IOException {
        StringBuilder text = new StringBuilder();
        for (HasMetadata object : resources.wanted()) {
            text.append(yaml(object));
        }
        for (HasMetadata object : resources.unwanted()) {
            text.append("---\n# unwanted: ")
                    .append(object.getKind())
                    .append(' ')
                    .append(object.getMetadata().getName())
                    .append('\n');
        }
        Path approved = APPROVED.resolve(file);
        if (Boolean.getBoolean("moorage.refresh")) {
            Files.writeString(approved, text);
        }
        assertThat(text.toString())
                .as("%s; if the change is meant, run %s", file, REFRESH)
                .isEqualTo(Files.readString(approved));
    }

    private static String yaml(HasMetadata object) throws IOException {
        ObjectMapper json = new ObjectMapper();
        return YAML.writeValueAsString(json.readValue(Serialization.asJson(object), Map.class));
    }
}

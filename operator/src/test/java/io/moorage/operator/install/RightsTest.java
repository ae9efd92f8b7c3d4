package io.moorage.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.operator.cluster.resources.ApiAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rights that the chart gives to the operator. */
class RightsTest {
    private static final List<String> TOO_MUCH = List.of("*", "escalate", "bind", "impersonate", "deletecollection");

    @Test
    void theOperatorHoldsWhatItGrantsToApiServers() throws IOException {
        StorageCluster cluster = new StorageCluster();
        cluster.setMetadata(new ObjectMetaBuilder()
                .withName("main")
                .withNamespace("storage")
                .withUid("0")
                .build());
        List<PolicyRule> held = rules("moorage.rights");
        for (PolicyRule granted : ApiAccess.role(cluster, List.of("app")).getRules()) {
            for (String group : granted.getApiGroups()) {
                for (String resource : granted.getResources()) {
                    for (String verb : granted.getVerbs()) {
                        assertThat(held)
                                .as(
                                        "%s %s of group '%s': Kubernetes lets nobody grant what they do not hold",
                                        verb, resource, group)
                                .anyMatch(rule -> rule.getApiGroups().contains(group)
                                        && rule.getResources().contains(resource)
                                        && rule.getVerbs().contains(verb));
                    }
                }
            }
        }
    }

    @Test
    void noRuleIsAboutEverything() throws IOException {
        for (String name : List.of("moorage.rights", "moorage.clusterRights")) {
            assertThat(rules(name)).isNotEmpty().allSatisfy(rule -> {
                assertThat(rule.getVerbs()).doesNotContainAnyElementsOf(TOO_MUCH);
                assertThat(rule.getResources()).doesNotContain("*");
                assertThat(rule.getApiGroups()).doesNotContain("*");
            });
        }
    }

    @Test
    void whatBelongsToNoNamespaceIsOnlyRead() throws IOException {
        assertThat(rules("moorage.clusterRights"))
                .allSatisfy(rule -> assertThat(rule.getVerbs()).isSubsetOf("get", "list", "watch"));
    }

    private static List<PolicyRule> rules(String definition) throws IOException {
        String templates = Files.readString(ChartTest.CHART.resolve("templates/_rights.tpl"));
        String begin = "{{- define \"" + definition + "\" -}}";
        int from = templates.indexOf(begin) + begin.length();
        return new YAMLMapper()
                .readValue(templates.substring(from, templates.indexOf("{{- end -}}", from)), new TypeReference<>() {});
    }
}

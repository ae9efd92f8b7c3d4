package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.operator.naming.Names;
import java.util.ArrayList;
import java.util.List;

/**
 * What the API servers may do in Kubernetes: in their own namespace read our resources, change Volumes and their own cluster, and
 * read the Secrets of the cluster's users, by name.
 */
public final class ApiAccess {
    private static final String CLUSTERS = "storageclusters";
    private static final String RBAC = "rbac.authorization.k8s.io";

    private ApiAccess() {}

    public static ServiceAccount account(StorageCluster cluster) {
        return new ServiceAccountBuilder()
                .withMetadata(Metadata.of(cluster, Names.API_SERVER, Names.api(cluster)))
                // Pods that want a token say so.
                .withAutomountServiceAccountToken(false)
                .build();
    }

    /** @param userSecrets names of the Secrets that may be read */
    public static Role role(StorageCluster cluster, List<String> userSecrets) {
        List<PolicyRule> rules = new ArrayList<>();
        rules.add(rule(List.of(CLUSTERS, "volumes", "snapshots", "storageusers"), List.of("get", "list", "watch"))
                .build());
        rules.add(rule(List.of("volumes"), List.of("create", "update", "patch", "delete"))
                .build());
        rules.add(rule(List.of(CLUSTERS), List.of("update", "patch"))
                .withResourceNames(cluster.getMetadata().getName())
                .build());
        // A rule without names would be about all Secrets.
        if (!userSecrets.isEmpty()) {
            rules.add(new PolicyRuleBuilder()
                    .withApiGroups("")
                    .withResources("secrets")
                    .withVerbs("get")
                    .withResourceNames(userSecrets)
                    .build());
        }
        return new RoleBuilder()
                .withMetadata(Metadata.of(cluster, Names.API_SERVER, Names.api(cluster)))
                .withRules(rules)
                .build();
    }

    public static RoleBinding binding(StorageCluster cluster) {
        return new RoleBindingBuilder()
                .withMetadata(Metadata.of(cluster, Names.API_SERVER, Names.api(cluster)))
                .withNewRoleRef(RBAC, "Role", Names.api(cluster))
                .addNewSubject()
                .withKind("ServiceAccount")
                .withName(Names.api(cluster))
                .withNamespace(cluster.getMetadata().getNamespace())
                .endSubject()
                .build();
    }

    private static PolicyRuleBuilder rule(List<String> resources, List<String> verbs) {
        return new PolicyRuleBuilder()
                .withApiGroups(Moorage.GROUP)
                .withResources(resources)
                .withVerbs(verbs);
    }
}

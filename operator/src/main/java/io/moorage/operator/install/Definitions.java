package io.moorage.operator.install;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.moorage.crds.v1alpha1.Moorage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The definitions of the custom resources, as this version of the operator was built with them. */
final class Definitions {
    /** Owner of the fields, so that what a former version had set and this one has not is taken away. */
    static final String FIELD_MANAGER = "moorage-definitions";

    private Definitions() {}

    /** In the order in which they are applied. */
    static List<CustomResourceDefinition> all() {
        return Moorage.resources().stream().map(Definitions::read).toList();
    }

    /**
     * Makes the definition what this version says, whoever made it before, and waits until the API server serves it.
     *
     * @throws KubernetesClientTimeoutException when it is not served in time
     */
    static void apply(KubernetesClient client, CustomResourceDefinition definition, Duration wait) {
        var resource = client.apiextensions().v1().customResourceDefinitions().resource(definition);
        resource.fieldManager(FIELD_MANAGER).forceConflicts().serverSideApply();
        client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(definition.getMetadata().getName())
                .waitUntilCondition(Definitions::isServed, wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether the API server has accepted the names and answers requests for the resource. */
    static boolean isServed(CustomResourceDefinition definition) {
        return definition != null
                && definition.getStatus() != null
                && definition.getStatus().getConditions() != null
                && definition.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                "Established".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    private static CustomResourceDefinition read(Class<? extends CustomResource<?, ?>> type) {
        String file = Moorage.DEFINITIONS + CustomResource.getCRDName(type) + ".yaml";
        try (InputStream in = Moorage.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is not in the jar of the custom resources");
            }
            return Serialization.unmarshal(in, CustomResourceDefinition.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

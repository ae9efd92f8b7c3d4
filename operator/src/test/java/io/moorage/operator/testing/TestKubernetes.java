package io.moorage.operator.testing;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.GroupStatus;
import io.moorage.crds.v1alpha1.cluster.GroupStatusBuilder;
import io.moorage.crds.v1alpha1.cluster.StorageClusterSpecBuilder;
import io.moorage.crds.v1alpha1.cluster.StorageClusterStatusBuilder;
import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A Kubernetes API with a namespace of its own: the mock server, or, with -Dmoorage.test.kubeconfig=FILE, a real one that has the
 * custom resource definitions.
 */
public final class TestKubernetes implements AutoCloseable {
    private static final String KUBECONFIG = System.getProperty("moorage.test.kubeconfig");

    /** Held, because loggers that nobody holds forget their level. */
    private static final Logger REQUESTS = Logger.getLogger("io.fabric8.mockwebserver");

    static {
        REQUESTS.setLevel(Level.WARNING);
    }

    private final ApplyDispatcher dispatcher;
    private final KubernetesMockServer server;
    private final KubernetesClient client;
    private final String namespace;
    private Operator operator;

    public TestKubernetes() {
        if (KUBECONFIG == null) {
            List<CustomResourceDefinitionContext> contexts = new ArrayList<>();
            Moorage.resources()
                    .forEach(type -> contexts.add(CustomResourceDefinitionContext.fromCustomResourceType(type)));
            dispatcher = new ApplyDispatcher(contexts);
            server = ApplyDispatcher.server(dispatcher);
            server.init();
            client = server.createClient();
            namespace = "test";
        } else {
            dispatcher = null;
            server = null;
            Config config = Config.fromKubeconfig(new File(KUBECONFIG));
            client = new KubernetesClientBuilder().withConfig(config).build();
            namespace = "moorage-test-" + UUID.randomUUID().toString().substring(0, 8);
            client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(namespace)
                            .endMetadata()
                            .build())
                    .create();
        }
    }

    public static boolean isReal() {
        return KUBECONFIG != null;
    }

    /** Runs the reconcilers as the operator does. */
    public void run(Reconciler<?>... reconcilers) {
        operator = new Operator(overrider -> overrider
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .checkingCRDAndValidateLocalModel(false)
                .withReconciliationTerminationTimeout(Duration.ofSeconds(5)));
        for (Reconciler<?> reconciler : reconcilers) {
            register(reconciler);
        }
        operator.start();
    }

    private <P extends HasMetadata> void register(Reconciler<P> reconciler) {
        operator.register(reconciler, config -> config.settingNamespace(namespace));
    }

    public void stopOperator() {
        if (operator != null) {
            operator.stop();
            operator = null;
        }
    }

    public KubernetesClient client() {
        return client;
    }

    public String namespace() {
        return namespace;
    }

    /** Requests that wrote something; only the mock server counts. */
    public int writes() {
        return dispatcher.writes();
    }

    /** The last of them. */
    public List<String> lastWrites() {
        return dispatcher.lastWrites();
    }

    public <T extends HasMetadata> T create(T resource) {
        resource.getMetadata().setNamespace(namespace);
        return client.resource(resource).create();
    }

    public <T extends HasMetadata> T get(Class<T> type, String name) {
        return client.resources(type).inNamespace(namespace).withName(name).get();
    }

    public <T extends HasMetadata> void delete(Class<T> type, String name) {
        client.resources(type).inNamespace(namespace).withName(name).delete();
    }

    /** A cluster with these groups in its status. */
    public StorageCluster cluster(String name, int nodes, GroupStatus... groups) {
        StorageCluster cluster = new StorageCluster();
        cluster.setMetadata(new ObjectMetaBuilder().withName(name).build());
        cluster.setSpec(StorageClusterSpecBuilder.builder().nodes(nodes).build());
        create(cluster);
        return groups(name, groups);
    }

    /** Changes which groups a cluster says that it has. */
    public StorageCluster groups(String name, GroupStatus... groups) {
        return client.resources(StorageCluster.class)
                .inNamespace(namespace)
                .withName(name)
                .editStatus(cluster -> {
                    cluster.setStatus(StorageClusterStatusBuilder.builder()
                            .groups(List.of(groups))
                            .build());
                    return cluster;
                });
    }

    public static GroupStatus group(Object id, int replicas) {
        return GroupStatusBuilder.builder().id(id.toString()).replicas(replicas).build();
    }

    public static Optional<Condition> condition(List<Condition> conditions, String type) {
        return conditions.stream().filter(one -> one.getType().equals(type)).findFirst();
    }

    /** "True Reason" of a condition; "" if there is none. */
    public static String show(List<Condition> conditions, String type) {
        return condition(conditions, type)
                .map(one -> one.getStatus() + " " + one.getReason())
                .orElse("");
    }

    /** Reasons of the events about a resource. */
    public List<String> events(String name) {
        return client.v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> event.getInvolvedObject().getName().equals(name))
                .map(Event::getReason)
                .toList();
    }

    @Override
    public void close() {
        stopOperator();
        if (KUBECONFIG != null) {
            client.namespaces().withName(namespace).delete();
        }
        client.close();
        if (server != null) {
            server.destroy();
        }
    }
}

package io.moorage.operator.connection;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.moorage.client.MoorageClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One client for each storage cluster that the operator looks after. Thread-safe. */
public final class Clusters implements AutoCloseable {
    private static final int MAX_UPLOADS = 4;

    private record Key(String namespace, String name) {
        static Key of(HasMetadata cluster) {
            return new Key(
                    cluster.getMetadata().getNamespace(), cluster.getMetadata().getName());
        }
    }

    private final Map<Key, MoorageClient> clients = new ConcurrentHashMap<>();

    /** The client of a cluster, which from now on asks these nodes. @param addresses host:port; at least one */
    public MoorageClient of(HasMetadata cluster, List<String> addresses) {
        MoorageClient client =
                clients.computeIfAbsent(Key.of(cluster), key -> new MoorageClient(addresses, MAX_UPLOADS));
        if (!client.admin().addresses().equals(addresses)) {
            client.admin().setAddresses(addresses);
        }
        return client;
    }

    /** The client of a cluster that {@link #of} was called for before; null otherwise. */
    public MoorageClient known(String namespace, String name) {
        return clients.get(new Key(namespace, name));
    }

    /** The cluster is gone. */
    public void forget(HasMetadata cluster) {
        MoorageClient client = clients.remove(Key.of(cluster));
        if (client != null) {
            client.close();
        }
    }

    @Override
    public void close() {
        clients.values().forEach(MoorageClient::close);
        clients.clear();
    }
}

package io.moorage.operator.cluster;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The zones of the machines that Kubernetes runs pods on, by a label. Machines do not move, so that each is asked for once; what
 * it did not tell is asked for again. Thread-safe.
 */
final class Zones {
    private static final Logger LOG = LoggerFactory.getLogger(Zones.class);
    /** Until a machine without a zone is asked for one again, and one that could not be asked. */
    private static final Duration NO_ZONE = Duration.ofMinutes(5);

    private static final Duration NO_ANSWER = Duration.ofSeconds(10);

    /** @param again when to ask again, if there is none */
    private record Zone(Optional<String> name, Instant again) {}

    private final KubernetesClient kubernetes;
    private final Map<String, Zone> zones = new ConcurrentHashMap<>();

    Zones(KubernetesClient kubernetes) {
        this.kubernetes = kubernetes;
    }

    /** @param key name of the label; empty: the machine has none, or cannot be asked now */
    Optional<String> of(String machine, String key, Instant now) {
        String known = machine + "/" + key;
        Zone before = zones.get(known);
        if (before != null && (before.name().isPresent() || now.isBefore(before.again()))) {
            return before.name();
        }
        Optional<String> zone = Optional.empty();
        Duration pause = NO_ZONE;
        try {
            Node node = kubernetes.nodes().withName(machine).get();
            zone = Optional.ofNullable(node)
                    .map(n -> n.getMetadata().getLabels())
                    .map(labels -> labels.get(key));
        } catch (KubernetesClientException e) {
            LOG.info("the zone of machine {} is not known: {}", machine, e.getMessage());
            pause = NO_ANSWER;
        }
        zones.put(known, new Zone(zone, now.plus(pause)));
        return zone;
    }
}

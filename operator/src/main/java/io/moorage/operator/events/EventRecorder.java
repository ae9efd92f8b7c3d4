package io.moorage.operator.events;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.moorage.operator.naming.Names;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells in Kubernetes events what was decided and why. The same event about the same resource is one Event with a count, written
 * at most once a minute. Failing to write one harms nothing. Thread-safe.
 */
public final class EventRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final Duration QUIET = Duration.ofMinutes(1);
    private static final int REMEMBERED = 10_000;
    private static final int MAX_MESSAGE = 1024;

    private final KubernetesClient client;
    private final InstantSource clock;
    private final Map<String, Instant> written = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > REMEMBERED;
        }
    };

    public EventRecorder(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /** Something went as it should. */
    public void normal(HasMetadata about, String reason, String message) {
        record(about, "Normal", reason, message);
    }

    /** Somebody should look. */
    public void warning(HasMetadata about, String reason, String message) {
        record(about, "Warning", reason, message);
    }

    private void record(HasMetadata about, String type, String reason, String message) {
        String text = message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE);
        String key = about.getMetadata().getUid() + "/" + reason + "/" + text;
        Instant now = clock.instant();
        synchronized (written) {
            Instant last = written.get(key);
            if (last != null && last.plus(QUIET).isAfter(now)) {
                return;
            }
            written.put(key, now);
        }
        String name = about.getMetadata().getName() + "."
                + UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .substring(0, 18);
        try {
            write(
                    about,
                    type,
                    reason,
                    text,
                    name,
                    now.truncatedTo(ChronoUnit.SECONDS).toString());
        } catch (KubernetesClientException e) {
            LOG.warn("event {} about {} cannot be written: {}", reason, name, e.getMessage());
        }
    }

    private void write(HasMetadata about, String type, String reason, String message, String name, String now) {
        var events = client.v1().events().inNamespace(about.getMetadata().getNamespace());
        Event present = events.withName(name).get();
        if (present != null) {
            int count = present.getCount() == null ? 1 : present.getCount();
            events.withName(name)
                    .patch(new EventBuilder(present)
                            .withCount(count + 1)
                            .withLastTimestamp(now)
                            .build());
            return;
        }
        Event event = new EventBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(about.getMetadata().getNamespace())
                .endMetadata()
                .withType(type)
                .withReason(reason)
                .withMessage(message)
                .withCount(1)
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withReportingComponent(Names.OPERATOR)
                .withReportingInstance(Names.OPERATOR)
                .withNewSource()
                .withComponent(Names.OPERATOR)
                .endSource()
                .withNewInvolvedObject()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withName(about.getMetadata().getName())
                .withNamespace(about.getMetadata().getNamespace())
                .withUid(about.getMetadata().getUid())
                .endInvolvedObject()
                .build();
        try {
            events.resource(event).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
    }
}

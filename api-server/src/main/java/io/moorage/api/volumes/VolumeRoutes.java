package io.moorage.api.volumes;

import io.moorage.api.http.Exchange;
import io.moorage.api.http.Problem;
import io.moorage.api.http.Routes;
import io.moorage.client.control.ControlPlane;
import io.moorage.client.control.VolumeChange;
import io.moorage.client.control.VolumeRequest;
import io.moorage.client.control.VolumeStatus;
import io.moorage.client.control.VolumeUpdate;
import io.moorage.protocol.v1.ChangeRetention;
import io.moorage.protocol.v1.Consistency;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Volumes, at /storage/volumes. */
public final class VolumeRoutes {
    private final ControlPlane plane;

    private VolumeRoutes(ControlPlane plane) {
        this.plane = plane;
    }

    public static void register(Routes routes, ControlPlane plane) {
        VolumeRoutes volumes = new VolumeRoutes(plane);
        routes.get("/storage/volumes", volumes::list)
                .post("/storage/volumes", volumes::create)
                .get("/storage/volumes/{volume}", volumes::show)
                .patch("/storage/volumes/{volume}", volumes::update)
                .delete("/storage/volumes/{volume}", volumes::delete);
    }

    /** null = not given */
    private static final long MAX_CHANGES = 100_000_000;

    private static final long MIN_CHANGE_BYTES = 1024;

    record QuotaBody(Long bytes, Long entries) {}

    record CreateBody(String name, Integer replicas, QuotaBody quota, String consistency, Map<String, String> labels) {}

    /**
     * @param maxCount of changes; 0 = none is kept, null = as many as usual
     * @param maxValueBytes of values that were overwritten meanwhile; null = as many as usual
     */
    record ChangesBody(Long maxCount, Long maxValueBytes) {}

    record UpdateBody(QuotaBody quota, String consistency, Map<String, String> labels, ChangesBody changes) {}

    private void list(Exchange exchange) throws IOException {
        exchange.json(
                200,
                Map.of("items", plane.volumes().stream().map(VolumeJson::of).toList()));
    }

    private void create(Exchange exchange) throws IOException {
        CreateBody body = exchange.body(CreateBody.class);
        if (body.name() == null || body.name().isEmpty()) {
            throw Problem.invalid("field 'name' is missing");
        }
        int replicas = body.replicas() == null ? 0 : body.replicas();
        if (replicas < 0 || replicas > 0 && replicas % 2 == 0) {
            throw Problem.invalid("replicas is " + replicas + "; it must be odd: 1, 3, 5");
        }
        VolumeChange change = plane.createVolume(
                new VolumeRequest(
                        body.name(),
                        replicas,
                        quota(body.quota(), true).orElse(0L),
                        quota(body.quota(), false).orElse(0L),
                        consistency(body.consistency()).orElse(Consistency.CONSISTENCY_UNSPECIFIED),
                        body.labels() == null ? Map.of() : body.labels()),
                waitTime(exchange));
        exchange.context().header("Location", "/storage/volumes/" + body.name());
        if (change.complete()) {
            exchange.json(change.existed() ? 200 : 201, VolumeJson.of(change.volume()));
        } else {
            accepted(exchange, body.name(), change.volume());
        }
    }

    private void show(Exchange exchange) throws IOException {
        String name = exchange.context().pathParam("volume");
        Optional<VolumeStatus> status =
                exchange.waitTime().map(wait -> plane.volume(name, wait)).orElseGet(() -> plane.volume(name));
        exchange.json(200, VolumeJson.of(status.orElseThrow(() -> missing(name))));
    }

    private void update(Exchange exchange) throws IOException {
        UpdateBody body = exchange.body(UpdateBody.class);
        String name = exchange.context().pathParam("volume");
        VolumeChange change = plane.updateVolume(
                name,
                new VolumeUpdate(
                        quota(body.quota(), true),
                        quota(body.quota(), false),
                        consistency(body.consistency()),
                        Optional.ofNullable(body.labels()),
                        Optional.ofNullable(body.changes()).map(VolumeRoutes::retention)),
                waitTime(exchange));
        if (change.complete()) {
            exchange.json(200, VolumeJson.of(change.volume()));
        } else {
            accepted(exchange, name, change.volume());
        }
    }

    private void delete(Exchange exchange) throws IOException {
        String name = exchange.context().pathParam("volume");
        Optional<VolumeStatus> left = plane.deleteVolume(name, exchange.flag("force"), waitTime(exchange));
        if (left.isEmpty()) {
            exchange.context().status(204);
        } else {
            accepted(exchange, name, left.get());
        }
    }

    private static Duration waitTime(Exchange exchange) {
        return exchange.waitTime().orElse(ControlPlane.DEFAULT_WAIT);
    }

    /** It is written down and will be done; the link (relation of RFC 5989) says where to watch. */
    private static void accepted(Exchange exchange, String name, VolumeStatus status) throws IOException {
        exchange.context().header("Link", "</storage/volumes/" + name + "?wait=30s>; rel=\"monitor\"");
        exchange.json(202, VolumeJson.of(status));
    }

    private static Problem missing(String name) {
        return new Problem(404, "volume-not-found", "there is no volume '" + name + "'");
    }

    private static Optional<Long> quota(QuotaBody quota, boolean bytes) {
        Long value = quota == null ? null : bytes ? quota.bytes() : quota.entries();
        if (value != null && value < 0) {
            throw Problem.invalid(
                    "quota." + (bytes ? "bytes" : "entries") + " is " + value + "; it must be 0 (unlimited) or more");
        }
        return Optional.ofNullable(value);
    }

    private static ChangeRetention retention(ChangesBody changes) {
        Long count = changes.maxCount();
        Long bytes = changes.maxValueBytes();
        if (count != null && (count < 0 || count > MAX_CHANGES)) {
            throw Problem.invalid("changes.maxCount is " + count + "; it must be 0 (none is kept) to " + MAX_CHANGES);
        }
        if (bytes != null && bytes < MIN_CHANGE_BYTES) {
            throw Problem.invalid(
                    "changes.maxValueBytes is " + bytes + "; it must be " + MIN_CHANGE_BYTES + " or more");
        }
        return ChangeRetention.newBuilder()
                .setOff(count != null && count == 0)
                .setMaxCount(count == null ? 0 : count)
                .setMaxValueBytes(bytes == null ? 0 : bytes)
                .build();
    }

    private static Optional<Consistency> consistency(String value) {
        return Optional.ofNullable(value).map(v -> Exchange.consistency("consistency", v));
    }
}

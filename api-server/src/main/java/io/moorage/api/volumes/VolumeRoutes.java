package io.moorage.api.volumes;

import io.moorage.api.http.Exchange;
import io.moorage.api.http.Problem;
import io.moorage.api.http.Routes;
import io.moorage.client.control.ControlPlane;
import io.moorage.client.control.VolumeRequest;
import io.moorage.client.control.VolumeStatus;
import io.moorage.client.control.VolumeUpdate;
import io.moorage.protocol.v1.Consistency;
import java.io.IOException;
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
    record QuotaBody(Long bytes, Long entries) {}

    record CreateBody(String name, Integer replicas, QuotaBody quota, String consistency, Map<String, String> labels) {}

    record UpdateBody(QuotaBody quota, String consistency, Map<String, String> labels) {}

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
        boolean existed = plane.resolve(body.name()).isPresent();
        VolumeStatus status = plane.createVolume(new VolumeRequest(
                body.name(),
                replicas,
                quota(body.quota(), true).orElse(0L),
                quota(body.quota(), false).orElse(0L),
                consistency(body.consistency()).orElse(Consistency.CONSISTENCY_UNSPECIFIED),
                body.labels() == null ? Map.of() : body.labels()));
        exchange.context().header("Location", "/storage/volumes/" + body.name());
        exchange.json(existed ? 200 : 201, VolumeJson.of(status));
    }

    private void show(Exchange exchange) throws IOException {
        String name = exchange.context().pathParam("volume");
        exchange.json(200, VolumeJson.of(plane.volume(name).orElseThrow(() -> missing(name))));
    }

    private void update(Exchange exchange) throws IOException {
        UpdateBody body = exchange.body(UpdateBody.class);
        VolumeStatus status = plane.updateVolume(
                exchange.context().pathParam("volume"),
                new VolumeUpdate(
                        quota(body.quota(), true),
                        quota(body.quota(), false),
                        consistency(body.consistency()),
                        Optional.ofNullable(body.labels())));
        exchange.json(200, VolumeJson.of(status));
    }

    private void delete(Exchange exchange) {
        plane.deleteVolume(exchange.context().pathParam("volume"), exchange.flag("force"));
        exchange.context().status(204);
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

    private static Optional<Consistency> consistency(String value) {
        return Optional.ofNullable(value).map(v -> Exchange.consistency("consistency", v));
    }
}

package io.moorage.api.nodes;

import io.moorage.api.http.Exchange;
import io.moorage.api.http.Problem;
import io.moorage.api.http.Routes;
import io.moorage.client.control.ControlPlane;
import java.io.IOException;
import java.util.Map;

/** Storage nodes, at /storage/nodes. */
public final class NodeRoutes {
    private final ControlPlane plane;

    private NodeRoutes(ControlPlane plane) {
        this.plane = plane;
    }

    public static void register(Routes routes, ControlPlane plane) {
        NodeRoutes nodes = new NodeRoutes(plane);
        routes.get("/storage/nodes", nodes::list)
                .post("/storage/nodes", nodes::register)
                .get("/storage/nodes/{node}", nodes::show)
                .delete("/storage/nodes/{node}", nodes::remove)
                .post("/storage/nodes/{node}/cordon", exchange -> nodes.cordon(exchange, true))
                .post("/storage/nodes/{node}/uncordon", exchange -> nodes.cordon(exchange, false))
                .post("/storage/nodes/{node}/drain", nodes::drain);
    }

    /** One of the two. */
    record NewNodes(String address, Integer count) {}

    private void list(Exchange exchange) throws IOException {
        exchange.json(
                200, Map.of("items", plane.nodes().stream().map(NodeJson::of).toList()));
    }

    private void show(Exchange exchange) throws IOException {
        String name = name(exchange);
        exchange.json(
                200,
                NodeJson.of(plane.nodes().stream()
                        .filter(node -> node.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> Problem.notFound("there is no storage node '" + name + "'"))));
    }

    private void register(Exchange exchange) throws IOException {
        NewNodes body = exchange.body(NewNodes.class);
        if ((body.address() == null) == (body.count() == null)) {
            throw Problem.invalid(
                    "say either 'address' (the host:port of a storage node's services) or 'count' (how many"
                            + " storage nodes there should be)");
        }
        if (body.count() != null) {
            plane.scale(body.count());
            exchange.context().header("Link", "</storage/nodes>; rel=\"monitor\"");
            exchange.json(
                    202,
                    Map.of(
                            "count",
                            body.count(),
                            "items",
                            plane.nodes().stream().map(NodeJson::of).toList()));
            return;
        }
        exchange.json(201, NodeJson.of(plane.register(body.address())));
    }

    private void remove(Exchange exchange) {
        plane.remove(name(exchange));
        exchange.context().status(204);
    }

    private void cordon(Exchange exchange, boolean cordoned) throws IOException {
        exchange.json(200, NodeJson.of(plane.cordon(name(exchange), cordoned)));
    }

    private void drain(Exchange exchange) throws IOException {
        exchange.json(202, NodeJson.of(plane.drain(name(exchange))));
    }

    private static String name(Exchange exchange) {
        return exchange.context().pathParam("node");
    }
}

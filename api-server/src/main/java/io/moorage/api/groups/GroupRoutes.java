package io.moorage.api.groups;

import io.moorage.api.http.Exchange;
import io.moorage.api.http.Problem;
import io.moorage.api.http.Routes;
import io.moorage.client.GroupId;
import io.moorage.client.admin.NodeView;
import io.moorage.client.control.ControlPlane;
import io.moorage.client.control.GroupControl;
import io.moorage.client.membership.GroupRecovery;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Groups and their members, at /storage/groups. */
public final class GroupRoutes {
    private final ControlPlane plane;

    private GroupRoutes(ControlPlane plane) {
        this.plane = plane;
    }

    public static void register(Routes routes, ControlPlane plane) {
        GroupRoutes groups = new GroupRoutes(plane);
        routes.get("/storage/groups", groups::list)
                .get("/storage/groups/{group}", groups::show)
                .post("/storage/groups/{group}/members", groups::add)
                .delete("/storage/groups/{group}/members/{node}", groups::remove)
                .post("/storage/groups/{group}/leader", groups::transfer)
                .post("/storage/groups/{group}/recovery", groups::recover);
    }

    /** @param node name or id */
    record NewMember(String node) {}

    /**
     * @param lost names or ids of the nodes that are lost for good
     * @param acceptDataLoss false: only says what it would do
     */
    record Recovery(List<String> lost, boolean acceptDataLoss) {}

    private void list(Exchange exchange) throws IOException {
        exchange.json(200, Map.of("items", GroupJson.all(plane.groups().nodes())));
    }

    private void show(Exchange exchange) throws IOException {
        exchange.json(200, json(group(exchange), plane.groups().nodes()));
    }

    private static Map<String, Object> json(GroupId group, List<NodeView> nodes) {
        return GroupJson.all(nodes).stream()
                .filter(json -> json.get("id").equals(group.toString()))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("no storage node that answers has a replica of group " + group));
    }

    private void add(Exchange exchange) throws IOException {
        String node = node(exchange);
        boolean force = exchange.flag("force");
        changed(exchange, control -> control.add(group(exchange), node, force, wait(exchange)));
    }

    private void remove(Exchange exchange) throws IOException {
        String node = exchange.context().pathParam("node");
        boolean force = exchange.flag("force");
        changed(exchange, control -> control.remove(group(exchange), node, force, wait(exchange)));
    }

    private void transfer(Exchange exchange) throws IOException {
        String node = node(exchange);
        changed(exchange, control -> control.transfer(group(exchange), node, wait(exchange)));
    }

    private interface Change {
        boolean on(GroupControl control);
    }

    private void changed(Exchange exchange, Change change) throws IOException {
        boolean done = change.on(plane.groups());
        if (!done) {
            exchange.context().header("Link", "</storage/groups/" + group(exchange) + ">; rel=\"monitor\"");
        }
        exchange.json(done ? 200 : 202, json(group(exchange), plane.groups().nodes()));
    }

    private void recover(Exchange exchange) throws IOException {
        Recovery body = exchange.body(Recovery.class);
        Set<String> lost = body.lost() == null ? Set.of() : new TreeSet<>(body.lost());
        GroupRecovery plan = plane.groups().recovery(group(exchange), lost);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("group", plan.group().toString());
        json.put("survivor", plan.survivor());
        json.put("lost", plan.lost());
        json.put("behind", plan.behind());
        json.put("lastLogTerm", plan.lastLogTerm());
        json.put("lastLogIndex", plan.lastLogIndex());
        json.put("commitIndex", plan.commitIndex());
        json.put("missingExtents", plan.missingExtents());
        json.put("volumes", plan.volumes());
        json.put("losses", plan.losses());
        json.put(
                "recoveredAs",
                body.acceptDataLoss() ? plane.groups().recover(plan).toString() : null);
        exchange.json(200, json);
    }

    private static GroupId group(Exchange exchange) {
        String text = exchange.context().pathParam("group");
        try {
            return GroupId.parse(text);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("group '" + text + "' is no id of a group, such as those at /storage/groups");
        }
    }

    private static String node(Exchange exchange) throws IOException {
        NewMember body = exchange.body(NewMember.class);
        if (body.node() == null || body.node().isBlank()) {
            throw Problem.invalid("'node' is missing: the name of a storage node, or its id (name.incarnation)");
        }
        return body.node();
    }

    private static Duration wait(Exchange exchange) {
        return exchange.waitTime().orElse(ControlPlane.DEFAULT_WAIT);
    }
}

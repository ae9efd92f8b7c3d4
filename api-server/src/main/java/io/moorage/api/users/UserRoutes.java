package io.moorage.api.users;

import io.moorage.api.http.Exchange;
import io.moorage.api.http.Problem;
import io.moorage.api.http.Routes;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Users, at /storage/users. A secret is told once, when it is made. */
public final class UserRoutes {
    private final Users users;

    private UserRoutes(Users users) {
        this.users = users;
    }

    public static void register(Routes routes, Users users) {
        UserRoutes all = new UserRoutes(users);
        routes.get("/storage/users", all::list)
                .post("/storage/users", all::create)
                .delete("/storage/users/{user}", all::delete);
    }

    /** null = not given */
    record GrantBody(String volume, String prefix, String access) {}

    record CreateBody(String name, List<GrantBody> grants) {}

    private void list(Exchange exchange) throws IOException {
        exchange.json(
                200, Map.of("items", users.all().stream().map(UserRoutes::json).toList()));
    }

    private void create(Exchange exchange) throws IOException {
        CreateBody body = exchange.body(CreateBody.class);
        if (body.name() == null || body.name().isEmpty()) {
            throw Problem.invalid("field 'name' is missing");
        }
        List<Grant> grants = body.grants() == null
                ? List.of(Grant.EVERYTHING)
                : body.grants().stream().map(UserRoutes::grant).toList();
        AccessKey key = users.create(body.name(), grants);
        Map<String, Object> json = json(key.user());
        json.put("secretAccessKey", key.secret());
        exchange.context().header("Cache-Control", "no-store");
        exchange.json(201, json);
    }

    private void delete(Exchange exchange) {
        String name = exchange.context().pathParam("user");
        if (!users.delete(name)) {
            throw Problem.notFound("there is no user '" + name + "'");
        }
        exchange.context().status(204);
    }

    private static Grant grant(GrantBody body) {
        if (body.volume() == null || body.access() == null) {
            throw Problem.invalid("a grant needs the fields 'volume' and 'access'");
        }
        Grant.Access access = switch (body.access().toLowerCase(Locale.ROOT)) {
            case "readonly" -> Grant.Access.READ_ONLY;
            case "readwrite" -> Grant.Access.READ_WRITE;
            case "admin" -> Grant.Access.ADMIN;
            default -> throw Problem.invalid("access '" + body.access() + "' must be ReadOnly, ReadWrite or Admin");
        };
        return new Grant(body.volume(), body.prefix(), access);
    }

    private static Map<String, Object> json(User user) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", user.name());
        json.put("accessKeyId", user.accessKeyId());
        json.put("suspended", user.suspended());
        json.put("grants", user.grants().stream().map(UserRoutes::json).toList());
        json.put("createdAt", user.created().toString());
        return json;
    }

    private static Map<String, Object> json(Grant grant) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("volume", grant.volume());
        json.put("prefix", grant.prefix());
        json.put(
                "access",
                switch (grant.access()) {
                    case READ_ONLY -> "ReadOnly";
                    case READ_WRITE -> "ReadWrite";
                    case ADMIN -> "Admin";
                });
        return json;
    }
}

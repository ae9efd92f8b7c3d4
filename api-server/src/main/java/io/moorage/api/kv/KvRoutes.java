package io.moorage.api.kv;

import io.moorage.api.http.Routes;

/** Keys at /kv, leases at /leases, changes at /changes, and the log at /log. */
public final class KvRoutes {
    private KvRoutes() {}

    public static void register(Routes routes, Keyspaces keyspaces, Watchers watchers) {
        LargeBodies bodies = new LargeBodies();
        KeyRoutes keys = new KeyRoutes(keyspaces, bodies);
        routes.get("/kv/{volume}", keys::get)
                .post("/kv/{volume}", keys::post)
                .get("/kv/{volume}/*", keys::get)
                .put("/kv/{volume}/*", keys::put)
                .post("/kv/{volume}/*", keys::post)
                .delete("/kv/{volume}/*", keys::delete);
        LeaseRoutes leases = new LeaseRoutes(keyspaces);
        routes.post("/leases/{volume}", leases::grant)
                .get("/leases/{volume}/{lease}", leases::get)
                .post("/leases/{volume}/{lease}", leases::keepAlive)
                .delete("/leases/{volume}/{lease}", leases::revoke);
        ChangeRoutes changes = new ChangeRoutes(keyspaces, watchers);
        routes.get("/changes/{volume}", changes::get);
        LogRoutes log = new LogRoutes(keyspaces, watchers, bodies);
        routes.get("/log/{volume}", log::members)
                .get("/log/{volume}/commands", log::commands)
                .post("/log/{volume}/commands", log::submit)
                .get("/log/{volume}/commands/{index}", log::command)
                .get("/log/{volume}/commands/{index}/commit", log::commit);
    }
}

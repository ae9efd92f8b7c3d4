package io.moorage.api.feed;

import io.moorage.api.http.Routes;
import io.moorage.api.kv.Keyspaces;
import io.moorage.api.kv.Watchers;
import java.net.InetAddress;
import java.util.List;

/** Cursors and webhooks, at /changes/{volume}/cursors and /changes/{volume}/webhooks. */
public final class FeedRoutes {
    private FeedRoutes() {}

    /** @param allowed networks that receivers of webhooks may be in although they are not of the Internet */
    public static void register(Routes routes, Keyspaces keyspaces, Watchers watchers, List<String> allowed) {
        FeedRecords records = new FeedRecords(keyspaces.plane(), keyspaces.keys());
        Cursors cursors = new Cursors(keyspaces, watchers, records);
        routes.get("/changes/{volume}/cursors", cursors::list)
                .put("/changes/{volume}/cursors/{name}", cursors::put)
                .get("/changes/{volume}/cursors/{name}", cursors::get)
                .post("/changes/{volume}/cursors/{name}", cursors::move)
                .delete("/changes/{volume}/cursors/{name}", cursors::delete)
                .get("/changes/{volume}/cursors/{name}/next", cursors::next);
        Webhooks webhooks = new Webhooks(keyspaces, records, new ReceiverAddresses(allowed, InetAddress::getAllByName));
        routes.get("/changes/{volume}/webhooks", webhooks::list)
                .put("/changes/{volume}/webhooks/{name}", webhooks::put)
                .get("/changes/{volume}/webhooks/{name}", webhooks::get)
                .delete("/changes/{volume}/webhooks/{name}", webhooks::delete);
    }
}

package io.moorage.api.feed;

import io.moorage.api.http.Exchange;
import io.moorage.api.http.Problem;
import io.moorage.api.kv.ChangeJson;
import io.moorage.api.kv.Keyspaces;
import io.moorage.client.VolumeRef;
import io.moorage.client.kv.Position;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Webhooks as they are asked for, at /changes/{volume}/webhooks. {@link WebhookDelivery} does the work. */
final class Webhooks {
    static final String KIND = "webhooks";
    static final String PROGRESS = "progress";
    private static final int MIN_SECRET = 16;
    private static final int MAX_PER_VOLUME = 32;

    /**
     * @param since oldest, now (default), or a position
     * @param format changes (default) or s3
     */
    record NewWebhook(String url, String secret, String prefix, String format, String since) {}

    private final Keyspaces keyspaces;
    private final FeedRecords records;
    private final ReceiverAddresses addresses;

    /** @param addresses that receivers may have */
    Webhooks(Keyspaces keyspaces, FeedRecords records, ReceiverAddresses addresses) {
        this.addresses = addresses;
        this.keyspaces = keyspaces;
        this.records = records;
    }

    void put(Exchange exchange) throws IOException {
        VolumeRef volume = volume(exchange);
        NewWebhook request = exchange.body(NewWebhook.class);
        String format = request.format() == null ? Webhook.CHANGES : request.format();
        if (!format.equals(Webhook.CHANGES) && !format.equals(Webhook.S3)) {
            throw Problem.invalid("format '" + format + "' must be changes or s3");
        }
        if (request.secret() == null || request.secret().length() < MIN_SECRET) {
            throw Problem.invalid("'secret' must have at least " + MIN_SECRET
                    + " characters: the receiver tells by it that deliveries are genuine");
        }
        Optional<Position> start =
                ChangeJson.since(request.since() == null ? "now" : request.since(), keyspaces.of(volume.name()));
        Webhook webhook = new Webhook(
                checkUrl(request.url()),
                request.secret(),
                request.prefix() == null ? "" : request.prefix(),
                format,
                start.map(Position::toString).orElse(null));
        if (records.list(FeedRecords.prefix(volume, KIND), Webhook.class).size() >= MAX_PER_VOLUME) {
            throw new Problem(
                    409, "conflict", "volume '" + volume.name() + "' has " + MAX_PER_VOLUME + " webhooks; delete one");
        }
        if (!records.put(FeedRecords.prefix(volume, KIND) + name(exchange), webhook, 0, null)) {
            throw new Problem(
                    409, "already-exists", "there is a webhook of this name already; delete it, or choose another");
        }
        exchange.json(201, json(name(exchange), webhook, Webhook.Progress.NONE));
    }

    void list(Exchange exchange) throws IOException {
        VolumeRef volume = volume(exchange);
        String prefix = FeedRecords.prefix(volume, KIND);
        exchange.json(
                200,
                Map.of(
                        "items",
                        records.list(prefix, Webhook.class).stream()
                                .map(stored -> {
                                    String name = stored.key().substring(prefix.length());
                                    return json(name, stored.value(), progress(volume, name));
                                })
                                .toList()));
    }

    void get(Exchange exchange) throws IOException {
        VolumeRef volume = volume(exchange);
        Webhook webhook = records.get(FeedRecords.prefix(volume, KIND) + name(exchange), Webhook.class)
                .orElseThrow(() -> missing(exchange))
                .value();
        exchange.json(200, json(name(exchange), webhook, progress(volume, name(exchange))));
    }

    void delete(Exchange exchange) throws IOException {
        VolumeRef volume = volume(exchange);
        if (!records.delete(FeedRecords.prefix(volume, KIND) + name(exchange))) {
            throw missing(exchange);
        }
        records.delete(FeedRecords.prefix(volume, PROGRESS) + name(exchange));
        exchange.context().status(204);
    }

    private Webhook.Progress progress(VolumeRef volume, String name) {
        return records.get(FeedRecords.prefix(volume, PROGRESS) + name, Webhook.Progress.class)
                .map(FeedRecords.Stored::value)
                .orElse(Webhook.Progress.NONE);
    }

    private String checkUrl(String url) {
        try {
            URI uri = URI.create(url == null ? "" : url);
            if (uri.getHost() != null
                    && uri.getUserInfo() == null
                    && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                checkHost(uri.getHost());
                return url;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw Problem.invalid("url '" + url + "' must be http://… or https://…, without a user");
    }

    /** It is checked again with each delivery: what a name stands for may change. */
    private void checkHost(String host) {
        try {
            addresses.of(host.replaceAll("^\\[|\\]$", ""));
        } catch (ReceiverAddresses.RefusedException e) {
            throw Problem.invalid("url: " + e.getMessage());
        } catch (IOException e) {
            // It may not be there yet.
        }
    }

    private static Problem missing(Exchange exchange) {
        return Problem.notFound("there is no webhook '" + exchange.context().pathParam("name") + "'");
    }

    private VolumeRef volume(Exchange exchange) {
        return keyspaces.ref(exchange.context().pathParam("volume"));
    }

    private static String name(Exchange exchange) {
        return FeedNames.check(exchange.context().pathParam("name"));
    }

    private static Map<String, Object> json(String name, Webhook webhook, Webhook.Progress progress) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("url", webhook.url());
        json.put("prefix", webhook.prefix());
        json.put("format", webhook.format());
        json.put("position", progress.position() == null ? webhook.start() : progress.position());
        json.put("delivered", progress.delivered());
        json.put("failures", progress.failures());
        json.put("lastError", progress.lastError());
        json.put("lastDeliveredAt", progress.lastDeliveredAt());
        json.put("missedUpTo", progress.missedUpTo() == null ? null : Long.toString(progress.missedUpTo()));
        return json;
    }
}

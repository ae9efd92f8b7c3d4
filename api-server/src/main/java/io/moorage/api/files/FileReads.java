package io.moorage.api.files;

import io.javalin.http.Context;
import io.moorage.api.http.EntryPath;
import io.moorage.api.http.Exchange;
import io.moorage.api.http.Problem;
import io.moorage.client.EntryReader;
import io.moorage.client.VolumeStore;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.EntryKind;
import io.moorage.protocol.v1.ListResponse;
import io.moorage.protocol.v1.MetadataItem;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** GET and HEAD of files, and listings. */
final class FileReads {
    private final Volumes volumes;

    FileReads(Volumes volumes) {
        this.volumes = volumes;
    }

    void get(Exchange exchange) throws IOException {
        EntryPath path = EntryPath.parse(exchange.context().req().getRequestURI());
        if (path.key().isEmpty() || path.key().endsWith("/")) {
            list(exchange, path);
            return;
        }
        try (EntryReader reader = open(exchange, path)) {
            send(exchange, reader);
        }
    }

    void head(Exchange exchange) throws IOException {
        EntryPath path = EntryPath.parse(exchange.context().req().getRequestURI());
        VolumeStore store = volumes.store(path.volume());
        Entry entry = store.stat(path.key(), exchange.callOptions()).orElseThrow(() -> missing(path));
        Context context = exchange.context();
        describe(context, entry);
        if (entry.getKind() == EntryKind.ENTRY_KIND_DIRECTORY || check(context, entry)) {
            context.res().setContentLengthLong(entry.getSize());
            kept(context, entry, "Want-Repr-Digest", "Repr-Digest");
            kept(context, entry, "Want-Content-Digest", "Content-Digest");
        }
    }

    private EntryReader open(Exchange exchange, EntryPath path) {
        return volumes.store(path.volume())
                .open(path.key(), exchange.callOptions())
                .orElseThrow(() -> missing(path));
    }

    private static Problem missing(EntryPath path) {
        return Problem.notFound("there is no '" + path.key() + "' in volume '" + path.volume() + "'");
    }

    private static void send(Exchange exchange, EntryReader reader) throws IOException {
        Context context = exchange.context();
        Entry entry = reader.entry();
        EncryptedEntries.refuse(entry);
        describe(context, entry);
        if (!check(context, entry)) {
            return;
        }
        Optional<ByteRange> range = Conditions.rangeHolds(context, entry)
                ? ByteRange.parse(context.header("Range"), entry.getSize())
                : Optional.empty();
        long offset = range.map(ByteRange::offset).orElse(0L);
        long length = range.map(ByteRange::length).orElse(entry.getSize());
        digest(context, reader, "Want-Repr-Digest", "Repr-Digest", 0, entry.getSize());
        digest(context, reader, "Want-Content-Digest", "Content-Digest", offset, length);
        range.ifPresent(r -> {
            context.status(206);
            context.header("Content-Range", r.contentRange(entry.getSize()));
        });
        context.res().setContentLengthLong(length);
        OutputStream out = context.res().getOutputStream();
        reader.transferTo(offset, length, out);
        out.flush();
    }

    /** Whether the body is to be sent; otherwise the answer is made already. */
    private static boolean check(Context context, Entry entry) {
        switch (Conditions.ofRead(context, entry)) {
            case NOT_MODIFIED -> {
                context.status(304);
                return false;
            }
            case FAILED ->
                throw new Problem(412, "precondition-failed", "the entry has version " + entry.getVersion())
                        .with("currentVersion", Long.toString(entry.getVersion()));
            default -> {
                return true;
            }
        }
    }

    private static void describe(Context context, Entry entry) {
        context.header("ETag", EntryJson.etag(entry));
        context.header("Accept-Ranges", "bytes");
        context.header("X-Moorage-Version", Long.toString(entry.getVersion()));
        context.header(
                "Last-Modified",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        Instant.ofEpochMilli(entry.getModifiedAtMs()).atOffset(ZoneOffset.UTC)));
        for (MetadataItem item : entry.getMetadataList()) {
            context.header(
                    "X-Moorage-Meta-" + item.getName(),
                    URLEncoder.encode(item.getValue(), StandardCharsets.UTF_8).replace("+", "%20"));
        }
        context.contentType(EntryJson.contentType(entry));
    }

    private static void kept(Context context, Entry entry, String want, String header) {
        Digests.wanted(context, want)
                .ifPresent(algorithm -> Digests.kept(entry, algorithm)
                        .ifPresent(value -> context.header(header, Digests.header(algorithm, value))));
    }

    /** One that was not kept is computed by reading the bytes once more, before they are sent. */
    private static void digest(
            Context context, EntryReader reader, String want, String header, long offset, long length)
            throws IOException {
        Optional<String> algorithm = Digests.wanted(context, want);
        if (algorithm.isEmpty()) {
            return;
        }
        boolean whole = length == reader.entry().getSize();
        Optional<byte[]> kept = whole ? Digests.kept(reader.entry(), algorithm.get()) : Optional.empty();
        byte[] value;
        if (kept.isPresent()) {
            value = kept.get();
        } else {
            MessageDigest digest = Digests.newDigest(algorithm.get());
            try (OutputStream sink = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
                reader.transferTo(offset, length, sink);
            }
            value = digest.digest();
        }
        context.header(header, Digests.header(algorithm.get(), value));
    }

    private void list(Exchange exchange, EntryPath path) throws IOException {
        Context context = exchange.context();
        String prefix = Optional.ofNullable(context.queryParam("prefix")).orElse(path.key());
        String delimiter = exchange.flag("recursive")
                ? ""
                : Optional.ofNullable(context.queryParam("delimiter")).orElse("/");
        String limit = Optional.ofNullable(context.queryParam("limit")).orElse("1000");
        ListResponse page = volumes.store(path.volume())
                .list(
                        prefix,
                        delimiter,
                        Optional.ofNullable(context.queryParam("startAfter")).orElse(""),
                        (int) Exchange.number("limit", limit, 1, 1000),
                        exchange.callOptions());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("prefix", prefix);
        json.put("delimiter", delimiter);
        json.put("items", page.getEntriesList().stream().map(EntryJson::of).toList());
        json.put("commonPrefixes", page.getCommonPrefixesList());
        json.put("truncated", page.getTruncated());
        json.put("next", page.getNextStartAfter());
        exchange.json(200, json);
    }
}

package io.moorage.api.files;

import io.javalin.http.Context;
import io.moorage.api.http.EntryPath;
import io.moorage.api.http.Exchange;
import io.moorage.api.http.Problem;
import io.moorage.client.CallOptions;
import io.moorage.client.MoorageException;
import io.moorage.client.PutOptions;
import io.moorage.client.VolumeStore;
import io.moorage.protocol.v1.EntryChange;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.Precondition;
import io.moorage.protocol.v1.TreeChange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** PUT, POST and DELETE of files and directories. */
final class FileWrites {
    private static final String META = "x-moorage-meta-";
    private static final int DELETE_PAGE = 1000;

    private final Volumes volumes;

    FileWrites(Volumes volumes) {
        this.volumes = volumes;
    }

    void put(Exchange exchange) throws IOException {
        Context context = exchange.context();
        EntryPath path = EntryPath.parse(context.req().getRequestURI());
        VolumeStore store = volumes.store(path.volume());
        Precondition condition = Conditions.ofWrite(context);
        if (path.key().isEmpty()) {
            throw Problem.invalid("the path names no file; put its key after /files/");
        }
        FileNames.check("the path", path.key());
        if (path.key().endsWith("/")) {
            if (context.req().getContentLengthLong() > 0) {
                throw Problem.invalid(
                        "'" + path.key() + "' names a directory, which has no content; leave the '/' out");
            }
            answer(exchange, path, store.makeDirectory(path.key(), condition, exchange.callOptions()));
            return;
        }
        Digests digests = Digests.sent(context);
        PutOptions options = new PutOptions(
                path.key(),
                Optional.ofNullable(context.header("Content-Type")).orElse(""),
                metadata(context),
                condition,
                digests::verify);
        answer(
                exchange,
                path,
                store.put(
                        options,
                        digests.digesting(exchange.bodyStream()),
                        context.req().getContentLengthLong(),
                        exchange.callOptions()));
    }

    void post(Exchange exchange) throws IOException {
        Context context = exchange.context();
        EntryPath path = EntryPath.parse(context.req().getRequestURI());
        VolumeStore store = volumes.store(path.volume());
        String operation = Optional.ofNullable(context.queryParam("op")).orElse("");
        switch (operation) {
            case "append" -> {
                FileNames.check("the path", path.key());
                append(exchange, path, store);
            }
            case "move", "copy" -> moveOrCopy(exchange, path, store, operation.equals("move"));
            default -> throw Problem.invalid("op '" + operation + "' must be append, move or copy");
        }
    }

    private static void append(Exchange exchange, EntryPath path, VolumeStore store) throws IOException {
        Context context = exchange.context();
        Precondition.Builder condition = Conditions.ofWrite(context).toBuilder();
        String offset = context.header("X-Append-Offset");
        if (offset != null) {
            condition.setSize(Exchange.number("X-Append-Offset", offset, 0, Long.MAX_VALUE));
        }
        condition.setLacksAttribute(EncryptedEntries.ATTRIBUTE);
        try {
            answer(
                    exchange,
                    path,
                    store.append(
                            path.key(),
                            Optional.ofNullable(context.header("Content-Type")).orElse(""),
                            condition.build(),
                            exchange.bodyStream(),
                            context.req().getContentLengthLong(),
                            exchange.callOptions()));
        } catch (MoorageException e) {
            if (e.code() == ErrorCode.ERROR_CODE_PRECONDITION_FAILED) {
                // Which of the conditions it was is asked for only now: most appends are small, and there are many.
                store.stat(path.key(), exchange.callOptions()).ifPresent(EncryptedEntries::refuse);
            }
            throw e;
        }
    }

    private static void moveOrCopy(Exchange exchange, EntryPath path, VolumeStore store, boolean move)
            throws IOException {
        Context context = exchange.context();
        String to = context.queryParam("to");
        if (to == null || to.isEmpty()) {
            throw Problem.invalid(
                    "the query parameter 'to' is missing: the key to " + (move ? "move" : "copy") + " to");
        }
        FileNames.check("to", to);
        Precondition source = Conditions.ofWrite(context);
        Precondition target = exchange.flag("overwrite")
                ? Precondition.getDefaultInstance()
                : Precondition.newBuilder().setMustNotExist(true).build();
        CallOptions call = exchange.callOptions();
        TreeChange change = move
                ? store.rename(path.key(), to, source, target, call)
                : store.copy(path.key(), to, source, target, "", null, call);
        exchange.json(200, Map.of("entries", change.getEntries()));
    }

    void delete(Exchange exchange) throws IOException {
        Context context = exchange.context();
        EntryPath path = EntryPath.parse(context.req().getRequestURI());
        VolumeStore store = volumes.store(path.volume());
        Precondition condition = Conditions.ofWrite(context);
        boolean directory = path.key().isEmpty() || path.key().endsWith("/");
        if (directory && exchange.flag("recursive")) {
            deleteTree(exchange, path, store);
        } else if (directory) {
            store.removeDirectory(path.key(), condition, exchange.callOptions());
            context.status(204);
        } else {
            EntryChange change = store.delete(path.key(), condition, exchange.callOptions());
            if (!change.getReplaced() && !exchange.flag("ignoreMissing")) {
                throw Problem.notFound("there is no '" + path.key() + "' in volume '" + path.volume() + "'");
            }
            context.status(204);
        }
    }

    private static void deleteTree(Exchange exchange, EntryPath path, VolumeStore store) throws IOException {
        long deleted = 0;
        TreeChange page;
        do {
            page = store.deleteTree(path.key(), DELETE_PAGE, exchange.callOptions());
            deleted += page.getEntries();
        } while (page.getMore());
        exchange.json(200, Map.of("deleted", deleted));
    }

    private static void answer(Exchange exchange, EntryPath path, EntryChange change) throws IOException {
        Context context = exchange.context();
        context.header("ETag", EntryJson.etag(change.getEntry()));
        context.header("Location", "/storage/volumes/" + path.volume() + "/files/" + EntryPath.encode(path.key()));
        exchange.json(change.getReplaced() ? 200 : 201, EntryJson.of(change.getEntry()));
    }

    private static List<MetadataItem> metadata(Context context) {
        List<MetadataItem> items = new ArrayList<>();
        for (String name : Collections.list(context.req().getHeaderNames())) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(META) && lower.length() > META.length()) {
                String value = context.header(name);
                items.add(MetadataItem.newBuilder()
                        .setName(lower.substring(META.length()))
                        .setValue(decode(name, value))
                        .build());
            }
        }
        return items;
    }

    /** Header values are ASCII; anything else comes percent-encoded. */
    private static String decode(String name, String value) {
        try {
            return value.contains("%") ? URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8) : value;
        } catch (IllegalArgumentException e) {
            throw Problem.invalid(name + " '" + value + "' is not percent-encoded UTF-8");
        }
    }
}

package io.moorage.cli.kv;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.files.RemotePath;
import io.moorage.cli.rest.Urls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What commands about keys read from their arguments and from standard input, and how values are shown. */
final class KvInput {
    static final int MAX_VALUE_BYTES = 1 << 20;

    private KvInput() {}

    /** @param place VOLUME:KEY. @throws Failure if it names no key */
    static RemotePath key(String place) {
        RemotePath path = RemotePath.parse(place);
        if (path.isVolume()) {
            throw Failure.usage("'" + place + "' names no key; write VOLUME:KEY");
        }
        return path;
    }

    static String url(RemotePath path) {
        return "/kv/" + Urls.path(path.volume()) + "/" + Urls.path(path.key());
    }

    /** @param argument the value itself; "-" = standard input */
    static byte[] value(Session session, String argument) throws IOException {
        if (!argument.equals("-")) {
            return argument.getBytes(StandardCharsets.UTF_8);
        }
        byte[] bytes = session.console().in().readNBytes(MAX_VALUE_BYTES + 1);
        if (bytes.length > MAX_VALUE_BYTES) {
            throw Failure.usage("the value has more than " + MAX_VALUE_BYTES + " bytes; store it with `moorage put`");
        }
        return bytes;
    }

    /** The bytes of a value in JSON. */
    static byte[] bytes(JsonNode node) {
        return node.has("valueBase64")
                ? Base64.getDecoder().decode(node.path("valueBase64").asText())
                : node.path("value").asText("").getBytes(StandardCharsets.UTF_8);
    }

    /** A value on one line. */
    static String line(JsonNode node) {
        if (node.has("valueBase64")) {
            return "base64:" + node.path("valueBase64").asText();
        }
        return node.path("value")
                .asText("")
                .replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }
}

package io.moorage.api.kv;

import com.google.protobuf.ByteString;
import io.moorage.api.http.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** Values in JSON: as text where they are text in UTF-8, otherwise in base64 under another name. */
final class ValueJson {
    private ValueJson() {}

    static void put(Map<String, Object> json, ByteString value) {
        try {
            // A decoder of its own reports what String would replace.
            json.put(
                    "value",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(value.toByteArray()))
                            .toString());
        } catch (CharacterCodingException e) {
            json.put("valueBase64", Base64.getEncoder().encodeToString(value.toByteArray()));
        }
    }

    /** @throws Problem 400 unless exactly one of both is there */
    static ByteString read(String name, String text, String base64) {
        if ((text == null) == (base64 == null)) {
            throw Problem.invalid("give '" + name + "' (text) or '" + name + "Base64', one of both");
        }
        if (text != null) {
            return ByteString.copyFromUtf8(text);
        }
        try {
            return ByteString.copyFrom(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            throw Problem.invalid(name + "Base64 is not base64: " + e.getMessage());
        }
    }
}

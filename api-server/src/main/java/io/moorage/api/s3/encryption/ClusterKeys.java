package io.moorage.api.s3.encryption;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of the cluster that wrap the keys of objects (SSE-S3). The first one wraps new objects' keys, and all of them unwrap, so
 * that a new key is put in front of the old ones. Immutable.
 */
public final class ClusterKeys {
    /** There are none. */
    public static final ClusterKeys NONE = new ClusterKeys(new LinkedHashMap<>());

    private static final int LENGTH = 32;
    private static final long MAX_FILE_BYTES = 64 * 1024;

    private final Map<String, byte[]> byId;
    private final Optional<String> current;

    private ClusterKeys(Map<String, byte[]> byId) {
        this.byId = byId;
        this.current = byId.keySet().stream().findFirst();
    }

    /**
     * Reads a file of lines "ID BASE64", of 32 octets each; empty lines and those that begin with '#' are none.
     *
     * @param file null, or one that does not exist (an optional Secret): there are no keys
     * @throws IllegalArgumentException if it cannot be used; the message says why, without any key
     */
    public static ClusterKeys read(Path file) {
        if (file == null || Files.notExists(file)) {
            return NONE;
        }
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new IllegalArgumentException(
                        "s3.encryption-keys-file '" + file + "' is longer than " + MAX_FILE_BYTES + " bytes");
            }
            return parse(Files.readAllLines(file), file.toString());
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "s3.encryption-keys-file '" + file + "' cannot be read: " + e.getMessage(), e);
        }
    }

    static ClusterKeys parse(List<String> lines, String file) {
        Map<String, byte[]> keys = new LinkedHashMap<>();
        int number = 0;
        for (String line : lines) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] fields = line.trim().split("\\s+");
            boolean good = fields.length == 2 && fields[0].matches("[A-Za-z0-9._-]{1,64}");
            byte[] key = good ? decode(fields[1]) : new byte[0];
            if (key.length != LENGTH) {
                throw new IllegalArgumentException("s3.encryption-keys-file '" + file + "', line " + number
                        + ": it must be a name of letters, digits, '.', '_' and '-', a blank, and 32 bytes in base64"
                        + " (openssl rand -base64 32)");
            }
            if (keys.put(fields[0], key) != null) {
                throw new IllegalArgumentException("s3.encryption-keys-file '" + file + "', line " + number
                        + ": there is another key '" + fields[0] + "'");
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("s3.encryption-keys-file '" + file + "' holds no key");
        }
        return new ClusterKeys(keys);
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /** The name of the key for new objects; empty: there is none, and nothing can be encrypted with it. */
    public Optional<String> current() {
        return current;
    }

    Optional<byte[]> find(String id) {
        return Optional.ofNullable(byId.get(id)).map(key -> Arrays.copyOf(key, key.length));
    }
}

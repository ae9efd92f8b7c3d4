package io.moorage.cli.files;

import io.moorage.cli.Failure;
import io.moorage.cli.rest.ApiClient;

/**
 * A place in a volume, written VOLUME:KEY. Immutable.
 *
 * @param key "" = the volume itself; a directory ends with "/"
 */
public record RemotePath(String volume, String key) {

    /** @throws Failure if it is not VOLUME:KEY */
    public static RemotePath parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw Failure.of(
                    Failure.USAGE,
                    "'" + text + "' is not a place in a volume; write VOLUME:PATH, as in photos:2026/a.jpg");
        }
        String key = text.substring(colon + 1);
        return new RemotePath(text.substring(0, colon), key.startsWith("/") ? key.substring(1) : key);
    }

    public static boolean looksRemote(String text) {
        int colon = text.indexOf(':');
        return colon > 0 && text.substring(0, colon).matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    }

    public String url() {
        return "/storage/volumes/" + ApiClient.encode(volume) + "/files/" + ApiClient.encode(key);
    }

    public RemotePath child(String name) {
        return new RemotePath(volume, key.isEmpty() || key.endsWith("/") ? key + name : key + "/" + name);
    }

    /** The same, as a directory. */
    public RemotePath directory() {
        return key.isEmpty() || key.endsWith("/") ? this : new RemotePath(volume, key + "/");
    }

    public boolean isDirectory() {
        return key.isEmpty() || key.endsWith("/");
    }

    public String name() {
        String trimmed = key.endsWith("/") ? key.substring(0, key.length() - 1) : key;
        return trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }

    @Override
    public String toString() {
        return volume + ":" + key;
    }
}

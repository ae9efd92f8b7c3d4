package io.moorage.cli.files;

import io.moorage.cli.Failure;
import io.moorage.cli.rest.Urls;

/**
 * A place in a volume, written VOLUME:KEY. Immutable.
 *
 * @param key "" = the volume itself; a directory ends with "/"
 */
public record RemotePath(String volume, String key) {

    /** @throws Failure if it is not VOLUME:KEY */
    public static RemotePath parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 1 || text.substring(0, colon).contains("/")) {
            throw Failure.usage(
                    "'" + text + "' is not a place in a volume; write VOLUME:PATH, as in photos:2026/a.jpg");
        }
        return new RemotePath(text.substring(0, colon), withoutSlash(text.substring(colon + 1)));
    }

    /** The same; a volume may stand without its colon. */
    public static RemotePath parseDirectory(String text) {
        return text.contains(":") || text.contains("/") ? parse(text) : parse(text + ":");
    }

    /** Keys are relative to their volume; people write photos:/a.jpg nevertheless. */
    private static String withoutSlash(String key) {
        return key.startsWith("/") ? key.substring(1) : key;
    }

    /** Where the REST API has it. */
    public String url() {
        return "/storage/volumes/" + Urls.path(volume) + "/files/" + Urls.path(key);
    }

    /** Something in this directory. */
    public RemotePath child(String name) {
        return new RemotePath(volume, directory().key + name);
    }

    /** The same, as a directory. */
    public RemotePath directory() {
        return isDirectory() ? this : new RemotePath(volume, key + "/");
    }

    /** Whether it is written as a directory. */
    public boolean isDirectory() {
        return key.isEmpty() || key.endsWith("/");
    }

    /** Whether it is all of a volume. */
    public boolean isVolume() {
        return key.isEmpty();
    }

    /** The last part of the key; of a volume, its name. */
    public String name() {
        String trimmed = key.endsWith("/") ? key.substring(0, key.length() - 1) : key;
        return trimmed.isEmpty() ? volume : trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }

    @Override
    public String toString() {
        return volume + ":" + key;
    }
}

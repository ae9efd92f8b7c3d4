package io.moorage.cli.kubernetes.store;

import java.util.Comparator;

/**
 * Which resource.
 *
 * @param resource such as "volumes.moorage.io"
 * @param namespace "" = the resource is in none
 */
public record Key(String resource, String namespace, String name) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
            Comparator.comparing(Key::resource).thenComparing(Key::namespace).thenComparing(Key::name);

    @Override
    public int compareTo(Key other) {
        return ORDER.compare(this, other);
    }
}

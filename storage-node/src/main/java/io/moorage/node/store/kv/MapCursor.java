package io.moorage.node.store.kv;

import java.util.Map;
import java.util.NavigableMap;

/** A cursor over a sorted map that nobody changes meanwhile. */
final class MapCursor implements Cursor {
    private final NavigableMap<byte[], byte[]> map;
    private Map.Entry<byte[], byte[]> current;

    MapCursor(NavigableMap<byte[], byte[]> map, byte[] from) {
        this.map = map;
        seek(from);
    }

    @Override
    public boolean valid() {
        return current != null;
    }

    @Override
    public byte[] key() {
        return current.getKey();
    }

    @Override
    public byte[] value() {
        return current.getValue();
    }

    @Override
    public void next() {
        current = map.higherEntry(current.getKey());
    }

    @Override
    public void seek(byte[] key) {
        current = map.ceilingEntry(key);
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}

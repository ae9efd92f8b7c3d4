package io.moorage.node.extent;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How much of each file is live. Thread-safe. */
final class SpaceLedger {
    /**
     * @param total bytes handed out
     * @param live bytes of extents that are there or being written
     */
    record Usage(long volume, long file, long total, long live) {}

    private record FileId(long volume, long file) {}

    private static final class Counts {
        long total;
        long live;
    }

    private final Map<FileId, Counts> files = new HashMap<>();

    synchronized void reserved(long volume, long file, long bytes) {
        Counts counts = files.computeIfAbsent(new FileId(volume, file), id -> new Counts());
        counts.total += bytes;
        counts.live += bytes;
    }

    /** A file found at start: its size, and nothing live yet. */
    synchronized void found(long volume, long file, long bytes) {
        files.computeIfAbsent(new FileId(volume, file), id -> new Counts()).total = bytes;
    }

    synchronized void live(long volume, long file, long bytes) {
        files.computeIfAbsent(new FileId(volume, file), id -> new Counts()).live += bytes;
    }

    synchronized void freed(long volume, long file, long bytes) {
        Counts counts = files.get(new FileId(volume, file));
        if (counts != null) {
            counts.live -= bytes;
        }
    }

    synchronized void deleted(long volume, long file) {
        files.remove(new FileId(volume, file));
    }

    synchronized void dropped(long volume) {
        files.keySet().removeIf(id -> id.volume == volume);
    }

    synchronized List<Usage> usages() {
        List<Usage> usages = new ArrayList<>(files.size());
        files.forEach((id, counts) -> usages.add(new Usage(id.volume, id.file, counts.total, counts.live)));
        return usages;
    }

    synchronized long liveBytes() {
        return files.values().stream().mapToLong(c -> c.live).sum();
    }

    synchronized long garbageBytes() {
        return files.values().stream().mapToLong(c -> c.total - c.live).sum();
    }

    synchronized int files() {
        return files.size();
    }
}

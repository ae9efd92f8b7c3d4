package io.moorage.node.extent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives freed space back. A file without live extents is deleted; the one with the most garbage, if that is more than half of
 * it, has its live extents copied (verified) to the active file and is deleted then. At every moment a live extent is whole in
 * the file that the index names: the copy is durable, and the index flushed, before the original goes.
 */
final class ExtentCompaction {
    private static final Logger LOG = LoggerFactory.getLogger(ExtentCompaction.class);

    private final ExtentStore store;
    private final ExtentIndex index;
    private final SpaceLedger ledger;

    ExtentCompaction(ExtentStore store, ExtentIndex index, SpaceLedger ledger) {
        this.store = store;
        this.index = index;
        this.ledger = ledger;
    }

    void run() throws IOException {
        List<SpaceLedger.Usage> candidates = new ArrayList<>();
        for (SpaceLedger.Usage usage : ledger.usages()) {
            if (usage.live() * 2 >= usage.total()) {
                continue;
            }
            if (store.isActive(usage.volume(), usage.file())) {
                if (usage.total() < store.options().fileBytes() / 8 && usage.live() > 0) {
                    continue;
                }
                store.roll(usage.volume());
            }
            candidates.add(usage);
        }
        if (candidates.stream().anyMatch(usage -> usage.live() == 0)) {
            // What was freed must stay freed, once its file is gone.
            index.flush();
        }
        for (SpaceLedger.Usage usage : candidates) {
            if (usage.live() == 0) {
                store.deleteFile(usage.volume(), usage.file());
            }
        }
        Optional<SpaceLedger.Usage> worst = candidates.stream()
                .filter(usage -> usage.live() > 0)
                .max(Comparator.comparingLong(usage -> usage.total() - usage.live()));
        if (worst.isPresent()) {
            rewrite(worst.get());
        }
    }

    private void rewrite(SpaceLedger.Usage usage) throws IOException {
        Map<ExtentKey, ExtentLocation> live = new TreeMap<>();
        index.forEachIn(usage.volume(), (key, location) -> {
            if (location.file() == usage.file()) {
                live.put(key, location);
            }
            return true;
        });
        long liveBytes =
                live.values().stream().mapToLong(ExtentLocation::recordBytes).sum();
        if (liveBytes != usage.live()) {
            // Somebody is writing to it, or frees something right now: next time.
            return;
        }
        for (Map.Entry<ExtentKey, ExtentLocation> extent : live.entrySet()) {
            try {
                store.move(extent.getKey(), extent.getValue());
            } catch (ExtentException e) {
                if (e.reason() == ExtentException.Reason.CORRUPT) {
                    // It stays where it is until it was mended; so does the file.
                    LOG.warn("file {} is not rewritten: {}", usage.file(), e.getMessage());
                    return;
                }
                throw e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (ExecutionException e) {
                throw new IOException(e.getCause());
            }
        }
        index.flush();
        store.deleteFile(usage.volume(), usage.file());
        LOG.info(
                "file {} of volume {} rewritten: {} of {} bytes were live",
                usage.file(),
                Long.toHexString(usage.volume()),
                usage.live(),
                usage.total());
    }
}

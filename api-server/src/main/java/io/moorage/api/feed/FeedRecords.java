package io.moorage.api.feed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.moorage.api.volumes.NamedVolume;
import io.moorage.client.CallOptions;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeRef;
import io.moorage.client.control.ControlPlane;
import io.moorage.client.kv.Comparisons;
import io.moorage.client.kv.Kv;
import io.moorage.client.kv.KvPage;
import io.moorage.client.kv.KvPutOptions;
import io.moorage.client.kv.Operations;
import io.moorage.protocol.v1.Compare;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.KeyValue;
import io.moorage.protocol.v1.Transact;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Small JSON records about the feeds of volumes, in the cluster's `system` volume, changed by compare-and-swap. A record belongs
 * to one volume for its life: one that was made anew under the same name starts without any. Thread-safe.
 */
final class FeedRecords {
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private static final KvPutOptions AS_JSON = new KvPutOptions("application/json", 0, false);
    private static final CallOptions QUORUM = CallOptions.DEFAULT.withConsistency(Consistency.CONSISTENCY_QUORUM);
    private static final int PAGE = 500;

    /** @param version for the next compare-and-swap */
    record Stored<T>(String key, T value, long version) {}

    private final ControlPlane plane;
    private final Function<VolumeRef, Kv> keys;

    FeedRecords(ControlPlane plane, Function<VolumeRef, Kv> keys) {
        this.plane = plane;
        this.keys = keys;
    }

    /** UNAVAILABLE while nobody knows where it is. */
    Kv system() {
        return keys.apply(NamedVolume.system(plane));
    }

    /** Where the records of one kind of a volume are. */
    static String prefix(VolumeRef volume, String kind) {
        return prefix(kind) + volume.name() + "/" + Long.toUnsignedString(volume.id(), 36) + "/";
    }

    /** Where the records of one kind are, of all volumes. */
    static String prefix(String kind) {
        return "feeds/" + kind + "/";
    }

    <T> Optional<Stored<T>> get(String key, Class<T> type) {
        return system().get(key, CallOptions.DEFAULT).map(found -> parse(found, type));
    }

    /** As it was a moment ago at the latest; leaves nothing in the log. */
    <T> Optional<Stored<T>> look(String key, Class<T> type) {
        return system().get(key, QUORUM).map(found -> parse(found, type));
    }

    <T> List<Stored<T>> list(String prefix, Class<T> type) {
        Kv system = system();
        List<Stored<T>> found = new ArrayList<>();
        for (String key : keys(prefix, CallOptions.DEFAULT)) {
            system.get(key, CallOptions.DEFAULT).ifPresent(entry -> found.add(parse(entry, type)));
        }
        return found;
    }

    /** The keys of records as they were a moment ago at the latest; leaves nothing in the log. */
    List<String> look(String prefix) {
        return keys(prefix, QUORUM);
    }

    private List<String> keys(String prefix, CallOptions call) {
        List<String> found = new ArrayList<>();
        String after = "";
        do {
            KvPage page = system().range(prefix, after, PAGE, true, call);
            page.entries().forEach(entry -> found.add(entry.getEntry().getKey()));
            after = page.next();
        } while (!after.isEmpty());
        return found;
    }

    /**
     * @param version 0 = there must be none
     * @param fence also must hold; null = none
     * @return whether it was written: nobody was faster, and the fence held
     */
    boolean put(String key, Object value, long version, Compare fence) {
        try {
            Transact.Builder transact = Transact.newBuilder()
                    .addCompare(Comparisons.version(key, version))
                    .addSuccess(Operations.put(key, ByteString.copyFrom(JSON.writeValueAsBytes(value)), AS_JSON));
            if (fence != null) {
                transact.addCompare(fence);
            }
            return system().transact(transact.build(), CallOptions.DEFAULT).getSucceeded();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    boolean delete(String key) {
        return system().delete(key, CallOptions.DEFAULT).getExisted();
    }

    private static <T> Stored<T> parse(KeyValue found, Class<T> type) {
        try {
            return new Stored<>(
                    found.getEntry().getKey(),
                    JSON.readValue(found.getValue().toByteArray(), type),
                    found.getEntry().getVersion());
        } catch (IOException e) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_INTERNAL,
                    "record " + found.getEntry().getKey() + " of the system volume cannot be read: " + e.getMessage());
        }
    }
}

package io.moorage.client.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.moorage.client.CallOptions;
import io.moorage.client.EntryReader;
import io.moorage.client.MoorageException;
import io.moorage.client.PutOptions;
import io.moorage.client.VolumeStore;
import io.moorage.protocol.v1.Digest;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ListResponse;
import io.moorage.protocol.v1.Precondition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Small JSON records in the `system` volume, changed by compare-and-set. Thread-safe. */
final class Catalog {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param version for the next compare-and-set */
    record Versioned<T>(T value, long version) {}

    private final VolumeStore system;

    Catalog(VolumeStore system) {
        this.system = system;
    }

    <T> Optional<Versioned<T>> get(String key, Class<T> type, CallOptions options) {
        try (EntryReader reader = system.open(key, options).orElse(null)) {
            if (reader == null) {
                return Optional.empty();
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            reader.transferTo(0, reader.entry().getSize(), out);
            return Optional.of(new Versioned<>(
                    JSON.readValue(out.toByteArray(), type), reader.entry().getVersion()));
        } catch (IOException e) {
            throw new UncheckedIOException("record " + key + " of the system volume cannot be read", e);
        }
    }

    /**
     * @param version 0 = there must be none
     * @return the new version
     * @throws MoorageException PRECONDITION_FAILED if somebody else was faster
     */
    long put(String key, Object value, long version) {
        Precondition condition = version == 0
                ? Precondition.newBuilder().setMustNotExist(true).build()
                : Precondition.newBuilder().addVersionAnyOf(version).build();
        try {
            byte[] bytes = JSON.writeValueAsBytes(value);
            PutOptions options = new PutOptions(key, "application/json", List.of(), condition, List::<Digest>of);
            return system.put(options, new ByteArrayInputStream(bytes), bytes.length, CallOptions.DEFAULT)
                    .getEntry()
                    .getVersion();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void delete(String key, long version) {
        try {
            system.delete(
                    key, Precondition.newBuilder().addVersionAnyOf(version).build(), CallOptions.DEFAULT);
        } catch (MoorageException e) {
            if (e.code() != ErrorCode.ERROR_CODE_PRECONDITION_FAILED || e.currentVersion() != 0) {
                throw e;
            }
        }
    }

    /** All records below a prefix, by the rest of their key. */
    <T> Map<String, Versioned<T>> list(String prefix, Class<T> type, CallOptions options) {
        Map<String, Versioned<T>> found = new TreeMap<>();
        String after = "";
        ListResponse page;
        do {
            page = system.list(prefix, "", after, 1000, options);
            for (Entry entry : page.getEntriesList()) {
                get(entry.getKey(), type, options)
                        .ifPresent(record -> found.put(entry.getKey().substring(prefix.length()), record));
            }
            after = page.getNextStartAfter();
        } while (page.getTruncated());
        return found;
    }
}

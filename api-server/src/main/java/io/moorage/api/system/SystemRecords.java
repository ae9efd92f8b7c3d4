package io.moorage.api.system;

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
import java.util.Optional;
import java.util.function.Supplier;

/**
 * JSON records of one type below a prefix of the `system` volume, changed by compare-and-set. Reads are linearizable, as that
 * volume's are. Methods throw {@link MoorageException}. Thread-safe.
 *
 * @param <T> a record that Jackson can read and write
 */
public final class SystemRecords<T> {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param version for the next compare-and-set */
    public record Versioned<T>(T value, long version) {}

    /**
     * Some of the records, in the order of their names.
     *
     * @param names without the prefix
     * @param truncated whether there are more after the last of them
     */
    public record Page(List<String> names, boolean truncated) {}

    private final Supplier<VolumeStore> system;
    private final String prefix;
    private final Class<T> type;

    /** @param prefix ends with "/" */
    public SystemRecords(Supplier<VolumeStore> system, String prefix, Class<T> type) {
        this.system = system;
        this.prefix = prefix;
        this.type = type;
    }

    public Optional<Versioned<T>> get(String name) {
        try (EntryReader reader =
                system.get().open(prefix + name, CallOptions.DEFAULT).orElse(null)) {
            if (reader == null) {
                return Optional.empty();
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            reader.transferTo(0, reader.entry().getSize(), out);
            return Optional.of(new Versioned<>(
                    JSON.readValue(out.toByteArray(), type), reader.entry().getVersion()));
        } catch (IOException e) {
            throw new UncheckedIOException("record " + prefix + name + " of the system volume cannot be read", e);
        }
    }

    /**
     * @param version 0 = there must be none
     * @return the new version
     * @throws MoorageException PRECONDITION_FAILED if somebody else was faster
     */
    public long put(String name, T value, long version) {
        try {
            byte[] bytes = JSON.writeValueAsBytes(value);
            PutOptions options =
                    new PutOptions(prefix + name, "application/json", List.of(), condition(version), List::<Digest>of);
            return system.get()
                    .put(options, new ByteArrayInputStream(bytes), bytes.length, CallOptions.DEFAULT)
                    .getEntry()
                    .getVersion();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that is gone already is no error. @throws MoorageException PRECONDITION_FAILED if it is another version */
    public void delete(String name, long version) {
        try {
            system.get().delete(prefix + name, condition(version), CallOptions.DEFAULT);
        } catch (MoorageException e) {
            if (e.code() != ErrorCode.ERROR_CODE_PRECONDITION_FAILED || e.currentVersion() != 0) {
                throw e;
            }
        }
    }

    /**
     * Names that begin with something.
     *
     * @param start what they begin with
     * @param after names after this one; empty: from the first
     * @param limit 1 to 1000
     */
    public Page names(String start, String after, int limit) {
        ListResponse page = system.get()
                .list(prefix + start, "", after.isEmpty() ? "" : prefix + after, limit, CallOptions.DEFAULT);
        return new Page(
                page.getEntriesList().stream()
                        .map(Entry::getKey)
                        .map(key -> key.substring(prefix.length()))
                        .toList(),
                page.getTruncated());
    }

    private static Precondition condition(long version) {
        return version == 0
                ? Precondition.newBuilder().setMustNotExist(true).build()
                : Precondition.newBuilder().addVersionAnyOf(version).build();
    }
}

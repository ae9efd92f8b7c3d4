package io.moorage.api.users;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.moorage.api.system.SystemRecords;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeStore;
import io.moorage.protocol.v1.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Users in the `system` volume, one record for each access key: for clusters without Kubernetes. Thread-safe. */
public final class SystemUsers implements Users {
    private static final Duration KNOWN_FOR = Duration.ofSeconds(2);
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9]{16,128}");
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final int PAGE = 1000;

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Stored(String name, String secret, boolean suspended, List<Grant> grants, long createdAtMs) {}

    private final SystemRecords<Stored> records;
    private final Cache<String, Optional<AccessKey>> fresh = Caffeine.newBuilder()
            .expireAfterWrite(KNOWN_FOR)
            .maximumSize(10_000)
            .build();
    /** What is known for longer, for when the system volume cannot be asked. */
    private final Cache<String, AccessKey> known =
            Caffeine.newBuilder().maximumSize(10_000).build();

    /** @param system the store of the `system` volume */
    public SystemUsers(Supplier<VolumeStore> system) {
        this.records = new SystemRecords<>(system, "users/", Stored.class);
    }

    @Override
    public Optional<AccessKey> find(String accessKeyId) {
        if (!KEY_ID.matcher(accessKeyId).matches()) {
            return Optional.empty();
        }
        Optional<AccessKey> cached = fresh.getIfPresent(accessKeyId);
        if (cached != null) {
            return cached;
        }
        try {
            Optional<AccessKey> found = records.get(accessKeyId).map(record -> key(accessKeyId, record.value()));
            fresh.put(accessKeyId, found);
            found.ifPresentOrElse(key -> known.put(accessKeyId, key), () -> known.invalidate(accessKeyId));
            return found;
        } catch (MoorageException e) {
            AccessKey stale = known.getIfPresent(accessKeyId);
            if (stale == null) {
                throw e;
            }
            return Optional.of(stale);
        }
    }

    @Override
    public List<User> all() {
        return keys().stream()
                .map(AccessKey::user)
                .sorted(Comparator.comparing(User::name))
                .toList();
    }

    @Override
    public AccessKey create(String name, List<Grant> grants) {
        if (!NAME.matcher(name).matches()) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_INVALID_ARGUMENT,
                    "user name '" + name
                            + "' must be 1 to 63 of a-z, 0-9 and '-', and begin and end with a letter or digit");
        }
        if (keys().stream().anyMatch(key -> key.user().name().equals(name))) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_ALREADY_EXISTS,
                    "user '" + name + "' exists already; delete it to get new keys");
        }
        NewKeys keys = NewKeys.random();
        Stored stored =
                new Stored(name, keys.secret(), false, grants, Instant.now().toEpochMilli());
        records.put(keys.id(), stored, 0);
        fresh.invalidate(keys.id());
        return key(keys.id(), stored);
    }

    @Override
    public boolean delete(String name) {
        boolean found = false;
        for (AccessKey key : keys()) {
            if (key.user().name().equals(name)) {
                records.get(key.id()).ifPresent(record -> records.delete(key.id(), record.version()));
                fresh.invalidate(key.id());
                known.invalidate(key.id());
                found = true;
            }
        }
        return found;
    }

    private List<AccessKey> keys() {
        List<AccessKey> keys = new ArrayList<>();
        String after = "";
        SystemRecords.Page page;
        do {
            page = records.names("", after, PAGE);
            for (String id : page.names()) {
                records.get(id).ifPresent(record -> keys.add(key(id, record.value())));
                after = id;
            }
        } while (page.truncated());
        return keys;
    }

    private static AccessKey key(String id, Stored stored) {
        return new AccessKey(
                id,
                stored.secret(),
                new User(
                        stored.name(),
                        id,
                        stored.suspended(),
                        stored.grants(),
                        Instant.ofEpochMilli(stored.createdAtMs())));
    }
}

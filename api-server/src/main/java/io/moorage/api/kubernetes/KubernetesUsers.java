package io.moorage.api.kubernetes;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.moorage.api.users.AccessKey;
import io.moorage.api.users.Grant;
import io.moorage.api.users.User;
import io.moorage.api.users.Users;
import io.moorage.client.MoorageException;
import io.moorage.crds.v1alpha1.Reference;
import io.moorage.crds.v1alpha1.StorageUser;
import io.moorage.crds.v1alpha1.user.Access;
import io.moorage.crds.v1alpha1.user.StorageUserSpec;
import io.moorage.protocol.v1.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The StorageUsers of a cluster, with the keys that the operator wrote to their Secrets. Users are watched; a Secret is asked for
 * when a request is signed with its key, and believed for some seconds, or for as long as the Kubernetes API is away. Thread-safe.
 */
public final class KubernetesUsers implements Users, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KubernetesUsers.class);
    private static final Duration BELIEVED_FOR = Duration.ofSeconds(5);
    private static final Duration SECRET_WAIT = Duration.ofSeconds(10);
    private static final long LOOK_EVERY_MILLIS = 100;

    private final KubernetesConnection kubernetes;
    private final Refusals refusals = new Refusals();
    private final SharedIndexInformer<StorageUser> users;
    private final Cache<String, AccessKey> fresh = Caffeine.newBuilder()
            .expireAfterWrite(BELIEVED_FOR)
            .maximumSize(10_000)
            .build();
    private final Cache<String, AccessKey> known =
            Caffeine.newBuilder().maximumSize(10_000).build();

    /** @param kubernetes not closed with this */
    public KubernetesUsers(KubernetesConnection kubernetes) {
        this.kubernetes = kubernetes;
        this.users = kubernetes
                .client()
                .resources(StorageUser.class)
                .inNamespace(kubernetes.namespace())
                .runnableInformer(0);
    }

    /** Begins to watch; does not wait. */
    public void start() {
        users.exceptionHandler((started, e) -> {
            LOG.debug("storageusers cannot be watched, which is tried again: {}", Refusals.text(e));
            return true;
        });
        users.start();
    }

    @Override
    public Optional<AccessKey> find(String accessKeyId) {
        AccessKey cached = fresh.getIfPresent(accessKeyId);
        if (cached != null) {
            return Optional.of(cached);
        }
        if (!users.hasSynced()) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_UNAVAILABLE,
                    "the Kubernetes API has not said yet which users there are",
                    0,
                    false,
                    Duration.ofSeconds(1),
                    null);
        }
        Optional<StorageUser> owner =
                ours().stream().filter(user -> has(user, accessKeyId)).findFirst();
        if (owner.isEmpty()) {
            known.invalidate(accessKeyId);
            return Optional.empty();
        }
        try {
            Optional<AccessKey> found = secret(owner.get()).flatMap(secret -> key(owner.get(), secret, accessKeyId));
            found.ifPresentOrElse(
                    key -> {
                        fresh.put(accessKeyId, key);
                        known.put(accessKeyId, key);
                    },
                    () -> known.invalidate(accessKeyId));
            return found;
        } catch (KubernetesClientException e) {
            AccessKey stale = known.getIfPresent(accessKeyId);
            if (stale == null) {
                throw refusals.of(
                        e, "the Secret of user '" + owner.get().getMetadata().getName() + "'");
            }
            // Grants and suspension are as they were heard of last; the secret is the one of before.
            return Optional.of(new AccessKey(stale.id(), stale.secret(), user(owner.get())));
        }
    }

    private List<StorageUser> ours() {
        return users.getStore().list().stream()
                .filter(user -> user.getSpec() != null
                        && user.getSpec().clusterRef() != null
                        && kubernetes
                                .cluster()
                                .equals(user.getSpec().clusterRef().name()))
                .toList();
    }

    private static boolean has(StorageUser user, String accessKeyId) {
        return user.getMetadata().getDeletionTimestamp() == null
                && user.getStatus() != null
                && (accessKeyId.equals(user.getStatus().accessKeyId())
                        || accessKeyId.equals(user.getStatus().formerAccessKeyId()));
    }

    private Optional<Secret> secret(StorageUser user) {
        Reference reference = user.getStatus().secretRef();
        return Optional.ofNullable(kubernetes
                .client()
                .secrets()
                .inNamespace(kubernetes.namespace())
                .withName(reference == null ? user.getMetadata().getName() : reference.name())
                .get());
    }

    /** The Secret says which keys are good; former ones until their time is over. */
    private static Optional<AccessKey> key(StorageUser user, Secret secret, String accessKeyId) {
        if (accessKeyId.equals(data(secret, "accessKeyId"))) {
            return Optional.ofNullable(data(secret, "secretAccessKey"))
                    .map(value -> new AccessKey(accessKeyId, value, user(user)));
        }
        String until = user.getStatus().formerExpirationTime();
        boolean over = until == null || !Instant.now().isBefore(Instant.parse(until));
        return over || !accessKeyId.equals(data(secret, "formerAccessKeyId"))
                ? Optional.empty()
                : Optional.ofNullable(data(secret, "formerSecretAccessKey"))
                        .map(value -> new AccessKey(accessKeyId, value, user(user)));
    }

    private static String data(Secret secret, String name) {
        Map<String, String> data = secret.getData();
        return data == null || !data.containsKey(name)
                ? null
                : new String(Base64.getDecoder().decode(data.get(name)), StandardCharsets.UTF_8);
    }

    private static User user(StorageUser user) {
        String created = user.getMetadata().getCreationTimestamp();
        return new User(
                user.getMetadata().getName(),
                user.getStatus() == null || user.getStatus().accessKeyId() == null
                        ? ""
                        : user.getStatus().accessKeyId(),
                Boolean.TRUE.equals(user.getSpec().suspended()),
                user.getSpec().grants().stream()
                        .map(grant -> new Grant(grant.volume(), grant.prefix(), access(grant.access())))
                        .toList(),
                created == null ? Instant.EPOCH : Instant.parse(created));
    }

    private static Grant.Access access(Access access) {
        return switch (access) {
            case READ_ONLY -> Grant.Access.READ_ONLY;
            case READ_WRITE -> Grant.Access.READ_WRITE;
            case ADMIN -> Grant.Access.ADMIN;
        };
    }

    private static Access access(Grant.Access access) {
        return switch (access) {
            case READ_ONLY -> Access.READ_ONLY;
            case READ_WRITE -> Access.READ_WRITE;
            case ADMIN -> Access.ADMIN;
        };
    }

    @Override
    public List<User> all() {
        return ours().stream()
                .map(KubernetesUsers::user)
                .sorted(Comparator.comparing(User::name))
                .toList();
    }

    /** Makes a StorageUser, and waits until the operator has made its keys. */
    @Override
    public AccessKey create(String name, List<Grant> grants) {
        StorageUser user = new StorageUser();
        user.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(kubernetes.namespace())
                .build());
        user.setSpec(new StorageUserSpec(
                new Reference(kubernetes.cluster()),
                null,
                grants.stream()
                        .map(grant -> new io.moorage.crds.v1alpha1.user.Grant(
                                grant.volume(),
                                grant.prefix().isEmpty() ? null : grant.prefix(),
                                access(grant.access())))
                        .toList(),
                false,
                null));
        try {
            kubernetes.client().resource(user).create();
            return awaitKeys(name);
        } catch (KubernetesClientException e) {
            if (e.getCode() == 409) {
                throw new MoorageException(ErrorCode.ERROR_CODE_ALREADY_EXISTS, "user '" + name + "' exists already");
            }
            throw refusals.of(e, "user '" + name + "'");
        }
    }

    private AccessKey awaitKeys(String name) {
        long end = System.nanoTime() + SECRET_WAIT.toNanos();
        while (System.nanoTime() < end) {
            StorageUser user = resource(name).get();
            if (user != null && user.getStatus() != null && user.getStatus().accessKeyId() != null) {
                Optional<AccessKey> key = secret(user)
                        .flatMap(secret -> key(user, secret, user.getStatus().accessKeyId()));
                if (key.isPresent()) {
                    return key.get();
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        throw new MoorageException(
                ErrorCode.ERROR_CODE_UNAVAILABLE,
                "StorageUser '" + name + "' is made, but the operator has made no keys for it within "
                        + SECRET_WAIT.toSeconds() + " s; they will be in the Secret that its status names",
                0,
                true,
                Duration.ofSeconds(5),
                null);
    }

    @Override
    public boolean delete(String name) {
        try {
            StorageUser user = resource(name).get();
            if (user == null
                    || !kubernetes.cluster().equals(user.getSpec().clusterRef().name())) {
                return false;
            }
            fresh.invalidateAll();
            return !resource(name).delete().isEmpty();
        } catch (KubernetesClientException e) {
            throw refusals.of(e, "user '" + name + "'");
        }
    }

    private io.fabric8.kubernetes.client.dsl.Resource<StorageUser> resource(String name) {
        return kubernetes
                .client()
                .resources(StorageUser.class)
                .inNamespace(kubernetes.namespace())
                .withName(name);
    }

    @Override
    public void close() {
        users.stop();
    }
}

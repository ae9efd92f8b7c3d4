package io.moorage.operator.user;

import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.moorage.crds.v1alpha1.StorageUser;
import io.moorage.operator.naming.Names;
import io.moorage.operator.naming.Resources;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the Secret of a user holds. The Secret itself is the truth about the keys; the user's status follows it. Immutable.
 *
 * @param rotation value of the user's annotation that the keys are from; "" = none
 * @param made when
 * @param former the keys before, while they still work
 * @param formerUntil when they stop; present if and only if there are former keys
 */
record KeySecret(
        UserKeys keys, String rotation, Instant made, Optional<UserKeys> former, Optional<Instant> formerUntil) {
    static final String USER_LABEL = "moorage.io/user";

    private static final String ID = "accessKeyId";
    private static final String SECRET = "secretAccessKey";
    private static final String FORMER_ID = "formerAccessKeyId";
    private static final String FORMER_SECRET = "formerSecretAccessKey";
    private static final String ENDPOINT = "endpoint";
    private static final String FINGERPRINT = "moorage.io/fingerprint";
    private static final String FORMER_FINGERPRINT = "moorage.io/former-fingerprint";
    private static final String ROTATION = "moorage.io/rotation";
    private static final String MADE = "moorage.io/rotation-time";
    private static final String UNTIL = "moorage.io/former-expiration-time";

    /** Empty: there are no keys in it that were made by the operator. */
    static Optional<KeySecret> read(Secret secret) {
        Map<String, String> annotations = Resources.annotations(secret);
        Optional<UserKeys> keys = keys(secret, ID, SECRET, annotations.get(FINGERPRINT));
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        Optional<UserKeys> former = keys(secret, FORMER_ID, FORMER_SECRET, annotations.get(FORMER_FINGERPRINT));
        Optional<Instant> until = instant(annotations.get(UNTIL));
        if (former.isEmpty() || until.isEmpty()) {
            former = Optional.empty();
            until = Optional.empty();
        }
        return Optional.of(new KeySecret(
                keys.get(),
                annotations.getOrDefault(ROTATION, ""),
                instant(annotations.get(MADE)).orElse(Instant.EPOCH),
                former,
                until));
    }

    /** As it is applied. */
    Secret toSecret(StorageUser user, String endpoint) {
        Map<String, String> data = new TreeMap<>();
        data.put(ID, encode(keys.id()));
        data.put(SECRET, encode(keys.secret()));
        data.put(ENDPOINT, encode(endpoint));
        Map<String, String> annotations = new TreeMap<>();
        annotations.put(FINGERPRINT, keys.fingerprint());
        annotations.put(ROTATION, rotation);
        annotations.put(MADE, made.toString());
        former.ifPresent(one -> {
            data.put(FORMER_ID, encode(one.id()));
            data.put(FORMER_SECRET, encode(one.secret()));
            annotations.put(FORMER_FINGERPRINT, one.fingerprint());
            annotations.put(UNTIL, formerUntil.orElseThrow().toString());
        });
        return new SecretBuilder()
                .withNewMetadata()
                .withName(Names.secret(user))
                .withNamespace(user.getMetadata().getNamespace())
                .withLabels(Map.of(
                        USER_LABEL,
                        label(user),
                        Names.CLUSTER_LABEL,
                        user.getSpec().clusterRef().name(),
                        Names.MANAGED_BY,
                        Names.OPERATOR))
                .withAnnotations(annotations)
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion(user.getApiVersion())
                        .withKind(user.getKind())
                        .withName(user.getMetadata().getName())
                        .withUid(user.getMetadata().getUid())
                        .withController(true)
                        .withBlockOwnerDeletion(true)
                        .build())
                .endMetadata()
                .withType("Opaque")
                .withData(data)
                .build();
    }

    /** Labels are shorter than names may be. */
    private static String label(StorageUser user) {
        String name = user.getMetadata().getName();
        return name.length() <= 63 ? name : user.getMetadata().getUid();
    }

    /** Whether a present Secret needs nothing of what is to be applied; what others added to it does not count. */
    static boolean fits(Secret present, Secret wanted) {
        Map<String, String> data = present.getData() == null ? Map.of() : present.getData();
        boolean formerLeft =
                data.containsKey(FORMER_SECRET) && !wanted.getData().containsKey(FORMER_SECRET);
        return !formerLeft
                && data.entrySet().containsAll(wanted.getData().entrySet())
                && Resources.labels(present)
                        .entrySet()
                        .containsAll(Resources.labels(wanted).entrySet())
                && Resources.annotations(present)
                        .entrySet()
                        .containsAll(Resources.annotations(wanted).entrySet());
    }

    private static Optional<UserKeys> keys(Secret secret, String id, String key, String fingerprint) {
        if (secret.getData() == null
                || fingerprint == null
                || !secret.getData().containsKey(id)
                || !secret.getData().containsKey(key)) {
            return Optional.empty();
        }
        try {
            UserKeys keys = new UserKeys(
                    decode(secret.getData().get(id)), decode(secret.getData().get(key)));
            return keys.fingerprint().equals(fingerprint) ? Optional.of(keys) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.ofNullable(text).map(Instant::parse);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }
}

package io.moorage.api.s3.access;

import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.bucket.Settings;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.policy.BucketPolicy;
import io.moorage.api.s3.policy.Decision;
import io.moorage.api.s3.policy.PolicyRequest;
import io.moorage.api.s3.request.Operation;
import io.moorage.api.s3.request.Target;
import io.moorage.api.s3.xml.BucketDocuments;
import io.moorage.api.users.AccessKey;
import io.moorage.api.users.Grant;
import io.moorage.api.users.Users;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Decides as AWS does within one account (IAM user guide, "Policy evaluation logic"): what the bucket's policy denies is denied;
 * otherwise the user's grants or the policy must allow it. Who is not signed in has the policy alone, and not even that if the
 * bucket restricts public access. Thread-safe.
 */
public final class Authorization {
    private static final Set<Operation> READS = EnumSet.of(
            Operation.HEAD_BUCKET,
            Operation.LIST_OBJECTS,
            Operation.LIST_OBJECTS_V2,
            Operation.LIST_OBJECT_VERSIONS,
            Operation.LIST_MULTIPART_UPLOADS,
            Operation.GET_BUCKET_LOCATION,
            Operation.GET_BUCKET_VERSIONING,
            Operation.GET_OBJECT,
            Operation.HEAD_OBJECT,
            Operation.LIST_PARTS,
            Operation.GET_OBJECT_ACL,
            Operation.GET_OBJECT_TAGGING,
            Operation.GET_OBJECT_ATTRIBUTES,
            Operation.GET_OBJECT_RETENTION,
            Operation.GET_OBJECT_LEGAL_HOLD);
    /** Those that the owner may do whatever the policy says, so that nobody locks themselves out. */
    private static final Set<Operation> ALWAYS_THE_OWNERS =
            EnumSet.of(Operation.GET_BUCKET_POLICY, Operation.PUT_BUCKET_POLICY, Operation.DELETE_BUCKET_POLICY);

    private static final String BYPASS = "s3:BypassGovernanceRetention";

    private final Users users;

    public Authorization(Users users) {
        this.users = users;
    }

    /** @throws S3Exception AccessDenied */
    public void check(S3Exchange exchange, Bucket bucket) {
        Operation operation = exchange.operation();
        boolean ofVersion = exchange.query("versionId").isPresent();
        check(exchange, bucket, exchange.key(), operation, operation.action(ofVersion), access(operation));
        boolean bypasses = exchange.header("x-amz-bypass-governance-retention")
                .filter(value -> value.equalsIgnoreCase("true"))
                .isPresent();
        if (bypasses) {
            check(exchange, bucket, exchange.key(), operation, BYPASS, Grant.Access.ADMIN);
        }
    }

    /** For one key of a request that is about several, and for sources of copies. @throws S3Exception AccessDenied */
    public void check(S3Exchange exchange, Bucket bucket, String key, Operation operation, boolean ofVersion) {
        check(exchange, bucket, key, operation, operation.action(ofVersion), access(operation));
    }

    /** Whether the user may make buckets in a volume. @throws S3Exception AccessDenied */
    public void checkVolume(S3Exchange exchange, String volume, String bucketName) {
        if (!granted(exchange, volume, bucketName + "/", Grant.Access.ADMIN)) {
            throw denied();
        }
    }

    /** Whether the caller sees a bucket in a list of all. */
    public boolean sees(S3Exchange exchange, Bucket bucket) {
        return key(exchange)
                .map(key -> key.user().grants().stream()
                        .anyMatch(grant -> grant.covers(bucket.record().volume())
                                && (grant.prefix().startsWith(bucket.directory())
                                        || bucket.directory().startsWith(grant.prefix()))))
                .orElse(false);
    }

    /** @throws S3Exception AccessDenied for those who are not signed in */
    public void requireUser(S3Exchange exchange) {
        if (exchange.authentication().caller().anonymous()) {
            throw denied();
        }
    }

    private void check(
            S3Exchange exchange, Bucket bucket, String key, Operation operation, String action, Grant.Access access) {
        exchange.header("x-amz-expected-bucket-owner").ifPresent(owner -> {
            if (!owner.equals(
                            io.moorage.api.s3.exchange.Owners.id(bucket.record().owner()))
                    && !owner.equals(bucket.record().owner())) {
                throw denied();
            }
        });
        Optional<BucketPolicy> policy =
                bucket.setting(Settings.POLICY, document -> BucketPolicy.parse(document, bucket.name()));
        boolean anonymous = exchange.authentication().caller().anonymous();
        boolean restricted = bucket.setting(Settings.PUBLIC_ACCESS, Settings::publicAccess)
                .map(BucketDocuments.PublicAccessBlock::restrictPublicBuckets)
                .orElse(false);
        Decision decision = anonymous && restricted
                ? Decision.NONE
                : policy.map(it -> it.decide(request(exchange, new Target(bucket.name(), key), action)))
                        .orElse(Decision.NONE);
        boolean owner = !anonymous && exchange.user().equals(bucket.record().owner());
        if (decision == Decision.DENY && !(owner && ALWAYS_THE_OWNERS.contains(operation))) {
            throw denied();
        }
        String prefix = key.isEmpty() && READS.contains(operation)
                ? bucket.entryKey(exchange.query("prefix").orElse(""))
                : bucket.entryKey(key);
        if (decision != Decision.ALLOW && !granted(exchange, bucket.record().volume(), prefix, access)) {
            throw denied();
        }
    }

    private static PolicyRequest request(S3Exchange exchange, Target target, String action) {
        return PolicyRequest.of(
                exchange.head(),
                target,
                exchange.authentication().caller(),
                action,
                exchange.context().req().isSecure(),
                exchange.context().req().getRemoteAddr(),
                exchange.authentication().presigned());
    }

    private boolean granted(S3Exchange exchange, String volume, String key, Grant.Access access) {
        return key(exchange)
                .map(found -> found.user().grants().stream().anyMatch(grant -> grant.allows(volume, key, access)))
                .orElse(false);
    }

    private Optional<AccessKey> key(S3Exchange exchange) {
        return exchange.authentication().caller().anonymous()
                ? Optional.empty()
                : users.find(exchange.authentication().caller().accessKeyId());
    }

    private static Grant.Access access(Operation operation) {
        if (READS.contains(operation)) {
            return Grant.Access.READ_ONLY;
        }
        boolean ofObjects = operation.level() == Operation.Level.OBJECT
                || operation == Operation.DELETE_OBJECTS
                || operation == Operation.POST_OBJECT;
        return ofObjects ? Grant.Access.READ_WRITE : Grant.Access.ADMIN;
    }

    private static S3Exception denied() {
        return new S3Exception(S3ErrorCode.ACCESS_DENIED);
    }
}

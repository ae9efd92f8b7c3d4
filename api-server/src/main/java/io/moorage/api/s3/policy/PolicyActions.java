package io.moorage.api.s3.policy;

import io.moorage.api.s3.request.Operation;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The actions that policies can name (Service authorization reference, "Actions defined by Amazon S3"), in lower case. */
final class PolicyActions {
    private static final Set<String> ALL = Stream.concat(
                    Arrays.stream(Operation.values())
                            .flatMap(operation -> Stream.of(operation.action(false), operation.action(true))),
                    Stream.of(
                            "s3:BypassGovernanceRetention",
                            "s3:DeleteBucketWebsite",
                            "s3:GetObjectVersionForReplication",
                            "s3:GetObjectVersionTorrent",
                            "s3:InitiateReplication",
                            "s3:ObjectOwnerOverrideToBucketOwner",
                            "s3:PauseReplication",
                            "s3:PutBucketObjectLockConfiguration",
                            "s3:ReplicateDelete",
                            "s3:ReplicateObject",
                            "s3:ReplicateTags"))
            .filter(action -> action.startsWith("s3:"))
            .map(action -> action.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());

    private PolicyActions() {}

    /** Whether a pattern in lower case is about any action of S3. */
    static boolean known(String pattern) {
        return ALL.stream().anyMatch(action -> Wildcard.matches(pattern, action));
    }
}

package io.moorage.api.s3.policy;

import io.moorage.api.s3.errors.S3Exception;
import java.util.List;

/**
 * A bucket policy: the common subset of the policy language, and nothing that would be stored and then not kept. Immutable,
 * thread-safe.
 */
public final class BucketPolicy {
    /** Bytes of a policy. */
    public static final int MAX_OCTETS = 20 * 1024;

    private final List<Statement> statements;

    BucketPolicy(List<Statement> statements) {
        this.statements = List.copyOf(statements);
    }

    /**
     * @param json up to {@link #MAX_OCTETS}
     * @param bucket that it is of: resources must be of it
     * @throws S3Exception MalformedPolicy that names what is wrong or not supported
     */
    public static BucketPolicy parse(String json, String bucket) {
        return new PolicyParser(bucket).parse(json);
    }

    /** An explicit denial goes before everything. */
    public Decision decide(PolicyRequest request) {
        Decision decision = Decision.NONE;
        for (Statement statement : statements) {
            if (statement.isAbout(request)) {
                if (!statement.allows()) {
                    return Decision.DENY;
                }
                decision = Decision.ALLOW;
            }
        }
        return decision;
    }

    /** Whether it lets everybody do something (GetBucketPolicyStatus, and what BlockPublicPolicy refuses). */
    public boolean isPublic() {
        return statements.stream().anyMatch(Statement::isPublic);
    }
}

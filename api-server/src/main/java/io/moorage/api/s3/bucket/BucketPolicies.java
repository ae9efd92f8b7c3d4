package io.moorage.api.s3.bucket;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.policy.BucketPolicy;
import io.moorage.api.s3.xml.BucketAnswers;
import io.moorage.api.s3.xml.BucketDocuments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Policies of buckets. Thread-safe. */
public final class BucketPolicies {
    private final BucketSettings settings;

    public BucketPolicies(BucketSettings settings) {
        this.settings = settings;
    }

    public void get(S3Exchange exchange, Bucket bucket) {
        String policy = bucket.setting(Settings.POLICY).orElseThrow(() -> missing(bucket));
        exchange.context().status(200);
        exchange.context().contentType("application/json");
        exchange.context().result(policy);
    }

    public void put(S3Exchange exchange, Bucket bucket) throws IOException {
        String json = new String(exchange.document(BucketPolicy.MAX_OCTETS), StandardCharsets.UTF_8);
        BucketPolicy policy = BucketPolicy.parse(json, bucket.name());
        boolean blocked = bucket.setting(Settings.PUBLIC_ACCESS, Settings::publicAccess)
                .map(BucketDocuments.PublicAccessBlock::blockPublicPolicy)
                .orElse(false);
        if (policy.isPublic() && blocked) {
            throw new S3Exception(
                    S3ErrorCode.ACCESS_DENIED,
                    "The policy lets everybody in, which the bucket's public access block (BlockPublicPolicy) forbids.");
        }
        settings.put(bucket, Settings.POLICY, json);
        exchange.answer(204);
    }

    public void status(S3Exchange exchange, Bucket bucket) {
        String policy = bucket.setting(Settings.POLICY).orElseThrow(() -> missing(bucket));
        exchange.answer(
                200,
                BucketAnswers.policyStatus(
                        BucketPolicy.parse(policy, bucket.name()).isPublic()));
    }

    private static S3Exception missing(Bucket bucket) {
        return new S3Exception(S3ErrorCode.NO_SUCH_BUCKET_POLICY).with("BucketName", bucket.name());
    }
}

package io.moorage.api.s3.lifecycle;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of a bucket. (Amazon S3 user guide, "Lifecycle configuration elements".) */
public record LifecycleConfiguration(List<LifecycleRule> rules) {
    private static final int MAX_RULES = 1000;
    private static final int MAX_ID = 255;
    private static final int MAX_NEWER_VERSIONS = 100;

    /** @throws S3Exception MalformedXML, InvalidArgument, InvalidRequest */
    public LifecycleConfiguration {
        rules = List.copyOf(rules);
        if (rules.isEmpty() || rules.size() > MAX_RULES) {
            throw malformed("a lifecycle configuration has 1 to " + MAX_RULES + " rules; this one has " + rules.size());
        }
        Set<String> ids = new HashSet<>();
        for (LifecycleRule rule : rules) {
            if (!ids.add(rule.id())) {
                throw invalid("Rule ID must be unique. Found same ID for more than one rule", "ID", rule.id());
            }
            check(rule);
        }
    }

    private static void check(LifecycleRule rule) {
        if (rule.id().length() > MAX_ID) {
            throw invalid("ID length should not exceed allowed limit of " + MAX_ID, "ID", rule.id());
        }
        if (!rule.hasAction()) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "At least one action needs to be specified in a rule; rule '" + rule.id() + "' has none.");
        }
        int expirations = (rule.expirationDays().isPresent() ? 1 : 0)
                + (rule.expirationDate().isPresent() ? 1 : 0)
                + (rule.expiredObjectDeleteMarker() ? 1 : 0);
        if (expirations > 1) {
            throw malformed("Expiration has one of Days, Date and ExpiredObjectDeleteMarker, not several");
        }
        rule.expirationDays()
                .ifPresent(days -> positive("Days", days, "'Days' for Expiration action must be a positive integer"));
        rule.noncurrentDays()
                .ifPresent(days -> positive(
                        "NoncurrentDays",
                        days,
                        "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer"));
        rule.abortDays()
                .ifPresent(days -> positive(
                        "DaysAfterInitiation",
                        days,
                        "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer"));
        rule.newerNoncurrentVersions().ifPresent(count -> {
            if (count < 1 || count > MAX_NEWER_VERSIONS) {
                throw invalid(
                        "'NewerNoncurrentVersions' must be between 1 and " + MAX_NEWER_VERSIONS,
                        "NewerNoncurrentVersions",
                        Integer.toString(count));
            }
        });
        boolean aboutMore = rule.filter().aboutMoreThanKeys();
        if (rule.abortDays().isPresent() && aboutMore) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "AbortIncompleteMultipartUpload cannot be specified with Tags or object sizes.");
        }
        if (rule.expiredObjectDeleteMarker() && !rule.filter().tags().isEmpty()) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST, "ExpiredObjectDeleteMarker cannot be specified with Tags.");
        }
    }

    private static void positive(String name, int value, String message) {
        if (value < 1) {
            throw invalid(message, name, Integer.toString(value));
        }
    }

    private static S3Exception invalid(String message, String name, String value) {
        return S3Exception.invalidArgument(message, name, value);
    }

    private static S3Exception malformed(String why) {
        return new S3Exception(S3ErrorCode.MALFORMED_XML, S3ErrorCode.MALFORMED_XML.message() + ": " + why + ".");
    }
}

package io.moorage.api.s3.request;

import static io.moorage.api.s3.request.Operation.Level.BUCKET;
import static io.moorage.api.s3.request.Operation.Level.OBJECT;
import static io.moorage.api.s3.request.Operation.Level.SERVICE;

/**
 * All operations of S3 (Amazon S3 API reference, "Actions"), also those that nobody here carries out. Each has the action by which
 * policies name it (Service authorization reference, "Actions defined by Amazon S3").
 */
public enum Operation {
    LIST_BUCKETS("GET", SERVICE, "", "s3:ListAllMyBuckets"),
    WRITE_GET_OBJECT_RESPONSE("POST", SERVICE, "", "s3-object-lambda:WriteGetObjectResponse"),

    CREATE_BUCKET("PUT", BUCKET, "", "s3:CreateBucket"),
    DELETE_BUCKET("DELETE", BUCKET, "", "s3:DeleteBucket"),
    HEAD_BUCKET("HEAD", BUCKET, "", "s3:ListBucket"),
    LIST_OBJECTS("GET", BUCKET, "", "s3:ListBucket"),
    LIST_OBJECTS_V2("GET", BUCKET, "list-type", "s3:ListBucket"),
    LIST_OBJECT_VERSIONS("GET", BUCKET, "versions", "s3:ListBucketVersions"),
    LIST_MULTIPART_UPLOADS("GET", BUCKET, "uploads", "s3:ListBucketMultipartUploads"),
    DELETE_OBJECTS("POST", BUCKET, "delete", "s3:DeleteObject"),
    POST_OBJECT("POST", BUCKET, "", "s3:PutObject"),
    OPTIONS_BUCKET("OPTIONS", BUCKET, "", ""),
    GET_BUCKET_LOCATION("GET", BUCKET, "location", "s3:GetBucketLocation"),
    GET_BUCKET_VERSIONING("GET", BUCKET, "versioning", "s3:GetBucketVersioning"),
    PUT_BUCKET_VERSIONING("PUT", BUCKET, "versioning", "s3:PutBucketVersioning"),
    GET_BUCKET_TAGGING("GET", BUCKET, "tagging", "s3:GetBucketTagging"),
    PUT_BUCKET_TAGGING("PUT", BUCKET, "tagging", "s3:PutBucketTagging"),
    DELETE_BUCKET_TAGGING("DELETE", BUCKET, "tagging", "s3:PutBucketTagging"),
    GET_BUCKET_CORS("GET", BUCKET, "cors", "s3:GetBucketCORS"),
    PUT_BUCKET_CORS("PUT", BUCKET, "cors", "s3:PutBucketCORS"),
    DELETE_BUCKET_CORS("DELETE", BUCKET, "cors", "s3:PutBucketCORS"),
    GET_BUCKET_POLICY("GET", BUCKET, "policy", "s3:GetBucketPolicy"),
    PUT_BUCKET_POLICY("PUT", BUCKET, "policy", "s3:PutBucketPolicy"),
    DELETE_BUCKET_POLICY("DELETE", BUCKET, "policy", "s3:DeleteBucketPolicy"),
    GET_BUCKET_POLICY_STATUS("GET", BUCKET, "policyStatus", "s3:GetBucketPolicyStatus"),
    GET_BUCKET_ACL("GET", BUCKET, "acl", "s3:GetBucketAcl"),
    PUT_BUCKET_ACL("PUT", BUCKET, "acl", "s3:PutBucketAcl"),
    GET_BUCKET_LIFECYCLE("GET", BUCKET, "lifecycle", "s3:GetLifecycleConfiguration"),
    PUT_BUCKET_LIFECYCLE("PUT", BUCKET, "lifecycle", "s3:PutLifecycleConfiguration"),
    DELETE_BUCKET_LIFECYCLE("DELETE", BUCKET, "lifecycle", "s3:PutLifecycleConfiguration"),
    GET_OBJECT_LOCK_CONFIGURATION("GET", BUCKET, "object-lock", "s3:GetBucketObjectLockConfiguration"),
    PUT_OBJECT_LOCK_CONFIGURATION("PUT", BUCKET, "object-lock", "s3:PutBucketObjectLockConfiguration"),
    GET_BUCKET_ENCRYPTION("GET", BUCKET, "encryption", "s3:GetEncryptionConfiguration"),
    PUT_BUCKET_ENCRYPTION("PUT", BUCKET, "encryption", "s3:PutEncryptionConfiguration"),
    DELETE_BUCKET_ENCRYPTION("DELETE", BUCKET, "encryption", "s3:PutEncryptionConfiguration"),
    GET_PUBLIC_ACCESS_BLOCK("GET", BUCKET, "publicAccessBlock", "s3:GetBucketPublicAccessBlock"),
    PUT_PUBLIC_ACCESS_BLOCK("PUT", BUCKET, "publicAccessBlock", "s3:PutBucketPublicAccessBlock"),
    DELETE_PUBLIC_ACCESS_BLOCK("DELETE", BUCKET, "publicAccessBlock", "s3:PutBucketPublicAccessBlock"),
    GET_BUCKET_OWNERSHIP_CONTROLS("GET", BUCKET, "ownershipControls", "s3:GetBucketOwnershipControls"),
    PUT_BUCKET_OWNERSHIP_CONTROLS("PUT", BUCKET, "ownershipControls", "s3:PutBucketOwnershipControls"),
    DELETE_BUCKET_OWNERSHIP_CONTROLS("DELETE", BUCKET, "ownershipControls", "s3:PutBucketOwnershipControls"),
    GET_BUCKET_REQUEST_PAYMENT("GET", BUCKET, "requestPayment", "s3:GetBucketRequestPayment"),
    PUT_BUCKET_REQUEST_PAYMENT("PUT", BUCKET, "requestPayment", "s3:PutBucketRequestPayment"),
    GET_BUCKET_WEBSITE("GET", BUCKET, "website", "s3:GetBucketWebsite"),
    PUT_BUCKET_WEBSITE("PUT", BUCKET, "website", "s3:PutBucketWebsite"),
    DELETE_BUCKET_WEBSITE("DELETE", BUCKET, "website", "s3:DeleteBucketWebsite"),
    GET_BUCKET_LOGGING("GET", BUCKET, "logging", "s3:GetBucketLogging"),
    PUT_BUCKET_LOGGING("PUT", BUCKET, "logging", "s3:PutBucketLogging"),
    GET_BUCKET_NOTIFICATION("GET", BUCKET, "notification", "s3:GetBucketNotification"),
    PUT_BUCKET_NOTIFICATION("PUT", BUCKET, "notification", "s3:PutBucketNotification"),
    GET_BUCKET_REPLICATION("GET", BUCKET, "replication", "s3:GetReplicationConfiguration"),
    PUT_BUCKET_REPLICATION("PUT", BUCKET, "replication", "s3:PutReplicationConfiguration"),
    DELETE_BUCKET_REPLICATION("DELETE", BUCKET, "replication", "s3:PutReplicationConfiguration"),
    GET_BUCKET_ACCELERATE("GET", BUCKET, "accelerate", "s3:GetAccelerateConfiguration"),
    PUT_BUCKET_ACCELERATE("PUT", BUCKET, "accelerate", "s3:PutAccelerateConfiguration"),
    GET_BUCKET_ANALYTICS("GET", BUCKET, "analytics", "s3:GetAnalyticsConfiguration"),
    PUT_BUCKET_ANALYTICS("PUT", BUCKET, "analytics", "s3:PutAnalyticsConfiguration"),
    DELETE_BUCKET_ANALYTICS("DELETE", BUCKET, "analytics", "s3:PutAnalyticsConfiguration"),
    GET_BUCKET_INVENTORY("GET", BUCKET, "inventory", "s3:GetInventoryConfiguration"),
    PUT_BUCKET_INVENTORY("PUT", BUCKET, "inventory", "s3:PutInventoryConfiguration"),
    DELETE_BUCKET_INVENTORY("DELETE", BUCKET, "inventory", "s3:PutInventoryConfiguration"),
    GET_BUCKET_METRICS("GET", BUCKET, "metrics", "s3:GetMetricsConfiguration"),
    PUT_BUCKET_METRICS("PUT", BUCKET, "metrics", "s3:PutMetricsConfiguration"),
    DELETE_BUCKET_METRICS("DELETE", BUCKET, "metrics", "s3:PutMetricsConfiguration"),
    GET_BUCKET_INTELLIGENT_TIERING("GET", BUCKET, "intelligent-tiering", "s3:GetIntelligentTieringConfiguration"),
    PUT_BUCKET_INTELLIGENT_TIERING("PUT", BUCKET, "intelligent-tiering", "s3:PutIntelligentTieringConfiguration"),
    DELETE_BUCKET_INTELLIGENT_TIERING("DELETE", BUCKET, "intelligent-tiering", "s3:PutIntelligentTieringConfiguration"),
    GET_BUCKET_METADATA("GET", BUCKET, "metadataConfiguration", "s3:GetBucketMetadataTableConfiguration"),
    CREATE_BUCKET_METADATA("POST", BUCKET, "metadataConfiguration", "s3:CreateBucketMetadataTableConfiguration"),
    DELETE_BUCKET_METADATA("DELETE", BUCKET, "metadataConfiguration", "s3:DeleteBucketMetadataTableConfiguration"),
    GET_BUCKET_METADATA_TABLE("GET", BUCKET, "metadataTable", "s3:GetBucketMetadataTableConfiguration"),
    CREATE_BUCKET_METADATA_TABLE("POST", BUCKET, "metadataTable", "s3:CreateBucketMetadataTableConfiguration"),
    DELETE_BUCKET_METADATA_TABLE("DELETE", BUCKET, "metadataTable", "s3:DeleteBucketMetadataTableConfiguration"),
    UPDATE_BUCKET_METADATA_INVENTORY_TABLE(
            "PUT", BUCKET, "metadataInventoryTable", "s3:UpdateBucketMetadataInventoryTableConfiguration"),
    UPDATE_BUCKET_METADATA_JOURNAL_TABLE(
            "PUT", BUCKET, "metadataJournalTable", "s3:UpdateBucketMetadataJournalTableConfiguration"),
    GET_BUCKET_ABAC("GET", BUCKET, "abac", "s3:GetBucketAbac"),
    PUT_BUCKET_ABAC("PUT", BUCKET, "abac", "s3:PutBucketAbac"),
    CREATE_SESSION("GET", BUCKET, "session", "s3express:CreateSession"),

    PUT_OBJECT("PUT", OBJECT, "", "s3:PutObject"),
    GET_OBJECT("GET", OBJECT, "", "s3:GetObject"),
    HEAD_OBJECT("HEAD", OBJECT, "", "s3:GetObject"),
    DELETE_OBJECT("DELETE", OBJECT, "", "s3:DeleteObject"),
    /** PutObject with x-amz-copy-source. */
    COPY_OBJECT("PUT", OBJECT, "", "s3:PutObject"),
    OPTIONS_OBJECT("OPTIONS", OBJECT, "", ""),
    CREATE_MULTIPART_UPLOAD("POST", OBJECT, "uploads", "s3:PutObject"),
    UPLOAD_PART("PUT", OBJECT, "uploadId", "s3:PutObject"),
    /** UploadPart with x-amz-copy-source. */
    UPLOAD_PART_COPY("PUT", OBJECT, "uploadId", "s3:PutObject"),
    LIST_PARTS("GET", OBJECT, "uploadId", "s3:ListMultipartUploadParts"),
    COMPLETE_MULTIPART_UPLOAD("POST", OBJECT, "uploadId", "s3:PutObject"),
    ABORT_MULTIPART_UPLOAD("DELETE", OBJECT, "uploadId", "s3:AbortMultipartUpload"),
    GET_OBJECT_ACL("GET", OBJECT, "acl", "s3:GetObjectAcl"),
    PUT_OBJECT_ACL("PUT", OBJECT, "acl", "s3:PutObjectAcl"),
    GET_OBJECT_TAGGING("GET", OBJECT, "tagging", "s3:GetObjectTagging"),
    PUT_OBJECT_TAGGING("PUT", OBJECT, "tagging", "s3:PutObjectTagging"),
    DELETE_OBJECT_TAGGING("DELETE", OBJECT, "tagging", "s3:DeleteObjectTagging"),
    GET_OBJECT_ATTRIBUTES("GET", OBJECT, "attributes", "s3:GetObjectAttributes"),
    GET_OBJECT_RETENTION("GET", OBJECT, "retention", "s3:GetObjectRetention"),
    PUT_OBJECT_RETENTION("PUT", OBJECT, "retention", "s3:PutObjectRetention"),
    GET_OBJECT_LEGAL_HOLD("GET", OBJECT, "legal-hold", "s3:GetObjectLegalHold"),
    PUT_OBJECT_LEGAL_HOLD("PUT", OBJECT, "legal-hold", "s3:PutObjectLegalHold"),
    UPDATE_OBJECT_ENCRYPTION("PUT", OBJECT, "encryption", "s3:UpdateObjectEncryption"),
    RESTORE_OBJECT("POST", OBJECT, "restore", "s3:RestoreObject"),
    RENAME_OBJECT("PUT", OBJECT, "renameObject", "s3:PutObject"),
    SELECT_OBJECT_CONTENT("POST", OBJECT, "select", "s3:GetObject"),
    GET_OBJECT_TORRENT("GET", OBJECT, "torrent", "s3:GetObjectTorrent");

    /** What an operation is done to. */
    public enum Level {
        SERVICE,
        BUCKET,
        OBJECT
    }

    private final String method;
    private final Level level;
    private final String subresource;
    private final String action;

    Operation(String method, Level level, String subresource, String action) {
        this.method = method;
        this.level = level;
        this.subresource = subresource;
        this.action = action;
    }

    /** The HTTP method, in capitals. */
    public String method() {
        return method;
    }

    /** What it is done to. */
    public Level level() {
        return level;
    }

    /** The query parameter that selects it; empty: none. */
    public String subresource() {
        return subresource;
    }

    /**
     * The action that a policy must allow; empty for preflights, which need none.
     *
     * @param ofVersion whether the request names a version
     */
    public String action(boolean ofVersion) {
        return switch (this) {
            case GET_OBJECT,
                    HEAD_OBJECT,
                    DELETE_OBJECT,
                    GET_OBJECT_ACL,
                    PUT_OBJECT_ACL,
                    GET_OBJECT_TAGGING,
                    PUT_OBJECT_TAGGING,
                    DELETE_OBJECT_TAGGING,
                    GET_OBJECT_ATTRIBUTES -> ofVersion ? action.replace("Object", "ObjectVersion") : action;
            default -> action;
        };
    }

    /** As AWS spells it, for logs and metrics: PUT_OBJECT is PutObject. */
    public String title() {
        StringBuilder title = new StringBuilder();
        for (String word : name().split("_")) {
            title.append(word.charAt(0)).append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
        }
        return title.toString();
    }
}

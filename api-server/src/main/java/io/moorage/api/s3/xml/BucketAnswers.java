package io.moorage.api.s3.xml;

import io.moorage.api.s3.lock.ObjectLockConfiguration;
import java.util.Optional;

/** Answers about a bucket's configuration. */
public final class BucketAnswers {
    private BucketAnswers() {}

    /** LocationConstraint. @param region empty for us-east-1, as AWS has it */
    public static XmlDocument location(String region) {
        return xml -> xml.root("LocationConstraint", () -> xml.characterData(region));
    }

    /** VersioningConfiguration. @param enabled empty: it never was */
    public static XmlDocument versioning(Optional<Boolean> enabled) {
        return xml -> xml.root(
                "VersioningConfiguration",
                () -> xml.optional("Status", enabled.map(on -> on ? "Enabled" : "Suspended")));
    }

    /** ObjectLockConfiguration. */
    public static XmlDocument objectLock(ObjectLockConfiguration configuration) {
        return xml -> xml.root("ObjectLockConfiguration", () -> {
            xml.text("ObjectLockEnabled", "Enabled");
            configuration
                    .rule()
                    .ifPresent(rule -> xml.element(
                            "Rule",
                            () -> xml.element("DefaultRetention", () -> {
                                xml.text("Mode", rule.mode());
                                xml.optional("Days", rule.days());
                                xml.optional("Years", rule.years());
                            })));
        });
    }

    /** AccessControlPolicy that gives the owner full control. */
    public static XmlDocument ownersAcl(Owner owner) {
        return xml -> xml.root("AccessControlPolicy", () -> {
            owner.write(xml, "Owner");
            xml.element(
                    "AccessControlList",
                    () -> xml.element("Grant", () -> {
                        xml.typed("Grantee", "CanonicalUser", () -> {
                            xml.text("ID", owner.id());
                            xml.text("DisplayName", owner.displayName());
                        });
                        xml.text("Permission", "FULL_CONTROL");
                    }));
        });
    }

    /** PublicAccessBlockConfiguration. */
    public static XmlDocument publicAccessBlock(BucketDocuments.PublicAccessBlock block) {
        return xml -> xml.root("PublicAccessBlockConfiguration", () -> {
            xml.text("BlockPublicAcls", block.blockPublicAcls());
            xml.text("IgnorePublicAcls", block.ignorePublicAcls());
            xml.text("BlockPublicPolicy", block.blockPublicPolicy());
            xml.text("RestrictPublicBuckets", block.restrictPublicBuckets());
        });
    }

    /** ServerSideEncryptionConfiguration with AES256. */
    public static XmlDocument encryption(boolean bucketKeyEnabled) {
        return xml -> xml.root(
                "ServerSideEncryptionConfiguration",
                () -> xml.element("Rule", () -> {
                    xml.element("ApplyServerSideEncryptionByDefault", () -> xml.text("SSEAlgorithm", "AES256"));
                    xml.text("BucketKeyEnabled", bucketKeyEnabled);
                }));
    }

    /** OwnershipControls. @param ownership the value of ObjectOwnership */
    public static XmlDocument ownership(String ownership) {
        return xml ->
                xml.root("OwnershipControls", () -> xml.element("Rule", () -> xml.text("ObjectOwnership", ownership)));
    }

    /** PolicyStatus. */
    public static XmlDocument policyStatus(boolean isPublic) {
        return xml -> xml.root("PolicyStatus", () -> xml.text("IsPublic", isPublic));
    }

    /** RequestPaymentConfiguration: the owner pays. */
    public static XmlDocument requestPayment() {
        return xml -> xml.root("RequestPaymentConfiguration", () -> xml.text("Payer", "BucketOwner"));
    }

    /** A configuration that says nothing, as BucketLoggingStatus, NotificationConfiguration, AccelerateConfiguration. */
    public static XmlDocument empty(String root) {
        return xml -> xml.root(root, () -> {});
    }
}

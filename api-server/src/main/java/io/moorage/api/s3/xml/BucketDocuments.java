package io.moorage.api.s3.xml;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.lock.ObjectLockConfiguration;
import io.moorage.api.s3.lock.ObjectLockConfiguration.DefaultRetention;
import io.moorage.api.s3.lock.RetentionMode;
import io.moorage.api.s3.tagging.Tags;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Bodies of requests that shape a bucket. All throw {@link S3Exception} with MalformedXML for what is not of the published schema,
 * and with what the model says.
 */
public final class BucketDocuments {
    private BucketDocuments() {}

    /** @param location empty: none given */
    public record CreateBucket(String location, Tags tags) {}

    /** CreateBucketConfiguration. Location and Bucket, which only directory buckets have, are refused. */
    public static CreateBucket createBucket(InputStream body) throws IOException {
        return XmlReader.read(body, "CreateBucketConfiguration", xml -> {
            String[] location = {""};
            Tags[] tags = {Tags.NONE};
            xml.children(name -> {
                switch (name) {
                    case "LocationConstraint" -> location[0] = xml.text().trim();
                    case "Tags" -> tags[0] = tagSet(xml, Tags.MAX_OF_BUCKET);
                    case "Location", "Bucket" ->
                        throw S3Exception.notImplemented("CreateBucketConfiguration with " + name
                                + " is of directory buckets, which are not implemented.");
                    default -> throw XmlReader.unknown(name);
                }
            });
            return new CreateBucket(location[0], tags[0]);
        });
    }

    /** Whether versioning becomes enabled (true) or suspended. Status cannot be left out. */
    public static boolean versioningEnabled(InputStream body) throws IOException {
        Optional<VersioningStatus> status = XmlReader.read(body, "VersioningConfiguration", xml -> {
            VersioningStatus[] read = {null};
            xml.children(name -> {
                switch (name) {
                    case "Status" -> read[0] = xml.oneOf(name, VersioningStatus.class);
                    case "MfaDelete" -> {
                        if (!xml.text().trim().equals("Disabled")) {
                            throw S3Exception.notImplemented("MfaDelete is not implemented; leave it out.");
                        }
                    }
                    default -> throw XmlReader.unknown(name);
                }
            });
            return Optional.ofNullable(read[0]);
        });
        return status.orElseThrow(() -> new S3Exception(S3ErrorCode.ILLEGAL_VERSIONING_CONFIGURATION))
                == VersioningStatus.Enabled;
    }

    /** As they are spelled. */
    private enum VersioningStatus {
        Enabled,
        Suspended
    }

    /** Tagging, of a bucket or an object. */
    public static Tags tagging(InputStream body, int max) throws IOException {
        return XmlReader.read(body, "Tagging", xml -> {
            Tags[] tags = {null};
            xml.children(name -> {
                if (!name.equals("TagSet") || tags[0] != null) {
                    throw XmlReader.unknown(name);
                }
                tags[0] = tagSet(xml, max);
            });
            if (tags[0] == null) {
                throw XmlReader.malformed("Tagging must have a TagSet");
            }
            return tags[0];
        });
    }

    private static Tags tagSet(XmlReader xml, int max) {
        Tags.Builder builder = new Tags.Builder(max);
        xml.children(name -> {
            if (!name.equals("Tag")) {
                throw XmlReader.unknown(name);
            }
            String[] tag = readTag(xml);
            builder.add(tag[0], tag[1]);
        });
        return builder.build();
    }

    /** Key and value. */
    static String[] readTag(XmlReader xml) {
        String[] tag = {null, null};
        xml.children(name -> {
            switch (name) {
                case "Key" -> tag[0] = xml.text();
                case "Value" -> tag[1] = xml.text();
                default -> throw XmlReader.unknown(name);
            }
        });
        if (tag[0] == null || tag[1] == null) {
            throw XmlReader.malformed("a Tag must have a Key and a Value");
        }
        return tag;
    }

    /** ObjectLockConfiguration. */
    public static ObjectLockConfiguration objectLock(InputStream body) throws IOException {
        return XmlReader.read(body, "ObjectLockConfiguration", xml -> {
            boolean[] enabled = {false};
            List<DefaultRetention> rules = new ArrayList<>();
            xml.children(name -> {
                switch (name) {
                    case "ObjectLockEnabled" -> enabled[0] = xml.text().trim().equals("Enabled");
                    case "Rule" ->
                        xml.children(child -> {
                            if (!child.equals("DefaultRetention")) {
                                throw XmlReader.unknown(child);
                            }
                            rules.add(defaultRetention(xml));
                        });
                    default -> throw XmlReader.unknown(name);
                }
            });
            if (!enabled[0] || rules.size() > 1) {
                throw XmlReader.malformed("ObjectLockEnabled must be Enabled, and there is at most one Rule");
            }
            return new ObjectLockConfiguration(rules.stream().findFirst());
        });
    }

    private static DefaultRetention defaultRetention(XmlReader xml) {
        RetentionMode[] mode = {null};
        Integer[] length = {null, null};
        xml.children(name -> {
            switch (name) {
                case "Mode" -> mode[0] = xml.oneOf(name, RetentionMode.class);
                case "Days" -> length[0] = xml.integer(name);
                case "Years" -> length[1] = xml.integer(name);
                default -> throw XmlReader.unknown(name);
            }
        });
        if (mode[0] == null) {
            throw XmlReader.malformed("DefaultRetention must have a Mode");
        }
        return new DefaultRetention(mode[0], Optional.ofNullable(length[0]), Optional.ofNullable(length[1]));
    }

    /** The four switches of PublicAccessBlockConfiguration. */
    public record PublicAccessBlock(
            boolean blockPublicAcls,
            boolean ignorePublicAcls,
            boolean blockPublicPolicy,
            boolean restrictPublicBuckets) {}

    /** PublicAccessBlockConfiguration; what is left out is false. */
    public static PublicAccessBlock publicAccessBlock(InputStream body) throws IOException {
        return XmlReader.read(body, "PublicAccessBlockConfiguration", xml -> {
            boolean[] read = new boolean[4];
            xml.children(name -> {
                switch (name) {
                    case "BlockPublicAcls" -> read[0] = xml.bool(name);
                    case "IgnorePublicAcls" -> read[1] = xml.bool(name);
                    case "BlockPublicPolicy" -> read[2] = xml.bool(name);
                    case "RestrictPublicBuckets" -> read[3] = xml.bool(name);
                    default -> throw XmlReader.unknown(name);
                }
            });
            return new PublicAccessBlock(read[0], read[1], read[2], read[3]);
        });
    }

    /**
     * ServerSideEncryptionConfiguration.
     *
     * @return whether BucketKeyEnabled was set; the algorithm is always AES256
     * @throws S3Exception NotImplemented for keys of a key service
     */
    public static boolean encryption(InputStream body) throws IOException {
        return XmlReader.read(body, "ServerSideEncryptionConfiguration", xml -> {
            boolean[] bucketKey = {false};
            String[] algorithm = {""};
            xml.children(rule -> {
                if (!rule.equals("Rule")) {
                    throw XmlReader.unknown(rule);
                }
                xml.children(name -> {
                    switch (name) {
                        case "BucketKeyEnabled" -> bucketKey[0] = xml.bool(name);
                        case "ApplyServerSideEncryptionByDefault" ->
                            xml.children(child -> {
                                switch (child) {
                                    case "SSEAlgorithm" ->
                                        algorithm[0] = xml.text().trim();
                                    case "KMSMasterKeyID" ->
                                        throw S3Exception.notImplemented(
                                                "KMSMasterKeyID is not implemented; use AES256.");
                                    default -> throw XmlReader.unknown(child);
                                }
                            });
                        case "BlockedEncryptionTypes" ->
                            throw S3Exception.notImplemented("BlockedEncryptionTypes is not implemented.");
                        default -> throw XmlReader.unknown(name);
                    }
                });
            });
            if (algorithm[0].startsWith("aws:")) {
                throw S3Exception.notImplemented("SSEAlgorithm '" + algorithm[0] + "' is not implemented; use AES256.");
            }
            if (!algorithm[0].equals("AES256")) {
                throw XmlReader.malformed("SSEAlgorithm '" + algorithm[0] + "' must be AES256");
            }
            return bucketKey[0];
        });
    }

    /** OwnershipControls: the value of ObjectOwnership. */
    public static String ownership(InputStream body) throws IOException {
        return XmlReader.read(body, "OwnershipControls", xml -> {
            String[] ownership = {""};
            xml.children(rule -> {
                if (!rule.equals("Rule")) {
                    throw XmlReader.unknown(rule);
                }
                xml.children(name -> {
                    if (!name.equals("ObjectOwnership")) {
                        throw XmlReader.unknown(name);
                    }
                    ownership[0] = xml.text().trim();
                });
            });
            if (!List.of("BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter")
                    .contains(ownership[0])) {
                throw XmlReader.malformed("ObjectOwnership '" + ownership[0]
                        + "' must be BucketOwnerEnforced, BucketOwnerPreferred or ObjectWriter");
            }
            return ownership[0];
        });
    }
}

package io.moorage.api.s3.xml;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Access control lists, as far as a bucket has them whose objects are all its owner's (BucketOwnerEnforced): the one list is that
 * its owner has full control.
 */
public final class AccessControlDocument {
    private static final Set<String> CANNED = Set.of(
            "private",
            "public-read",
            "public-read-write",
            "aws-exec-read",
            "authenticated-read",
            "bucket-owner-read",
            "bucket-owner-full-control",
            "log-delivery-write");

    /**
     * @param grantee canonical id, or URI of a group
     * @param permission FULL_CONTROL, READ, WRITE, READ_ACP or WRITE_ACP
     */
    public record Grant(String grantee, String permission) {}

    /** @param owner canonical id; empty: not given */
    public record AccessControlPolicy(String owner, List<Grant> grants) {
        /** Whether it says no more than that the owner has full control. */
        public boolean isOwnersAlone(String ownerId) {
            return (owner.isEmpty() || owner.equals(ownerId))
                    && grants.size() == 1
                    && grants.get(0).equals(new Grant(ownerId, "FULL_CONTROL"));
        }
    }

    private AccessControlDocument() {}

    /**
     * Whether a canned list (x-amz-acl) is one of those that a bucket without lists takes.
     *
     * @throws S3Exception InvalidArgument when there is no such canned list
     */
    public static boolean cannedIsOwnersAlone(String canned) {
        if (!CANNED.contains(canned)) {
            throw S3Exception.invalidArgument(
                    "x-amz-acl must be one of " + CANNED.stream().sorted().toList(), "x-amz-acl", canned);
        }
        return canned.equals("private") || canned.equals("bucket-owner-full-control");
    }

    /** AccessControlPolicy. @throws S3Exception MalformedACLError */
    public static AccessControlPolicy read(InputStream body) throws IOException {
        try {
            return XmlReader.read(body, "AccessControlPolicy", xml -> {
                String[] owner = {""};
                List<Grant> grants = new ArrayList<>();
                xml.children(name -> {
                    switch (name) {
                        case "Owner" ->
                            xml.children(child -> {
                                if (child.equals("ID")) {
                                    owner[0] = xml.text().trim();
                                }
                            });
                        case "AccessControlList" ->
                            xml.children(grant -> {
                                if (!grant.equals("Grant") || grants.size() == 100) {
                                    throw XmlReader.unknown(grant);
                                }
                                grants.add(grant(xml));
                            });
                        default -> throw XmlReader.unknown(name);
                    }
                });
                return new AccessControlPolicy(owner[0], List.copyOf(grants));
            });
        } catch (S3Exception e) {
            throw e.code() == S3ErrorCode.MALFORMED_XML
                    ? new S3Exception(S3ErrorCode.MALFORMED_ACL, e.getMessage())
                    : e;
        }
    }

    private static Grant grant(XmlReader xml) {
        String[] read = {"", ""};
        xml.children(name -> {
            switch (name) {
                case "Permission" -> read[1] = xml.text().trim();
                case "Grantee" ->
                    xml.children(child -> {
                        if (child.equals("ID") || child.equals("URI") || child.equals("EmailAddress")) {
                            read[0] = xml.text().trim();
                        }
                    });
                default -> throw XmlReader.unknown(name);
            }
        });
        if (!Set.of("FULL_CONTROL", "READ", "WRITE", "READ_ACP", "WRITE_ACP").contains(read[1])) {
            throw XmlReader.malformed("Permission '" + read[1] + "' is none");
        }
        return new Grant(read[0], read[1]);
    }
}

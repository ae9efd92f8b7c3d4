package io.moorage.api.s3.xml;

import io.moorage.api.s3.body.ChecksumAlgorithm;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.lock.Retention;
import io.moorage.api.s3.lock.RetentionMode;
import io.moorage.api.s3.request.EntityTags;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Bodies of requests that are about objects. All throw {@link S3Exception} with MalformedXML for what is not of the schema. */
public final class ObjectDocuments {
    /** Objects of one Delete. */
    public static final int MAX_DELETES = 1000;
    /** Parts of one upload. */
    public static final int MAX_PARTS = 10_000;

    private ObjectDocuments() {}

    /**
     * One object of a Delete.
     *
     * @param version empty: a delete like any other
     * @param etag the object is to have
     * @param lastModified the object is to have
     * @param size the object is to have, in bytes
     */
    public record Deletion(
            String key,
            Optional<String> version,
            Optional<String> etag,
            Optional<Instant> lastModified,
            Optional<Long> size) {}

    /** @param quiet only errors are to be reported */
    public record Delete(boolean quiet, List<Deletion> objects) {}

    /** Delete, of 1 to 1,000 objects. */
    public static Delete delete(InputStream body) throws IOException {
        return XmlReader.read(body, "Delete", xml -> {
            boolean[] quiet = {false};
            List<Deletion> objects = new ArrayList<>();
            xml.children(name -> {
                switch (name) {
                    case "Quiet" -> quiet[0] = xml.bool(name);
                    case "Object" -> {
                        if (objects.size() == MAX_DELETES) {
                            throw XmlReader.malformed("a Delete has at most " + MAX_DELETES + " objects");
                        }
                        objects.add(deletion(xml));
                    }
                    default -> throw XmlReader.unknown(name);
                }
            });
            if (objects.isEmpty()) {
                throw XmlReader.malformed("a Delete has at least one Object");
            }
            return new Delete(quiet[0], List.copyOf(objects));
        });
    }

    private static Deletion deletion(XmlReader xml) {
        String[] text = {null, null, null};
        Instant[] modified = {null};
        Long[] size = {null};
        xml.children(name -> {
            switch (name) {
                case "Key" -> text[0] = xml.text();
                case "VersionId" -> text[1] = xml.text();
                case "ETag" -> text[2] = EntityTags.bare(xml.text());
                case "LastModifiedTime" -> modified[0] = xml.date(name);
                case "Size" -> size[0] = xml.size(name);
                default -> throw XmlReader.unknown(name);
            }
        });
        if (text[0] == null || text[0].isEmpty()) {
            throw XmlReader.malformed("an Object must have a Key");
        }
        return new Deletion(
                text[0],
                Optional.ofNullable(text[1]).filter(version -> !version.isEmpty()),
                Optional.ofNullable(text[2]),
                Optional.ofNullable(modified[0]),
                Optional.ofNullable(size[0]));
    }

    /**
     * @param number 1 to 10,000
     * @param etag without quotes
     * @param checksums that the client says it has, in base64
     */
    public record CompletedPart(int number, String etag, Map<ChecksumAlgorithm, String> checksums) {}

    /** CompleteMultipartUpload: at least one part, in ascending order (else InvalidPartOrder). */
    public static List<CompletedPart> complete(InputStream body) throws IOException {
        return XmlReader.read(body, "CompleteMultipartUpload", xml -> {
            List<CompletedPart> parts = new ArrayList<>();
            xml.children(name -> {
                if (!name.equals("Part")) {
                    throw XmlReader.unknown(name);
                }
                if (parts.size() == MAX_PARTS) {
                    throw XmlReader.malformed("an upload has at most " + MAX_PARTS + " parts");
                }
                CompletedPart part = part(xml);
                if (!parts.isEmpty() && parts.get(parts.size() - 1).number() >= part.number()) {
                    throw new S3Exception(S3ErrorCode.INVALID_PART_ORDER);
                }
                parts.add(part);
            });
            if (parts.isEmpty()) {
                throw XmlReader.malformed("a completion has at least one Part");
            }
            return List.copyOf(parts);
        });
    }

    private static CompletedPart part(XmlReader xml) {
        int[] number = {0};
        String[] etag = {null};
        Map<ChecksumAlgorithm, String> checksums = new EnumMap<>(ChecksumAlgorithm.class);
        xml.children(name -> {
            switch (name) {
                case "PartNumber" -> number[0] = xml.integer(name);
                case "ETag" -> etag[0] = EntityTags.bare(xml.text());
                default -> {
                    ChecksumAlgorithm algorithm = java.util.Arrays.stream(ChecksumAlgorithm.values())
                            .filter(candidate -> candidate.element().equals(name))
                            .findFirst()
                            .orElseThrow(() -> XmlReader.unknown(name));
                    checksums.put(algorithm, xml.text().trim());
                }
            }
        });
        if (etag[0] == null) {
            throw XmlReader.malformed("a Part must have an ETag");
        }
        if (number[0] < 1 || number[0] > MAX_PARTS) {
            throw S3Exception.invalidArgument(
                    "PartNumber must be between 1 and " + MAX_PARTS, "PartNumber", Integer.toString(number[0]));
        }
        return new CompletedPart(number[0], etag[0], checksums);
    }

    /** Retention; without content it takes the retention away. */
    public static Optional<Retention> retention(InputStream body) throws IOException {
        return XmlReader.read(body, "Retention", xml -> {
            RetentionMode[] mode = {null};
            Instant[] until = {null};
            xml.children(name -> {
                switch (name) {
                    case "Mode" -> mode[0] = xml.oneOf(name, RetentionMode.class);
                    case "RetainUntilDate" -> until[0] = xml.date(name);
                    default -> throw XmlReader.unknown(name);
                }
            });
            if ((mode[0] == null) != (until[0] == null)) {
                throw XmlReader.malformed("Retention has both Mode and RetainUntilDate, or neither");
            }
            return mode[0] == null ? Optional.empty() : Optional.of(new Retention(mode[0], until[0]));
        });
    }

    /** LegalHold: whether it is on. */
    public static boolean legalHold(InputStream body) throws IOException {
        return XmlReader.read(body, "LegalHold", xml -> {
            String[] status = {""};
            xml.children(name -> {
                if (!name.equals("Status")) {
                    throw XmlReader.unknown(name);
                }
                status[0] = xml.text().trim();
            });
            if (!status[0].equals("ON") && !status[0].equals("OFF")) {
                throw XmlReader.malformed("Status '" + status[0] + "' must be ON or OFF");
            }
            return status[0].equals("ON");
        });
    }
}

package io.moorage.api.s3.multipart;

import io.moorage.api.s3.body.ChecksumAlgorithm;
import io.moorage.api.s3.body.MultipartDigests;
import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.encryption.Encryption;
import io.moorage.api.s3.encryption.SealedContent;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.object.Attributes;
import io.moorage.api.s3.object.ContentFacts;
import io.moorage.api.s3.object.ObjectAnswer;
import io.moorage.api.s3.object.ObjectLookup;
import io.moorage.api.s3.object.ObjectWrites;
import io.moorage.api.s3.object.StoredObject;
import io.moorage.api.s3.request.PercentCoding;
import io.moorage.api.s3.request.WriteConditions;
import io.moorage.api.s3.xml.MultipartAnswers;
import io.moorage.api.s3.xml.ObjectDocuments;
import io.moorage.api.s3.xml.ObjectDocuments.CompletedPart;
import io.moorage.client.ComposeOptions;
import io.moorage.client.MoorageException;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ListResponse;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.Part;
import io.moorage.protocol.v1.Precondition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** CompleteMultipartUpload: the parts' extents become the object's. Thread-safe. */
public final class Completions {
    private static final long MIN_PART_BYTES = 5L << 20;
    private static final int MAX_DOCUMENT = 4 << 20;
    private static final int PAGE = 1000;
    /** The upload that an object came by: who asks again whether it was completed is told so. */
    private static final String CAME_BY = "s3.upload";

    /** A part as it was asked for, and as it is. */
    private record Chosen(CompletedPart asked, StoredObject stored) {}

    public void complete(S3Exchange exchange, Bucket bucket) throws IOException {
        List<CompletedPart> asked = ObjectDocuments.complete(new ByteArrayInputStream(exchange.document(MAX_DOCUMENT)));
        Optional<Upload> found = Upload.find(exchange, bucket);
        if (found.isEmpty()) {
            answer(exchange, bucket, alreadyCompleted(exchange, bucket));
            return;
        }
        Upload upload = found.get();
        List<Chosen> parts = choose(exchange, upload, asked);
        ContentFacts facts = facts(upload, parts);
        check(exchange, facts);
        WriteConditions conditions = WriteConditions.of(exchange.head().headers());
        Precondition precondition = ObjectLookup.precondition(bucket, upload.key(), conditions, exchange.call());
        List<MetadataItem> attributes = new ArrayList<>(upload.objectAttributes());
        attributes.add(Attributes.item(Attributes.CONTENT, facts.encode()));
        attributes.add(Attributes.item(CAME_BY, upload.id().text()));
        upload.sealing()
                .ifPresent(sealing -> attributes.add(sealing.of(
                                parts.stream().map(part -> part.stored().size()).toList())
                        .attribute()));
        Entry entry;
        try {
            entry = bucket.store()
                    .hidden()
                    .versions()
                    .compose(
                            new ComposeOptions(
                                    bucket.entryKey(upload.key()),
                                    upload.directory(),
                                    parts.stream().map(Completions::part).toList(),
                                    upload.entry().getContentType(),
                                    upload.entry().getMetadataList(),
                                    attributes,
                                    List.of(),
                                    upload.lock(),
                                    precondition),
                            exchange.call())
                    .getEntry();
        } catch (MoorageException e) {
            throw refusal(e, exchange, conditions);
        }
        answer(exchange, bucket, new StoredObject(entry));
    }

    private static RuntimeException refusal(MoorageException e, S3Exchange exchange, WriteConditions conditions) {
        // A part was replaced, or all was aborted, since the parts were looked at.
        if (e.code() == ErrorCode.ERROR_CODE_NOT_FOUND) {
            return Upload.missing(exchange);
        }
        if (e.code() == ErrorCode.ERROR_CODE_CONFLICT) {
            return new S3Exception(S3ErrorCode.INVALID_PART);
        }
        return ObjectWrites.conflict(e, conditions);
    }

    /** A client that heard no answer asks again, and the upload is gone because it was completed. */
    private static StoredObject alreadyCompleted(S3Exchange exchange, Bucket bucket) {
        String id = exchange.query("uploadId").orElse("");
        try {
            StoredObject there = ObjectLookup.require(bucket, exchange.key(), Optional.empty(), exchange.call());
            if (Attributes.get(there.entry(), CAME_BY).filter(id::equals).isPresent()) {
                return there;
            }
        } catch (S3Exception e) {
            // There is nothing at all.
        }
        throw Upload.missing(exchange);
    }

    private static void answer(S3Exchange exchange, Bucket bucket, StoredObject object) {
        ObjectAnswer.version(exchange, bucket, object.entry());
        SealedContent.of(object.entry())
                .ifPresent(
                        content -> Encryption.headers(content, Optional.empty()).forEach(exchange::answer));
        String location = exchange.context().req().getScheme() + "://"
                + exchange.head().host() + "/" + bucket.name() + "/" + PercentCoding.encode(exchange.key(), true);
        exchange.answer(
                200,
                MultipartAnswers.completed(
                        location,
                        bucket.name(),
                        exchange.key(),
                        object.etag(),
                        object.facts()
                                .flatMap(ContentFacts::checksum)
                                .map(sum -> new MultipartAnswers.Checksum(
                                        sum.algorithm(), sum.value(), Optional.of(sum.type())))));
    }

    private static Part part(Chosen chosen) {
        return Part.newBuilder()
                .setName(Upload.partName(chosen.asked().number()))
                .setVersion(chosen.stored().entry().getVersion())
                .build();
    }

    /** @throws S3Exception InvalidPart, EntityTooSmall */
    private static List<Chosen> choose(S3Exchange exchange, Upload upload, List<CompletedPart> asked) {
        Map<String, Entry> there = parts(exchange, upload);
        List<Chosen> chosen = new ArrayList<>();
        for (CompletedPart part : asked) {
            Entry entry = there.get(Upload.partName(part.number()));
            StoredObject stored = entry == null ? null : new StoredObject(entry);
            if (stored == null || !stored.etag().equals(part.etag())) {
                throw invalid(upload, part, S3ErrorCode.INVALID_PART.message());
            }
            checkChecksums(upload, part, stored);
            boolean last = chosen.size() == asked.size() - 1;
            if (!last && stored.size() < MIN_PART_BYTES) {
                throw new S3Exception(S3ErrorCode.ENTITY_TOO_SMALL)
                        .with("ProposedSize", Long.toString(stored.size()))
                        .with("MinSizeAllowed", Long.toString(MIN_PART_BYTES))
                        .with("PartNumber", Integer.toString(part.number()))
                        .with("ETag", stored.etag());
            }
            chosen.add(new Chosen(part, stored));
        }
        return chosen;
    }

    private static void checkChecksums(Upload upload, CompletedPart part, StoredObject stored) {
        Optional<ContentFacts.Checksum> kept = stored.facts().flatMap(ContentFacts::checksum);
        part.checksums().forEach((algorithm, value) -> {
            boolean holds = kept.filter(
                            sum -> sum.algorithm() == algorithm && sum.value().equals(value))
                    .isPresent();
            if (!holds) {
                throw invalid(
                        upload,
                        part,
                        "One or more of the specified parts could not be found: its " + algorithm + " is not '" + value
                                + "'.");
            }
        });
    }

    private static S3Exception invalid(Upload upload, CompletedPart part, String message) {
        return new S3Exception(S3ErrorCode.INVALID_PART, message)
                .with("UploadId", upload.id().text())
                .with("PartNumber", Integer.toString(part.number()))
                .with("ETag", part.etag());
    }

    private static Map<String, Entry> parts(S3Exchange exchange, Upload upload) {
        Map<String, Entry> parts = new HashMap<>();
        String directory = upload.directory();
        String after = directory;
        ListResponse page;
        do {
            page = upload.bucket().store().hidden().list(directory, "", after, PAGE, exchange.call());
            page.getEntriesList().forEach(entry -> parts.put(entry.getKey().substring(directory.length()), entry));
            after = page.getNextStartAfter();
        } while (page.getTruncated());
        return parts;
    }

    private static ContentFacts facts(Upload upload, List<Chosen> parts) {
        List<byte[]> md5s = new ArrayList<>();
        List<Long> sizes = new ArrayList<>();
        for (Chosen part : parts) {
            // Its MD5, or what stands for that where the MD5 is not told.
            md5s.add(HexFormat.of().parseHex(part.stored().etag()));
            sizes.add(part.stored().size());
        }
        return new ContentFacts(
                sizes.stream().mapToLong(Long::longValue).sum(),
                Optional.of(MultipartDigests.etag(md5s)),
                upload.checksum()
                        .map(wanted ->
                                new ContentFacts.Checksum(wanted.algorithm(), wanted.type(), checksum(wanted, parts))),
                sizes,
                upload.checksum().isEmpty()
                        ? List.of()
                        : parts.stream()
                                .map(part -> part.stored().facts().flatMap(ContentFacts::checksum))
                                .map(sum -> sum.orElseThrow().value())
                                .toList());
    }

    private static String checksum(Upload.Checksum wanted, List<Chosen> parts) {
        List<MultipartDigests.Part> sums = parts.stream()
                .map(part -> new MultipartDigests.Part(
                        part.stored()
                                .facts()
                                .flatMap(ContentFacts::checksum)
                                .map(sum -> Base64.getDecoder().decode(sum.value()))
                                .orElseThrow(() -> new IllegalStateException("every part is stored with its checksum")),
                        part.stored().size()))
                .toList();
        return MultipartDigests.checksum(wanted.algorithm(), wanted.type(), sums);
    }

    /** What the request says of the whole must be true. @throws S3Exception BadDigest, InvalidRequest */
    private static void check(S3Exchange exchange, ContentFacts facts) {
        for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
            exchange.header(algorithm.header()).ifPresent(sent -> {
                // Some send the composite value without the number of parts.
                boolean holds = facts.checksum()
                        .filter(sum -> sum.algorithm() == algorithm
                                && (sum.value().equals(sent) || sum.value().startsWith(sent + "-")))
                        .isPresent();
                if (!holds) {
                    throw new S3Exception(
                            S3ErrorCode.BAD_DIGEST,
                            "The " + algorithm + " you specified did not match the calculated checksum.");
                }
            });
        }
        exchange.header("x-amz-checksum-type").map(MultipartUploads::type).ifPresent(type -> {
            if (facts.checksum().filter(sum -> sum.type() == type).isEmpty()) {
                throw new S3Exception(
                        S3ErrorCode.INVALID_REQUEST, "The upload was not created with the checksum type " + type + ".");
            }
        });
        exchange.header("x-amz-mp-object-size").ifPresent(size -> {
            if (!size.equals(Long.toString(facts.size()))) {
                throw new S3Exception(
                        S3ErrorCode.INVALID_REQUEST,
                        "The provided 'x-amz-mp-object-size' header does not match what was computed: " + facts.size());
            }
        });
    }
}

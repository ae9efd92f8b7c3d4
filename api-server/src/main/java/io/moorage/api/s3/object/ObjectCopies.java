package io.moorage.api.s3.object;

import io.moorage.api.s3.body.ChecksumAlgorithm;
import io.moorage.api.s3.body.ChecksumType;
import io.moorage.api.s3.body.RunningChecksum;
import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.encryption.Encryption;
import io.moorage.api.s3.encryption.Seal;
import io.moorage.api.s3.encryption.SealedContent;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.request.CopySource;
import io.moorage.api.s3.request.Headers;
import io.moorage.api.s3.request.ReadConditions;
import io.moorage.api.s3.request.WriteConditions;
import io.moorage.api.s3.tagging.Tags;
import io.moorage.api.s3.xml.MultipartAnswers;
import io.moorage.api.s3.xml.ObjectAnswers;
import io.moorage.client.CopyOptions;
import io.moorage.client.DirectoryOptions;
import io.moorage.client.EntryReader;
import io.moorage.client.MoorageException;
import io.moorage.client.PutOptions;
import io.moorage.client.VersionedStore;
import io.moorage.protocol.v1.Digest;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.Precondition;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * CopyObject. Within a volume no bytes are copied; between volumes they are streamed. The copy keeps the ETag of its source, also
 * when that came by parts. Thread-safe.
 */
public final class ObjectCopies {
    private static final long MAX_COPY_BYTES = ObjectWrites.MAX_PUT_BYTES;

    private final Encryption encryption;

    public ObjectCopies(Encryption encryption) {
        this.encryption = encryption;
    }

    /**
     * @param source where from
     * @param sourceBucket its bucket; that the caller may read it was checked
     */
    public void copy(S3Exchange exchange, Bucket bucket, CopySource source, Bucket sourceBucket) throws IOException {
        Headers headers = exchange.head().headers();
        StoredObject original = source(exchange, source, sourceBucket);
        Optional<SealedContent> sealed = encryption.check(original.entry(), Encryption.sourceKey(headers));
        Optional<Seal> seal = encryption.ofNew(headers, bucket.encryptedByDefault());
        boolean replaceMetadata = directive(exchange, "x-amz-metadata-directive");
        boolean replaceTags = directive(exchange, "x-amz-tagging-directive");
        NewObject sent = NewObject.of(headers);
        boolean onItself = bucket.name().equals(sourceBucket.name())
                && exchange.key().equals(source.key())
                && source.version().isEmpty();
        if (onItself
                && !replaceMetadata
                && encryption.keeps(sealed, headers, seal)
                && exchange.header("x-amz-storage-class").isEmpty()) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "This copy request is illegal because it is trying to copy an object to itself without changing the"
                            + " object's metadata, storage class, website redirect location or encryption attributes.");
        }
        if (original.size() > MAX_COPY_BYTES) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "The specified copy source is larger than the maximum allowable size for a copy source: "
                            + MAX_COPY_BYTES);
        }
        ContentFacts facts = facts(exchange, source, sourceBucket, original);
        NewObject made = made(original.entry(), sent, replaceMetadata, replaceTags);
        WriteConditions conditions = WriteConditions.of(headers);
        Precondition target = ObjectLookup.precondition(bucket, exchange.key(), conditions, exchange.call());
        Entry copy;
        try {
            copy = exchange.key().endsWith("/")
                    ? copyDirectory(exchange, bucket, original, made, facts, target)
                    : bucket.record().volume().equals(sourceBucket.record().volume())
                                    && !source.key().endsWith("/")
                                    && encryption.keeps(sealed, headers, seal)
                            ? copyExtents(
                                    exchange,
                                    bucket,
                                    sourceBucket.entryKey(source.key()),
                                    original,
                                    made,
                                    facts,
                                    sealed,
                                    target)
                            : copyBytes(exchange, bucket, source, sourceBucket, original, made, facts, seal, target);
        } catch (MoorageException e) {
            throw ObjectWrites.conflict(e, conditions);
        }
        if (!exchange.key().endsWith("/")) {
            seal.ifPresent(it -> it.headers().forEach(exchange::answer));
        }
        ObjectAnswer.version(exchange, bucket, copy);
        StoredObject.versionId(sourceBucket, original.entry())
                .ifPresent(id -> exchange.answer("x-amz-copy-source-version-id", id));
        StoredObject stored = new StoredObject(copy);
        exchange.answer(
                200,
                ObjectAnswers.copied(
                        stored.lastModified(),
                        stored.etag(),
                        facts.checksum()
                                .map(sum -> new MultipartAnswers.Checksum(
                                        sum.algorithm(), sum.value(), Optional.of(sum.type())))));
    }

    /** The object to copy from, if its conditions hold. */
    public static StoredObject source(S3Exchange exchange, CopySource source, Bucket sourceBucket) {
        StoredObject original;
        try {
            original = ObjectLookup.require(sourceBucket, source.key(), source.version(), exchange.call());
        } catch (S3Exception e) {
            // What is asked of the target is allowed; the source is what cannot be.
            throw e.code() == S3ErrorCode.METHOD_NOT_ALLOWED
                    ? new S3Exception(
                            S3ErrorCode.INVALID_REQUEST,
                            "The source of a copy request may not specifically refer to a delete marker by version id.")
                    : e;
        }
        ReadConditions.ofCopySource(exchange.head().headers())
                .checkCopySource(original.quotedEtag(), original.lastModified());
        return original;
    }

    /** Whether REPLACE was asked for. */
    private static boolean directive(S3Exchange exchange, String header) {
        String directive = exchange.header(header).orElse("COPY");
        return switch (directive) {
            case "COPY" -> false;
            case "REPLACE" -> true;
            default -> throw S3Exception.invalidArgument("Unknown " + header.substring(6) + ".", header, directive);
        };
    }

    private static NewObject made(Entry original, NewObject sent, boolean replaceMetadata, boolean replaceTags) {
        List<MetadataItem> attributes = new ArrayList<>();
        if (replaceMetadata) {
            attributes.addAll(sent.attributes());
        } else {
            Attributes.HEADERS
                    .values()
                    .forEach(name -> Attributes.get(original, name)
                            .ifPresent(value -> attributes.add(Attributes.item(name, value))));
            // The storage class is the request's own, whatever the directive.
            sent.attributes().stream()
                    .filter(item -> item.getName().equals(Attributes.STORAGE_CLASS)
                            || item.getName().equals(Attributes.REDIRECT))
                    .forEach(attributes::add);
        }
        Tags tags = replaceTags
                ? sent.tags()
                : Attributes.get(original, Attributes.TAGS)
                        .map(Tags::parseHeader)
                        .orElse(null);
        return new NewObject(
                replaceMetadata ? sent.contentType() : original.getContentType(),
                replaceMetadata ? sent.metadata() : original.getMetadataList(),
                attributes,
                tags);
    }

    /** Those of the source, and the checksum that is asked for: if it has none of that kind, its bytes are read for it. */
    private ContentFacts facts(S3Exchange exchange, CopySource source, Bucket sourceBucket, StoredObject original)
            throws IOException {
        ContentFacts facts = original.facts()
                .orElseGet(() -> new ContentFacts(original.size(), Optional.empty(), Optional.empty(), List.of()));
        Optional<ChecksumAlgorithm> wanted =
                exchange.header("x-amz-checksum-algorithm").map(ChecksumAlgorithm::parse);
        boolean there = wanted.isEmpty()
                || facts.checksum()
                        .filter(sum -> sum.algorithm() == wanted.get() && sum.type() == ChecksumType.FULL_OBJECT)
                        .isPresent();
        if (there) {
            return facts;
        }
        RunningChecksum running = wanted.get().start();
        try (EntryReader reader = ObjectLookup.open(sourceBucket, source.key(), source.version(), exchange.call())) {
            encryption
                    .opening(reader, Encryption.sourceKey(exchange.head().headers()))
                    .transferTo(0, original.size(), digesting(running));
        }
        return new ContentFacts(
                facts.size(),
                facts.etag(),
                Optional.of(new ContentFacts.Checksum(
                        wanted.get(),
                        ChecksumType.FULL_OBJECT,
                        Base64.getEncoder().encodeToString(running.value()))),
                facts.partSizes(),
                // They are of the algorithm that the source was uploaded with.
                facts.checksum().map(ContentFacts.Checksum::algorithm).equals(wanted)
                        ? facts.partChecksums()
                        : List.of());
    }

    /** What is written to it is summed. */
    public static OutputStream digesting(RunningChecksum running) {
        return new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                running.update(bytes, offset, length);
            }
        };
    }

    private static Entry copyExtents(
            S3Exchange exchange,
            Bucket bucket,
            String from,
            StoredObject original,
            NewObject made,
            ContentFacts facts,
            Optional<SealedContent> sealed,
            Precondition target) {
        List<MetadataItem> attributes = new ArrayList<>(made.attributes(facts));
        // With the same bytes, the same key.
        sealed.ifPresent(it -> attributes.add(it.attribute()));
        return bucket.store()
                .versions()
                .copy(
                        new CopyOptions(
                                from,
                                VersionedStore.version(original.entry().getVersion()),
                                Optional.empty(),
                                bucket.entryKey(exchange.key()),
                                Optional.of(new CopyOptions.UserMetadata(made.contentType(), made.metadata())),
                                Optional.of(attributes),
                                original.entry().getDigestsList(),
                                Locks.ofNew(exchange, bucket),
                                Precondition.getDefaultInstance(),
                                target),
                        exchange.call());
    }

    private Entry copyBytes(
            S3Exchange exchange,
            Bucket bucket,
            CopySource source,
            Bucket sourceBucket,
            StoredObject original,
            NewObject made,
            ContentFacts facts,
            Optional<Seal> seal,
            Precondition target)
            throws IOException {
        try (EntryReader reader = ObjectLookup.open(
                        sourceBucket,
                        source.key(),
                        Optional.of(StoredObject.versionId(original.entry())).filter(id -> sourceBucket.versioned()),
                        exchange.call());
                RangeInputStream body = new RangeInputStream(
                        encryption.opening(
                                reader, Encryption.sourceKey(exchange.head().headers())),
                        0,
                        original.size())) {
            List<Digest> digests = Content.digests(seal, original.entry().getDigestsList());
            ContentFacts told = Content.facts(seal, facts, original.etag());
            return bucket.store()
                    .put(
                            new PutOptions(
                                    bucket.entryKey(exchange.key()),
                                    made.contentType(),
                                    made.metadata(),
                                    target,
                                    () -> digests,
                                    () -> Content.attributes(seal, List.of(original.size()), made.attributes(told)),
                                    Locks.ofNew(exchange, bucket)),
                            seal.map(it -> it.seal(body)).orElse(body),
                            seal.isEmpty() ? original.size() : Seal.storedLength(original.size()),
                            exchange.call())
                    .getEntry();
        }
    }

    private static Entry copyDirectory(
            S3Exchange exchange,
            Bucket bucket,
            StoredObject original,
            NewObject made,
            ContentFacts facts,
            Precondition target) {
        if (original.size() > 0) {
            throw S3Exception.notImplemented(
                    "A key that ends with '/' is a directory, which has no content: copy to a key without the last '/'.");
        }
        return bucket.store()
                .versions()
                .putDirectory(
                        new DirectoryOptions(
                                bucket.entryKey(exchange.key()),
                                made.contentType(),
                                made.metadata(),
                                made.attributes(facts),
                                target),
                        exchange.call())
                .getEntry();
    }
}

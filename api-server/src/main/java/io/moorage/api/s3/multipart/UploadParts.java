package io.moorage.api.s3.multipart;

import io.moorage.api.s3.body.BodyDigests;
import io.moorage.api.s3.body.ChecksumAlgorithm;
import io.moorage.api.s3.body.ChecksumType;
import io.moorage.api.s3.body.RunningChecksum;
import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.encryption.CustomerKey;
import io.moorage.api.s3.encryption.Encryption;
import io.moorage.api.s3.encryption.Seal;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.object.Attributes;
import io.moorage.api.s3.object.Content;
import io.moorage.api.s3.object.ContentFacts;
import io.moorage.api.s3.object.NewObject;
import io.moorage.api.s3.object.ObjectCopies;
import io.moorage.api.s3.object.ObjectLookup;
import io.moorage.api.s3.object.ObjectWrites;
import io.moorage.api.s3.object.RangeInputStream;
import io.moorage.api.s3.object.StoredObject;
import io.moorage.api.s3.request.CopySource;
import io.moorage.api.s3.request.RangeHeader;
import io.moorage.api.s3.xml.MultipartAnswers;
import io.moorage.api.s3.xml.ObjectAnswers;
import io.moorage.client.CopyOptions;
import io.moorage.client.EntryReader;
import io.moorage.client.PutOptions;
import io.moorage.client.VersionedStore;
import io.moorage.protocol.v1.ByteRange;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.ObjectLock;
import io.moorage.protocol.v1.Precondition;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** UploadPart and UploadPartCopy. Thread-safe. */
public final class UploadParts {
    private static final int MAX_PARTS = 10_000;

    private final Encryption encryption;

    public UploadParts(Encryption encryption) {
        this.encryption = encryption;
    }

    public void put(S3Exchange exchange, Bucket bucket) throws IOException {
        int number = partNumber(exchange);
        Upload upload = Upload.require(exchange, bucket);
        Optional<ChecksumAlgorithm> wanted = upload.checksum().map(Upload.Checksum::algorithm);
        Content content = new Content(
                exchange.upload(wanted),
                encryption.ofPart(upload.sealing(), exchange.head().headers()));
        ObjectWrites.checkLength(content.body());
        PutOptions options = new PutOptions(
                upload.directory() + Upload.partName(number),
                "",
                List.of(),
                Precondition.getDefaultInstance(),
                () -> {
                    check(content.bodyDigests(), wanted);
                    return content.digests();
                },
                () -> content.attributes(attributes(content.facts())),
                ObjectLock.getDefaultInstance());
        bucket.store().hidden().put(options, content.in(), content.length(), exchange.call());
        BodyDigests digests = content.bodyDigests();
        content.seal().ifPresent(it -> it.headers().forEach(exchange::answer));
        exchange.answer("ETag", '"' + content.etag() + '"');
        digests.algorithm()
                .ifPresent(algorithm -> exchange.answer(
                        algorithm.header(), digests.checksumBase64().orElseThrow()));
        exchange.answer(200);
    }

    private static void check(BodyDigests digests, Optional<ChecksumAlgorithm> wanted) {
        if (wanted.isPresent() && !digests.algorithm().equals(wanted)) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "Checksum Type mismatch occurred, expected checksum Type: " + wanted.get()
                            + ", actual checksum Type: "
                            + digests.algorithm().map(Enum::name).orElse("null"));
        }
    }

    private static List<MetadataItem> attributes(ContentFacts facts) {
        return facts.any() ? List.of(Attributes.item(Attributes.CONTENT, facts.encode())) : List.of();
    }

    /** @throws S3Exception InvalidArgument */
    static int partNumber(S3Exchange exchange) {
        return exchange.head()
                .query()
                .integer("partNumber", 1, MAX_PARTS)
                .orElseThrow(() -> S3Exception.invalidArgument(
                        "Part number must be an integer between 1 and " + MAX_PARTS + ", inclusive", "partNumber", ""));
    }

    /**
     * Within a volume no bytes are copied; they are read for their MD5, unless all of an object is copied that has one.
     *
     * @param sourceBucket that the caller may read it was checked
     */
    public void copy(S3Exchange exchange, Bucket bucket, CopySource source, Bucket sourceBucket) throws IOException {
        int number = partNumber(exchange);
        Upload upload = Upload.require(exchange, bucket);
        Optional<Seal> seal =
                encryption.ofPart(upload.sealing(), exchange.head().headers());
        StoredObject original = ObjectCopies.source(exchange, source, sourceBucket);
        Optional<CustomerKey> sourceKey = Encryption.sourceKey(exchange.head().headers());
        boolean asItIs = encryption.check(original.entry(), sourceKey).isEmpty() && seal.isEmpty();
        RangeHeader.Slice slice = RangeHeader.parseCopy(
                        exchange.header("x-amz-copy-source-range").orElse(null), original.size())
                .orElse(new RangeHeader.Slice(0, original.size()));
        if (slice.length() > ObjectWrites.MAX_PUT_BYTES) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "The specified copy source is larger than the maximum allowable size for a copy source: "
                            + ObjectWrites.MAX_PUT_BYTES);
        }
        Optional<RunningChecksum> checksum =
                upload.checksum().map(wanted -> wanted.algorithm().start());
        RunningChecksum md5 = RunningChecksum.of("MD5");
        Optional<String> version =
                sourceBucket.versioned() ? Optional.of(StoredObject.versionId(original.entry())) : source.version();
        Entry part;
        try (EntryReader reader = ObjectLookup.open(sourceBucket, source.key(), version, exchange.call())) {
            boolean sameVolume =
                    bucket.record().volume().equals(sourceBucket.record().volume());
            part = sameVolume && asItIs && slice.length() > 0
                    ? share(exchange, upload, number, reader, slice, md5, checksum)
                    : send(exchange, upload, number, encryption.opening(reader, sourceKey), seal, slice, md5, checksum);
        }
        seal.ifPresent(it -> it.headers().forEach(exchange::answer));
        StoredObject stored = new StoredObject(part);
        StoredObject.versionId(sourceBucket, original.entry())
                .ifPresent(id -> exchange.answer("x-amz-copy-source-version-id", id));
        exchange.answer(
                200,
                ObjectAnswers.partCopied(
                        stored.lastModified(),
                        stored.etag(),
                        stored.facts()
                                .flatMap(ContentFacts::checksum)
                                .map(sum -> new MultipartAnswers.Checksum(
                                        sum.algorithm(), sum.value(), Optional.empty()))));
    }

    /** Makes a part of the source's own extents. */
    private static Entry share(
            S3Exchange exchange,
            Upload upload,
            int number,
            EntryReader reader,
            RangeHeader.Slice slice,
            RunningChecksum md5,
            Optional<RunningChecksum> checksum)
            throws IOException {
        reader.transferTo(slice.offset(), slice.length(), both(md5, checksum));
        return upload.bucket()
                .store()
                .hidden()
                .versions()
                .copy(
                        new CopyOptions(
                                reader.entry().getKey(),
                                VersionedStore.version(reader.entry().getVersion()),
                                Optional.of(ByteRange.newBuilder()
                                        .setOffset(slice.offset())
                                        .setLength(slice.length())
                                        .build()),
                                upload.directory() + Upload.partName(number),
                                Optional.of(new CopyOptions.UserMetadata("", List.of())),
                                Optional.of(attributes(facts(upload, slice.length(), checksum))),
                                NewObject.md5(md5.value()),
                                ObjectLock.getDefaultInstance(),
                                Precondition.getDefaultInstance(),
                                Precondition.getDefaultInstance()),
                        exchange.call());
    }

    private static Entry send(
            S3Exchange exchange,
            Upload upload,
            int number,
            EntryReader reader,
            Optional<Seal> seal,
            RangeHeader.Slice slice,
            RunningChecksum md5,
            Optional<RunningChecksum> checksum)
            throws IOException {
        try (RangeInputStream body = new RangeInputStream(reader, slice.offset(), slice.length())) {
            boolean hides = seal.filter(Seal::hidesMd5).isPresent();
            InputStream plain = new TeeInputStream(body, both(md5, checksum));
            return upload.bucket()
                    .store()
                    .hidden()
                    .put(
                            new PutOptions(
                                    upload.directory() + Upload.partName(number),
                                    "",
                                    List.of(),
                                    Precondition.getDefaultInstance(),
                                    () -> hides ? List.of() : NewObject.md5(md5.value()),
                                    () -> {
                                        ContentFacts facts = facts(upload, slice.length(), checksum);
                                        return Content.attributes(
                                                seal,
                                                List.of(slice.length()),
                                                attributes(
                                                        hides
                                                                ? Content.facts(
                                                                        seal,
                                                                        facts,
                                                                        HexFormat.of()
                                                                                .formatHex(md5.value()))
                                                                : facts));
                                    },
                                    ObjectLock.getDefaultInstance()),
                            seal.map(it -> it.seal(plain)).orElse(plain),
                            seal.isEmpty() ? slice.length() : Seal.storedLength(slice.length()),
                            exchange.call())
                    .getEntry();
        }
    }

    private static ContentFacts facts(Upload upload, long size, Optional<RunningChecksum> checksum) {
        return new ContentFacts(
                size,
                Optional.empty(),
                checksum.map(running -> new ContentFacts.Checksum(
                        upload.checksum().orElseThrow().algorithm(),
                        ChecksumType.FULL_OBJECT,
                        Base64.getEncoder().encodeToString(running.value()))),
                List.of());
    }

    private static OutputStream both(RunningChecksum md5, Optional<RunningChecksum> checksum) {
        return ObjectCopies.digesting(new RunningChecksum() {
            @Override
            public void update(byte[] bytes, int offset, int length) {
                md5.update(bytes, offset, length);
                checksum.ifPresent(running -> running.update(bytes, offset, length));
            }

            @Override
            public byte[] value() {
                throw new UnsupportedOperationException("each of them has its own");
            }
        });
    }
}

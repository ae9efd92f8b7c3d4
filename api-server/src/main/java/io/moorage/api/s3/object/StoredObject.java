package io.moorage.api.s3.object;

import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.encryption.SealedContent;
import io.moorage.api.s3.lifecycle.LifecycleObject;
import io.moorage.api.s3.tagging.Tags;
import io.moorage.protocol.v1.Digest;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.EntryKind;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** An entry, seen as an object. */
public record StoredObject(Entry entry) {
    public static final String MD5 = "md5";
    /** S3's word for the version that was not written while versioning was enabled. */
    public static final String NULL_VERSION = "null";

    public static final String STANDARD = "STANDARD";

    /**
     * Without quotes. Of what others than S3 wrote no MD5 is known: then it is made of the version, and has a dash, by which clients
     * see that it is no MD5.
     */
    public String etag() {
        return facts().flatMap(ContentFacts::etag)
                .or(() -> entry.getDigestsList().stream()
                        .filter(digest -> digest.getAlgorithm().equals(MD5))
                        .map(Digest::getValue)
                        .map(md5 -> HexFormat.of().formatHex(md5.toByteArray()))
                        .findFirst())
                .orElseGet(() -> String.format(Locale.ROOT, "%032x-1", entry.getVersion()));
    }

    public String quotedEtag() {
        return '"' + etag() + '"';
    }

    /** Bytes as they were put, also where more are stored because they are encrypted. */
    public long size() {
        return SealedContent.of(entry).map(SealedContent::size).orElse(entry.getSize());
    }

    public Instant lastModified() {
        return Instant.ofEpochMilli(entry.getModifiedAtMs());
    }

    public boolean isDeleteMarker() {
        return entry.getKind() == EntryKind.ENTRY_KIND_DELETE_MARKER;
    }

    /** Of the bytes that are there now. */
    public Optional<ContentFacts> facts() {
        return Attributes.get(entry, Attributes.CONTENT)
                .flatMap(ContentFacts::decode)
                .filter(facts -> facts.size() == size());
    }

    /** As lifecycle rules see it: a noncurrent version since it was replaced. @param key the object's */
    public LifecycleObject forLifecycle(String key) {
        long since = entry.getReplacedAtMs() == 0 ? entry.getModifiedAtMs() : entry.getReplacedAtMs();
        return new LifecycleObject(
                key,
                size(),
                Attributes.get(entry, Attributes.TAGS)
                        .map(tags -> Tags.parseHeader(tags).tags())
                        .orElse(Map.of()),
                Instant.ofEpochMilli(since));
    }

    public String storageClass() {
        return Attributes.get(entry, Attributes.STORAGE_CLASS).orElse(STANDARD);
    }

    /** Its version id, as its bucket tells it; empty: versioning was never on. */
    public static Optional<String> versionId(Bucket bucket, Entry entry) {
        return bucket.versioned() ? Optional.of(versionId(entry)) : Optional.empty();
    }

    /** As in lists of versions. */
    public static String versionId(Entry entry) {
        return entry.getVersioned() ? Long.toUnsignedString(entry.getVersion()) : NULL_VERSION;
    }
}

package io.moorage.api.s3.object;

import io.moorage.api.s3.body.BodyDigests;
import io.moorage.api.s3.body.UploadBody;
import io.moorage.api.s3.encryption.Seal;
import io.moorage.protocol.v1.Digest;
import io.moorage.protocol.v1.MetadataItem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The bytes of a request as they are stored, sealed if they are to be, and what is kept of them: all but {@link #in} and
 * {@link #length} is known when they were read to their end.
 *
 * @param seal empty: they are stored as they are
 */
public record Content(UploadBody body, Optional<Seal> seal) {

    /** What is stored. */
    public InputStream in() {
        return seal.map(it -> it.seal(body)).orElse(body);
    }

    /** Bytes that are stored; -1: not known before the end. */
    public long length() {
        return seal.isEmpty() ? body.length() : Seal.storedLength(body.length());
    }

    /** The ETag of an object or a part that has just these bytes. */
    public String etag() {
        String md5 = HexFormat.of().formatHex(bodyDigests().md5());
        return seal.filter(Seal::hidesMd5).map(it -> it.key().etag(md5)).orElse(md5);
    }

    /** What was computed of the bytes as they were sent. */
    public BodyDigests bodyDigests() {
        try {
            return body.digests();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is kept as digests of the entry. */
    public List<Digest> digests() {
        return digests(seal, NewObject.md5(bodyDigests().md5()));
    }

    /** What is kept of the bytes beyond that. */
    public ContentFacts facts() {
        BodyDigests digests = bodyDigests();
        return facts(seal, NewObject.facts(digests), HexFormat.of().formatHex(digests.md5()));
    }

    /** With what is kept of the encryption. */
    public List<MetadataItem> attributes(List<MetadataItem> others) {
        return attributes(seal, List.of(bodyDigests().size()), others);
    }

    /** Those that may be kept of bytes with such digests. */
    public static List<Digest> digests(Optional<Seal> seal, List<Digest> digests) {
        return seal.filter(Seal::hidesMd5).isPresent() ? List.of() : digests;
    }

    /** Those that may be kept of bytes with such an ETag. */
    public static ContentFacts facts(Optional<Seal> seal, ContentFacts facts, String etag) {
        return seal.filter(Seal::hidesMd5)
                .map(it -> facts.withEtag(it.key().etag(etag)))
                .orElse(facts);
    }

    /** With what is kept of the encryption of bytes in parts of such sizes. */
    public static List<MetadataItem> attributes(Optional<Seal> seal, List<Long> sizes, List<MetadataItem> others) {
        if (seal.isEmpty()) {
            return others;
        }
        List<MetadataItem> all = new ArrayList<>(others);
        all.add(seal.get().attribute(sizes));
        return all;
    }
}

package io.moorage.api.s3.listing;

import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.exchange.Owners;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.object.ContentFacts;
import io.moorage.api.s3.object.StoredObject;
import io.moorage.api.s3.xml.Listing;
import io.moorage.api.s3.xml.Owner;
import io.moorage.protocol.v1.Entry;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** ListObjects and ListObjectsV2. Thread-safe. */
public final class ObjectLists {

    public void list(S3Exchange exchange, Bucket bucket) {
        ListParameters parameters = ListParameters.of(exchange, "max-keys");
        String marker = exchange.query("marker").orElse("");
        KeyPages.Page page = KeyPages.page(bucket, parameters, marker, parameters.maxKeys(), exchange.call());
        // Without a delimiter the last key is the marker, which clients know; AWS leaves it out then.
        String next = page.truncated() && !parameters.delimiter().isEmpty() ? page.next() : "";
        exchange.answer(
                200, Listing.objects(answer(bucket, parameters, page, Optional.of(owner(bucket))), marker, next));
    }

    public void listV2(S3Exchange exchange, Bucket bucket) {
        ListParameters parameters = ListParameters.of(exchange, "max-keys");
        Optional<String> token = exchange.query("continuation-token");
        String startAfter = exchange.query("start-after").orElse("");
        String after = token.map(ObjectLists::decode).orElse(startAfter);
        KeyPages.Page page = KeyPages.page(bucket, parameters, after, parameters.maxKeys(), exchange.call());
        boolean fetchOwner =
                exchange.query("fetch-owner").filter("true"::equals).isPresent();
        exchange.answer(
                200,
                Listing.objectsV2(
                        answer(bucket, parameters, page, fetchOwner ? Optional.of(owner(bucket)) : Optional.empty()),
                        token,
                        page.truncated() ? Optional.of(encode(page.next())) : Optional.empty(),
                        startAfter));
    }

    private static Listing.Page answer(
            Bucket bucket, ListParameters parameters, KeyPages.Page page, Optional<Owner> owner) {
        List<Listing.ObjectItem> items = page.entries().stream()
                .map(entry -> item(bucket.objectKey(entry.getKey()), entry, owner))
                .toList();
        return new Listing.Page(
                bucket.name(),
                parameters.prefix(),
                parameters.delimiter(),
                parameters.maxKeys(),
                page.truncated(),
                parameters.urlEncoded(),
                items,
                page.commonPrefixes());
    }

    static Listing.ObjectItem item(String key, Entry entry, Optional<Owner> owner) {
        StoredObject object = new StoredObject(entry);
        Optional<ContentFacts.Checksum> checksum = object.facts().flatMap(ContentFacts::checksum);
        return new Listing.ObjectItem(
                key,
                object.lastModified(),
                object.etag(),
                object.size(),
                object.storageClass(),
                owner,
                checksum.map(ContentFacts.Checksum::algorithm),
                checksum.map(ContentFacts.Checksum::type));
    }

    static Owner owner(Bucket bucket) {
        return Owners.of(bucket.record().owner());
    }

    private static String encode(String key) {
        return Base64.getUrlEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw S3Exception.invalidArgument(
                    "The continuation token provided is incorrect", "continuation-token", token);
        }
    }
}

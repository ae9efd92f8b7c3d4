package io.moorage.api.s3.multipart;

import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.bucket.HiddenKeys;
import io.moorage.api.s3.exchange.Owners;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.listing.ListParameters;
import io.moorage.api.s3.object.ContentFacts;
import io.moorage.api.s3.object.StoredObject;
import io.moorage.api.s3.xml.MultipartAnswers;
import io.moorage.client.CallOptions;
import io.moorage.client.VolumeStore;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.ListResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** ListMultipartUploads and ListParts. Thread-safe. */
public final class UploadLists {
    /** After every key that begins with what it is put behind. */
    private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

    public void parts(S3Exchange exchange, Bucket bucket) {
        Upload upload = Upload.require(exchange, bucket);
        ListParameters parameters = ListParameters.of(exchange, "max-parts");
        int marker = exchange.head()
                .query()
                .integer("part-number-marker", 0, Integer.MAX_VALUE)
                .orElse(0);
        List<MultipartAnswers.PartItem> items = new ArrayList<>();
        boolean truncated = false;
        if (parameters.maxKeys() > 0 && marker < 100_000) {
            ListResponse page = bucket.store()
                    .hidden()
                    .list(
                            upload.directory(),
                            "",
                            upload.directory() + Upload.partName(marker),
                            parameters.maxKeys(),
                            exchange.call());
            page.getEntriesList().stream()
                    .filter(entry -> !entry.getKey().endsWith("/" + Upload.RECORD))
                    .forEach(entry -> items.add(item(upload, entry)));
            // The upload's own record comes after all parts, and is none.
            truncated = page.getTruncated()
                    && !items.isEmpty()
                    && !page.getNextStartAfter().endsWith("/" + Upload.RECORD)
                    && hasMore(upload, page.getNextStartAfter(), exchange.call());
        }
        exchange.answer(
                200,
                new MultipartAnswers.PartPage(
                        bucket.name(),
                        exchange.key(),
                        upload.id().text(),
                        Owners.of(upload.owner()),
                        storageClass(upload.entry()),
                        marker,
                        truncated ? Optional.of(items.get(items.size() - 1).number()) : Optional.empty(),
                        parameters.maxKeys(),
                        parameters.urlEncoded(),
                        upload.checksum().map(Upload.Checksum::algorithm),
                        upload.checksum().map(Upload.Checksum::type),
                        items));
    }

    private static boolean hasMore(Upload upload, String after, CallOptions call) {
        return upload.bucket().store().hidden().list(upload.directory(), "", after, 1, call).getEntriesList().stream()
                .anyMatch(entry -> !entry.getKey().endsWith("/" + Upload.RECORD));
    }

    private static MultipartAnswers.PartItem item(Upload upload, Entry entry) {
        StoredObject part = new StoredObject(entry);
        return new MultipartAnswers.PartItem(
                Integer.parseInt(entry.getKey().substring(upload.directory().length())),
                part.lastModified(),
                part.etag(),
                part.size(),
                part.facts()
                        .flatMap(ContentFacts::checksum)
                        .map(sum -> new MultipartAnswers.Checksum(sum.algorithm(), sum.value(), Optional.empty())));
    }

    private static String storageClass(Entry record) {
        return new StoredObject(record).storageClass();
    }

    public void uploads(S3Exchange exchange, Bucket bucket) {
        ListParameters parameters = ListParameters.of(exchange, "max-uploads");
        String keyMarker = exchange.query("key-marker").orElse("");
        String idMarker = exchange.query("upload-id-marker").orElse("");
        List<MultipartAnswers.UploadItem> items = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        boolean[] truncated = {false};
        String[] next = {"", ""};
        if (parameters.maxKeys() > 0) {
            walk(bucket, parameters.prefix(), keyMarker, idMarker, parameters.delimiter(), exchange.call(), found -> {
                if (items.size() + prefixes.size() == parameters.maxKeys()) {
                    truncated[0] = true;
                    return false;
                }
                if (found.commonPrefix()) {
                    prefixes.add(found.key());
                } else {
                    item(bucket, found, exchange.call()).ifPresent(items::add);
                }
                next[0] = found.key();
                next[1] = found.id();
                return true;
            });
        }
        exchange.answer(
                200,
                new MultipartAnswers.UploadPage(
                        bucket.name(),
                        keyMarker,
                        idMarker,
                        truncated[0] ? next[0] : "",
                        truncated[0] ? next[1] : "",
                        parameters.prefix(),
                        parameters.delimiter(),
                        parameters.maxKeys(),
                        truncated[0],
                        parameters.urlEncoded(),
                        items,
                        prefixes));
    }

    private static Optional<MultipartAnswers.UploadItem> item(Bucket bucket, Found found, CallOptions call) {
        UploadId id = new UploadId(found.id());
        return Upload.find(bucket, found.key(), id, call)
                .map(upload -> new MultipartAnswers.UploadItem(
                        found.key(),
                        found.id(),
                        Owners.of(upload.owner()),
                        storageClass(upload.entry()),
                        id.initiated(),
                        upload.checksum().map(Upload.Checksum::algorithm),
                        upload.checksum().map(Upload.Checksum::type)));
    }

    /** An upload's directory, or what several keys have in common. @param id empty: a common prefix */
    public record Found(String key, String id) {
        boolean commonPrefix() {
            return id.isEmpty();
        }

        /** When it began. */
        public java.time.Instant initiated() {
            return new UploadId(id).initiated();
        }
    }

    /**
     * Goes through unfinished uploads in the order of their keys, and of their ids within a key.
     *
     * @param keyMarker after this key, or after the upload of idMarker in it
     * @param delimiter empty: none
     * @param visitor says whether to go on
     */
    public static void walk(
            Bucket bucket,
            String prefix,
            String keyMarker,
            String idMarker,
            String delimiter,
            CallOptions call,
            Predicate<Found> visitor) {
        VolumeStore store = bucket.store().hidden();
        String root = HiddenKeys.uploads(bucket.name());
        if (!idMarker.isEmpty()
                && keyMarker.startsWith(prefix)
                && !ofKey(store, root, keyMarker, idMarker, call, visitor)) {
            return;
        }
        boolean rolledUp = !delimiter.isEmpty() && keyMarker.endsWith(delimiter);
        String after = keyMarker.isEmpty() ? "" : root + keyMarker + (rolledUp ? "" : Upload.SEPARATOR) + LAST;
        while (true) {
            ListResponse page = store.list(root + prefix, Upload.SEPARATOR, after, ListParameters.PAGE, call);
            String skip = "";
            for (String common : page.getCommonPrefixesList()) {
                String key = common.substring(root.length(), common.length() - Upload.SEPARATOR.length());
                int at = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
                if (at >= 0) {
                    String rolled = key.substring(0, at + delimiter.length());
                    if (!visitor.test(new Found(rolled, ""))) {
                        return;
                    }
                    skip = root + rolled + LAST;
                    break;
                }
                if (!ofKey(store, root, key, "", call, visitor)) {
                    return;
                }
            }
            if (skip.isEmpty() && !page.getTruncated()) {
                return;
            }
            after = skip.isEmpty() ? page.getNextStartAfter() : skip;
        }
    }

    private static boolean ofKey(
            VolumeStore store, String root, String key, String idMarker, CallOptions call, Predicate<Found> visitor) {
        String directory = root + key + Upload.SEPARATOR;
        String after = idMarker.isEmpty() ? "" : directory + idMarker + "/";
        ListResponse page;
        do {
            page = store.list(directory, "/", after, ListParameters.PAGE, call);
            for (String common : page.getCommonPrefixesList()) {
                String id = common.substring(directory.length(), common.length() - 1);
                if (!visitor.test(new Found(key, id))) {
                    return false;
                }
            }
            after = page.getNextStartAfter();
        } while (page.getTruncated());
        return true;
    }
}

package io.moorage.api.s3.object;

import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.encryption.Encryption;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.request.HttpDates;
import io.moorage.api.s3.xml.MultipartAnswers;
import io.moorage.api.s3.xml.ObjectAnswers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** GetObjectAttributes. Of parts the sizes are kept, and the checksums of some hundreds. Thread-safe. */
public final class ObjectAttributes {
    private static final String WANTED = "x-amz-object-attributes";
    private static final Set<String> KNOWN = Set.of("ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize");
    private static final int MAX_PARTS = 1000;

    private final Encryption encryption;

    public ObjectAttributes(Encryption encryption) {
        this.encryption = encryption;
    }

    public void get(S3Exchange exchange, Bucket bucket) {
        Set<String> wanted = exchange.head().headers().all(WANTED).stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(String::trim)
                .collect(Collectors.toSet());
        if (wanted.isEmpty() || !KNOWN.containsAll(wanted)) {
            throw S3Exception.invalidArgument(
                    "Invalid attribute name specified: some of "
                            + KNOWN.stream().sorted().toList() + " are needed.",
                    WANTED,
                    String.join(",", wanted));
        }
        StoredObject object =
                ObjectLookup.require(bucket, exchange.key(), exchange.query("versionId"), exchange.call());
        encryption.check(object.entry(), Encryption.customerKey(exchange.head().headers()));
        exchange.answer("Last-Modified", HttpDates.header(object.lastModified()));
        ObjectAnswer.version(exchange, bucket, object.entry());
        exchange.answer(
                200,
                new ObjectAnswers.Attributes(
                        given(wanted, "ETag", object.etag()),
                        wanted.contains("Checksum")
                                ? object.facts()
                                        .flatMap(ContentFacts::checksum)
                                        .map(sum -> new MultipartAnswers.Checksum(
                                                sum.algorithm(), sum.value(), Optional.of(sum.type())))
                                : Optional.empty(),
                        wanted.contains("ObjectParts") ? parts(exchange, object) : Optional.empty(),
                        given(wanted, "StorageClass", object.storageClass()),
                        given(wanted, "ObjectSize", object.size())));
    }

    private static <T> Optional<T> given(Set<String> wanted, String name, T value) {
        return wanted.contains(name) ? Optional.of(value) : Optional.empty();
    }

    private static Optional<ObjectAnswers.Parts> parts(S3Exchange exchange, StoredObject object) {
        Optional<ContentFacts> facts = object.facts();
        List<Long> sizes = facts.map(ContentFacts::partSizes).orElse(List.of());
        if (sizes.isEmpty()) {
            return Optional.empty();
        }
        int marker = number(exchange, "x-amz-part-number-marker", 0, Integer.MAX_VALUE, 0);
        int max = Math.min(MAX_PARTS, number(exchange, "x-amz-max-parts", 0, Integer.MAX_VALUE, MAX_PARTS));
        List<MultipartAnswers.PartItem> items = new ArrayList<>();
        int last = (int) Math.min(sizes.size(), (long) marker + max);
        for (int number = marker + 1; number <= last; number++) {
            items.add(new MultipartAnswers.PartItem(
                    number, object.lastModified(), "", sizes.get(number - 1), checksum(facts.get(), number)));
        }
        Optional<Integer> next = last < sizes.size() && max > 0 ? Optional.of(last) : Optional.empty();
        return Optional.of(new ObjectAnswers.Parts(sizes.size(), marker, next, max, items));
    }

    private static Optional<MultipartAnswers.Checksum> checksum(ContentFacts facts, int part) {
        return facts.partChecksum(part)
                .flatMap(value -> facts.checksum()
                        .map(whole -> new MultipartAnswers.Checksum(whole.algorithm(), value, Optional.empty())));
    }

    private static int number(S3Exchange exchange, String header, int min, int max, int otherwise) {
        Optional<String> value = exchange.header(header);
        if (value.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value.get());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw S3Exception.invalidArgument(
                "Argument " + header + " must be an integer from " + min, header, value.get());
    }
}

package io.moorage.api.s3.bucket;

import io.moorage.api.config.ApiConfig;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.exchange.Owners;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.request.BucketNames;
import io.moorage.api.s3.xml.BucketAnswers;
import io.moorage.api.s3.xml.BucketDocuments;
import io.moorage.api.s3.xml.Listing;
import io.moorage.api.s3.xml.ObjectAnswers;
import io.moorage.api.system.SystemRecords;
import io.moorage.client.CallOptions;
import io.moorage.client.MoorageException;
import io.moorage.client.VersionListing;
import io.moorage.client.VolumeRef;
import io.moorage.client.VolumeStore;
import io.moorage.client.control.ControlPlane;
import io.moorage.client.control.VolumeRequest;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Precondition;
import io.moorage.protocol.v1.TreeChange;
import io.moorage.protocol.v1.VersioningState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Making, deleting, finding and listing buckets. Thread-safe. */
public final class BucketOperations {
    private static final int MAX_DOCUMENT = 64 * 1024;
    private static final int MAX_BUCKETS = 10_000;
    private static final int PAGE = 1000;
    /** As AWS names its regions: us-east-1, ap-southeast-2, us-gov-west-1, EU. */
    private static final Pattern REGION = Pattern.compile("EU|[a-z]{2}(-[a-z]+)+-\\d{1,2}");

    private final ApiConfig.S3 config;
    private final ControlPlane plane;
    private final BucketRegistry registry;

    public BucketOperations(ApiConfig.S3 config, ControlPlane plane, BucketRegistry registry) {
        this.config = config;
        this.plane = plane;
        this.registry = registry;
    }

    /** @param permission refuses volumes in which the caller may make no buckets */
    public void create(S3Exchange exchange, Consumer<String> permission) throws IOException {
        String name = exchange.target().bucket();
        BucketNames.check(name);
        io.moorage.api.s3.object.CannedAcl.check(exchange.head().headers());
        byte[] body = exchange.document(MAX_DOCUMENT);
        BucketDocuments.CreateBucket wanted = body.length == 0
                ? new BucketDocuments.CreateBucket("", io.moorage.api.s3.tagging.Tags.NONE)
                : BucketDocuments.createBucket(new ByteArrayInputStream(body));
        boolean lock = exchange.header("x-amz-bucket-object-lock-enabled")
                .filter(value -> value.equalsIgnoreCase("true"))
                .isPresent();
        Optional<Bucket> there = registry.findNow(name);
        if (there.isPresent()) {
            throw exists(there.get(), exchange.user());
        }
        String volume = volume(wanted.location());
        permission.accept(volume);
        Map<String, String> settings = wanted.tags().size() == 0
                ? Map.of()
                : Map.of(
                        Settings.TAGGING,
                        new String(ObjectAnswers.tagging(wanted.tags()).bytes(), StandardCharsets.UTF_8));
        BucketRecord record = new BucketRecord(
                volume,
                exchange.user(),
                wanted.location(),
                Instant.now().toEpochMilli(),
                lock,
                lock ? BucketRecord.ENABLED : "",
                settings);
        // The directory first: a bucket that is found can be used.
        VolumeStore store = new Bucket(name, record, registry.volumes()).store();
        store.makeDirectory(name + "/", Precondition.getDefaultInstance(), exchange.call());
        if (lock) {
            store.versions().setVersioning(name + "/", VersioningState.VERSIONING_STATE_ENABLED, exchange.call());
        }
        if (!registry.add(name, record)) {
            throw exists(registry.require(name), exchange.user());
        }
        exchange.answer("Location", "/" + name);
        exchange.answer(200);
    }

    private static S3Exception exists(Bucket bucket, String user) {
        return new S3Exception(
                        bucket.record().owner().equals(user)
                                ? S3ErrorCode.BUCKET_ALREADY_OWNED_BY_YOU
                                : S3ErrorCode.BUCKET_ALREADY_EXISTS)
                .with("BucketName", bucket.name());
    }

    /** The volume of a new bucket: the one that is named as its location, or the default, which is made if need be. */
    private String volume(String location) {
        boolean aRegion = location.isEmpty()
                || location.equals(config.region())
                || REGION.matcher(location).matches();
        if (!aRegion || !location.isEmpty() && plane.resolve(location).isPresent()) {
            if (location.equals(VolumeRef.SYSTEM)
                    || !location.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
                    || plane.resolve(location).isEmpty()) {
                throw new S3Exception(
                                S3ErrorCode.INVALID_LOCATION_CONSTRAINT,
                                "The specified location-constraint is not valid: it is neither a region nor a volume.")
                        .with("LocationConstraint", location);
            }
            return location;
        }
        String volume = config.defaultVolume();
        if (plane.resolve(volume).isEmpty()) {
            plane.createVolume(new VolumeRequest(volume, 0, 0, 0, Consistency.CONSISTENCY_UNSPECIFIED, Map.of()));
        }
        return volume;
    }

    public void delete(S3Exchange exchange, Bucket bucket) {
        try {
            VolumeStore store = bucket.store();
            checkEmpty(exchange.call(), bucket, store);
            try {
                store.removeDirectory(bucket.directory(), Precondition.getDefaultInstance(), exchange.call());
            } catch (MoorageException e) {
                // Deleted by REST already.
                if (e.code() != ErrorCode.ERROR_CODE_NOT_FOUND) {
                    throw e;
                }
            }
            abortUploads(exchange.call(), bucket, store);
        } catch (MoorageException e) {
            if (e.code() == ErrorCode.ERROR_CODE_NOT_EMPTY) {
                throw notEmpty(bucket);
            }
            throw e;
        } catch (S3Exception e) {
            // Its volume is gone, so that nothing is in it.
            if (e.code() != S3ErrorCode.NO_SUCH_BUCKET) {
                throw e;
            }
        }
        registry.remove(bucket.name());
        exchange.answer(204);
    }

    private static void checkEmpty(CallOptions call, Bucket bucket, VolumeStore store) {
        boolean any = store
                .versions()
                .listVersions(new VersionListing(bucket.directory(), "", bucket.directory(), 0, 1), call)
                .getVersionsList()
                .stream()
                .findAny()
                .isPresent();
        if (any) {
            throw notEmpty(bucket);
        }
    }

    private static void abortUploads(CallOptions call, Bucket bucket, VolumeStore store) {
        TreeChange page;
        do {
            page = store.hidden().deleteTree(HiddenKeys.ofBucket(bucket.name()), PAGE, call);
        } while (page.getMore());
    }

    private static S3Exception notEmpty(Bucket bucket) {
        return new S3Exception(S3ErrorCode.BUCKET_NOT_EMPTY).with("BucketName", bucket.name());
    }

    public void head(S3Exchange exchange, Bucket bucket) {
        exchange.answer("x-amz-bucket-region", config.region());
        exchange.answer(200);
    }

    public void location(S3Exchange exchange, Bucket bucket) {
        String location = bucket.record().location();
        exchange.answer(200, BucketAnswers.location(location.equals("us-east-1") ? "" : location));
    }

    /** @param visible whether the caller may see a bucket */
    public void list(S3Exchange exchange, Predicate<Bucket> visible) {
        int max = exchange.head().query().integer("max-buckets", 1, MAX_BUCKETS).orElse(MAX_BUCKETS);
        String prefix = exchange.query("prefix").orElse("");
        String after = exchange.query("continuation-token").orElse("");
        List<Listing.BucketItem> found = new ArrayList<>();
        SystemRecords.Page page;
        boolean more = false;
        do {
            page = registry.names(prefix, after, PAGE);
            for (String name : page.names()) {
                after = name;
                Optional<Bucket> bucket = registry.find(name).filter(visible);
                if (bucket.isPresent() && found.size() == max) {
                    more = true;
                    break;
                }
                bucket.ifPresent(it -> found.add(new Listing.BucketItem(
                        name, Instant.ofEpochMilli(it.record().createdAtMs()))));
            }
        } while (page.truncated() && !more);
        Optional<String> next = more ? Optional.of(found.get(found.size() - 1).name()) : Optional.empty();
        exchange.answer(200, Listing.buckets(Owners.of(exchange.user()), found, prefix, next));
    }
}

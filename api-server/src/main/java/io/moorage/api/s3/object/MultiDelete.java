package io.moorage.api.s3.object;

import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.exchange.Refusals;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.request.Target;
import io.moorage.api.s3.request.WriteConditions;
import io.moorage.api.s3.xml.ObjectAnswers;
import io.moorage.api.s3.xml.ObjectDocuments;
import io.moorage.api.s3.xml.ObjectDocuments.Deletion;
import io.moorage.client.MoorageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** DeleteObjects: many at a time, so that they share entries of the log. Thread-safe. */
public final class MultiDelete implements AutoCloseable {
    private static final int AT_ONCE = 32;
    /** A thousand keys of 1024 bytes, each of which may be written as references of several characters. */
    private static final int MAX_DOCUMENT = 8 << 20;

    private final ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE, task -> {
        Thread thread = new Thread(task, "s3-delete");
        thread.setDaemon(true);
        return thread;
    });

    /** Says whether the caller may delete a key. */
    public interface Permission {
        /** @throws S3Exception AccessDenied */
        void check(String key, boolean ofVersion);
    }

    public void delete(S3Exchange exchange, Bucket bucket, Permission permission) throws IOException {
        requireDigest(exchange);
        ObjectDocuments.Delete asked =
                ObjectDocuments.delete(new ByteArrayInputStream(exchange.document(MAX_DOCUMENT)));
        boolean bypass = ObjectDeletes.bypassesGovernance(exchange);
        List<CompletableFuture<ObjectAnswers.Deleted>> running = new ArrayList<>();
        for (Deletion deletion : asked.objects()) {
            running.add(CompletableFuture.supplyAsync(
                    () -> delete(exchange, bucket, permission, deletion, bypass), workers));
        }
        List<ObjectAnswers.Deleted> results =
                running.stream().map(CompletableFuture::join).toList();
        exchange.answer(200, ObjectAnswers.deleted(results, asked.quiet()));
    }

    /** AWS wants to know that the list came as it was sent. */
    private static void requireDigest(S3Exchange exchange) {
        boolean any = exchange.header("Content-MD5").isPresent()
                || exchange.header("x-amz-trailer").isPresent()
                || exchange.head().headers().names().stream()
                        .anyMatch(
                                name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("x-amz-checksum-"))
                || exchange.authentication().payload().sha256().isPresent();
        if (!any) {
            throw new S3Exception(S3ErrorCode.INVALID_REQUEST, "Missing required header for this request: Content-MD5");
        }
    }

    private static ObjectAnswers.Deleted delete(
            S3Exchange exchange, Bucket bucket, Permission permission, Deletion deletion, boolean bypass) {
        try {
            Target.checkKey(deletion.key());
            permission.check(deletion.key(), deletion.version().isPresent());
            checkConditions(exchange, bucket, deletion);
            ObjectDeletes.Deleted deleted = ObjectDeletes.delete(
                    bucket,
                    deletion.key(),
                    deletion.version(),
                    new WriteConditions(false, deletion.etag()),
                    bypass,
                    exchange.call());
            return new ObjectAnswers.Deleted(
                    deletion.key(), deletion.version(), deleted.marker(), deleted.markerVersion(), Optional.empty());
        } catch (S3Exception e) {
            return refused(deletion, e);
        } catch (MoorageException e) {
            return refused(deletion, Refusals.of(e));
        }
    }

    private static void checkConditions(S3Exchange exchange, Bucket bucket, Deletion deletion) {
        if (deletion.size().isEmpty() && deletion.lastModified().isEmpty()) {
            return;
        }
        StoredObject there = ObjectLookup.require(bucket, deletion.key(), deletion.version(), exchange.call());
        boolean holds = deletion.size().map(size -> size == there.size()).orElse(true)
                && deletion.lastModified()
                        .map(time ->
                                time.getEpochSecond() == there.lastModified().getEpochSecond())
                        .orElse(true);
        if (!holds) {
            throw new S3Exception(S3ErrorCode.PRECONDITION_FAILED);
        }
    }

    private static ObjectAnswers.Deleted refused(Deletion deletion, S3Exception e) {
        return new ObjectAnswers.Deleted(deletion.key(), deletion.version(), false, Optional.empty(), Optional.of(e));
    }

    @Override
    public void close() {
        workers.shutdown();
    }
}

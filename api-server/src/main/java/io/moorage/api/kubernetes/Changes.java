package io.moorage.api.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.moorage.client.MoorageException;
import io.moorage.protocol.v1.ErrorCode;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Changes resources as they were read: when somebody else was faster, they are read and judged anew, a few times. Thread-safe.
 */
final class Changes {
    private static final int ATTEMPTS = 6;
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;
    private static final long FIRST_PAUSE_MS = 20;

    private final Refusals refusals;

    Changes(Refusals refusals) {
        this.refusals = refusals;
    }

    /**
     * @param what for messages, such as "patch volume 'photos'"
     * @param change says what to change of the resource as it is now; may throw
     * @param missing thrown if there is no such resource
     * @return the resource after the change
     */
    <T extends HasMetadata> T patch(
            Resource<T> resource, String what, Function<T, JsonPatch> change, Supplier<MoorageException> missing) {
        return repeat(resource, what, missing, read -> {
            JsonPatch patch = change.apply(read);
            return patch.isEmpty() ? read : patchOnce(resource, patch);
        });
    }

    /** @throws KubernetesClientException as Kubernetes says */
    <T extends HasMetadata> T patchOnce(Resource<T> resource, JsonPatch patch) {
        return resource.patch(PatchContext.of(PatchType.JSON), patch.text());
    }

    /** One attempt at what is to be done with the resource as it was read; a conflict makes it read and attempted anew. */
    interface Attempt<T, R> {
        R on(T read);
    }

    /** As {@link #patch}, for any change that Kubernetes answers with 409 when the resource was changed meanwhile. */
    <T extends HasMetadata, R> R repeat(
            Resource<T> resource, String what, Supplier<MoorageException> missing, Attempt<T, R> attempt) {
        KubernetesClientException last = null;
        for (int i = 0; i < ATTEMPTS; i++) {
            if (i > 0) {
                pause(i);
            }
            try {
                T read = resource.get();
                if (read == null) {
                    throw missing.get();
                }
                return attempt.on(read);
            } catch (KubernetesClientException e) {
                if (e.getCode() == NOT_FOUND) {
                    throw missing.get();
                }
                if (e.getCode() != CONFLICT) {
                    throw refusals.of(e, what);
                }
                last = e;
            }
        }
        throw new MoorageException(
                ErrorCode.ERROR_CODE_CONFLICT,
                "could not " + what + ": others changed it at the same time, " + ATTEMPTS
                        + " times in a row; look at it, and repeat what is still wanted",
                0,
                false,
                Duration.ZERO,
                last);
    }

    private static void pause(int attempt) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(FIRST_PAUSE_MS << attempt));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MoorageException(ErrorCode.ERROR_CODE_UNAVAILABLE, "interrupted");
        }
    }
}

package io.moorage.cli.kubernetes.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.moorage.cli.process.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Claims are directories of this machine. One is bound at once; one that is deleted stays while a pod uses it, and then its
 * directory is deleted with it. Nothing else ever deletes a directory: one whose claim is unknown stays where it is.
 */
final class Claims implements Controller {
    private static final String CLAIMS = "persistentvolumeclaims";
    private static final String PROTECTION = "kubernetes.io/pvc-protection";

    private final Api api;
    private final Path root;

    Claims(Api api, Path root) {
        this.api = api;
        this.root = root;
    }

    /** Where what is claimed is. */
    Path directory(String namespace, String claim) {
        return root.resolve(namespace).resolve(claim);
    }

    @Override
    public void reconcile() {
        for (ObjectNode claim : api.list(CLAIMS)) {
            if (!Objects.isDeleted(claim)) {
                bind(claim);
            } else if (Objects.hasFinalizer(claim, PROTECTION) && !isUsed(claim)) {
                discard(claim);
                api.change(CLAIMS, claim, next -> Objects.removeFinalizer(next, PROTECTION));
            }
        }
    }

    private void bind(ObjectNode claim) {
        JsonNode requested = claim.at("/spec/resources/requests/storage");
        boolean bound = claim.at("/status/phase").asText().equals("Bound")
                && claim.at("/status/capacity/storage").equals(requested);
        if (bound && Objects.hasFinalizer(claim, PROTECTION)) {
            return;
        }
        api.change(CLAIMS, claim, next -> {
            next.withObject("/spec").put("volumeName", "local-" + Objects.uid(claim));
            if (!Objects.hasFinalizer(next, PROTECTION)) {
                next.withObject("/metadata").withArray("/finalizers").add(PROTECTION);
            }
        });
        api.status(CLAIMS, claim, status -> {
            status.put("phase", "Bound");
            status.set("accessModes", claim.at("/spec/accessModes"));
            if (!requested.isMissingNode()) {
                status.withObject("/capacity").set("storage", requested);
            }
        });
    }

    private boolean isUsed(ObjectNode claim) {
        for (ObjectNode pod : api.list("pods", Objects.namespace(claim))) {
            for (JsonNode volume : pod.at("/spec/volumes")) {
                if (volume.at("/persistentVolumeClaim/claimName").asText().equals(Objects.name(claim))) {
                    return true;
                }
            }
        }
        return false;
    }

    private void discard(ObjectNode claim) {
        Path directory = directory(Objects.namespace(claim), Objects.name(claim));
        Path discarded = directory.resolveSibling("." + Objects.name(claim) + "." + Objects.uid(claim));
        try {
            if (Files.exists(directory) && !Files.exists(discarded)) {
                // At once, so that a claim of the same name never sees what was there.
                Files.move(directory, discarded);
            }
            if (Files.exists(discarded)) {
                Trees.delete(discarded);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(directory + " cannot be deleted", e);
        }
    }
}

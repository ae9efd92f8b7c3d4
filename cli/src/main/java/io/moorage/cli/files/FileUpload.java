package io.moorage.cli.files;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.rest.ApiClient;
import io.moorage.cli.rest.ApiRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Stores single files. What is stored is what the file held at one moment: if it changes while it is read, it is read again.
 * Thread-safe.
 */
public final class FileUpload {
    private static final int READINGS = 3;

    private final ApiClient api;
    private final Progress progress;
    private final boolean verify;
    private final boolean skipExisting;

    /**
     * @param verify send the SHA-256 along, so that the server refuses what arrives otherwise, and keeps it
     * @param skipExisting leave what is there already
     */
    public FileUpload(ApiClient api, Progress progress, boolean verify, boolean skipExisting) {
        this.api = api;
        this.progress = progress;
        this.verify = verify;
        this.skipExisting = skipExisting;
    }

    /** @return the entry as it is stored now; empty: it was there already and is left alone */
    public Optional<JsonNode> put(Path source, RemotePath target) throws IOException {
        for (int reading = 1; ; reading++) {
            LocalFile before = LocalFile.of(source);
            if (skipExisting && isThere(source, before, target)) {
                return Optional.empty();
            }
            Optional<JsonNode> entry = send(source, before, target);
            if (entry.isPresent() && LocalFile.of(source).equals(before)) {
                check(source, before.size(), entry.get());
                progress.fileDone();
                return entry;
            }
            if (reading == READINGS) {
                throw Failure.of(
                        ExitCode.FAILED,
                        source + " changes while it is read; store it when nobody writes to it"
                                + (entry.isPresent() ? ", for what is stored now may be a mixture" : ""));
            }
        }
    }

    /** Empty: the file changed meanwhile, and nothing is stored. */
    private Optional<JsonNode> send(Path source, LocalFile before, RemotePath target) throws IOException {
        ApiRequest request = ApiRequest.of("PUT", target.url());
        for (var item : before.metadata().entrySet()) {
            request = request.header("X-Moorage-Meta-" + item.getKey(), item.getValue());
        }
        String type = Files.probeContentType(source);
        if (type != null) {
            request = request.header("Content-Type", type);
        }
        if (verify) {
            request = request.header("Repr-Digest", Sha256.header(Sha256.of(source)));
        }
        FileBody body = new FileBody(source, before.size(), progress);
        try {
            return Optional.of(api.send(request.body(body)));
        } catch (FileBody.ChangedException e) {
            return Optional.empty();
        } catch (Failure e) {
            body.forget();
            if (e.problem().equals("digest-mismatch") && !LocalFile.of(source).equals(before)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private boolean isThere(Path source, LocalFile file, RemotePath target) throws IOException {
        Optional<RemoteEntry> entry = Listing.find(api, target).map(RemoteEntry::of);
        if (entry.isEmpty() || !file.matches(entry.get())) {
            return false;
        }
        // Without a kept digest there is nothing to compare with: same size and time have to do.
        return !verify
                || entry.get().sha256().isEmpty()
                || MessageDigest.isEqual(Sha256.of(source), entry.get().sha256().get());
    }

    static void check(Object source, long sent, JsonNode entry) {
        long stored = entry.path("size").asLong(-1);
        if (stored != sent) {
            throw Failure.of(
                    ExitCode.FAILED,
                    source + " has " + sent + " bytes, and " + stored
                            + " were stored; somebody else may have written there, look at it");
        }
    }
}

package io.moorage.it;

import io.moorage.api.ApiServer;
import io.moorage.api.config.ApiConfig;
import io.moorage.api.users.AccessKey;
import io.moorage.api.users.Grant;
import io.moorage.api.users.SystemUsers;
import io.moorage.api.volumes.NamedVolume;
import io.moorage.client.MoorageClient;
import io.moorage.client.VolumeStore;
import io.moorage.client.control.VolumeRequest;
import io.moorage.protocol.v1.Consistency;
import io.moorage.testing.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A cluster with an API server and two users, once for all tests of S3: it is the longest part of them. */
public final class S3Fixture implements BeforeAllCallback {
    /** Seconds that a day of lifecycle rules lasts. */
    public static final int DAY = 1;

    private static Running running;

    private record Running(
            Path directory,
            RestCluster cluster,
            ApiServer server,
            int apiPort,
            int port,
            AccessKey alice,
            AccessKey bob,
            AccessKey reader)
            implements ExtensionContext.Store.CloseableResource {
        @Override
        public void close() throws IOException {
            server.close();
            cluster.close();
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).getOrComputeIfAbsent(S3Fixture.class, ignored -> {
            running = start();
            return running;
        });
    }

    private static Running start() {
        try {
            Path directory = Files.createTempDirectory("moorage-s3");
            RestCluster cluster = new RestCluster(directory, RestCluster.LIMITS);
            int apiPort = FreePorts.one();
            int port = FreePorts.one();
            SystemUsers users = new SystemUsers(() -> cluster.client.store(NamedVolume.system(cluster.plane)));
            ApiServer server = new ApiServer(
                    new ApiConfig(
                            new ApiConfig.Server("127.0.0.1", apiPort, 1),
                            new ApiConfig.Metrics("127.0.0.1", -1),
                            new ApiConfig.Kubernetes("local", "storage", cluster.kubernetes.url()),
                            new ApiConfig.Limits(64, 16, 1024, 10),
                            null,
                            new ApiConfig.S3(
                                    "127.0.0.1",
                                    port,
                                    "us-east-1",
                                    "objects",
                                    List.of("s3.localhost"),
                                    DAY,
                                    keys(directory)),
                            null),
                    cluster.plane,
                    cluster.client::store,
                    cluster.client::kv,
                    users);
            server.start();
            return new Running(
                    directory,
                    cluster,
                    server,
                    apiPort,
                    port,
                    users.create("alice", List.of(Grant.EVERYTHING)),
                    users.create("bob", List.of()),
                    users.create("reader", List.of(new Grant("*", "", Grant.Access.READ_ONLY))));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A file with one key, by which objects are encrypted. */
    private static String keys(Path directory) throws IOException {
        Path file = directory.resolve("encryption-keys");
        Files.writeString(file, "first " + Base64.getEncoder().encodeToString(new byte[32]) + "\n");
        return file.toString();
    }

    /** The root of S3's own port. */
    public static URI endpoint() {
        return URI.create("http://127.0.0.1:" + running.port());
    }

    public static int port() {
        return running.port();
    }

    /** The API server's port. */
    public static URI api() {
        return URI.create("http://127.0.0.1:" + running.apiPort());
    }

    /** May do everything. */
    public static AccessKey alice() {
        return running.alice();
    }

    /** May do nothing of its own. */
    public static AccessKey bob() {
        return running.bob();
    }

    /** May read everything. */
    public static AccessKey reader() {
        return running.reader();
    }

    /** To the cluster behind it. */
    public static MoorageClient client() {
        return running.cluster().client;
    }

    /** A volume, made if need be. */
    public static VolumeStore volume(String name) {
        RestCluster cluster = running.cluster();
        cluster.plane.createVolume(new VolumeRequest(name, 0, 0, 0, Consistency.CONSISTENCY_UNSPECIFIED, Map.of()));
        return cluster.client.store(cluster.plane.resolve(name).orElseThrow());
    }
}

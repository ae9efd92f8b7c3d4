package io.moorage.api.s3;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.HandlerType;
import io.micrometer.core.instrument.MeterRegistry;
import io.moorage.api.config.ApiConfig;
import io.moorage.api.files.Volumes;
import io.moorage.api.http.Listener;
import io.moorage.api.s3.access.Authorization;
import io.moorage.api.s3.access.UserKeys;
import io.moorage.api.s3.auth.PostFormVerifier;
import io.moorage.api.s3.auth.SignatureV4Verifier;
import io.moorage.api.s3.bucket.BucketOperations;
import io.moorage.api.s3.bucket.BucketRegistry;
import io.moorage.api.s3.bucket.Lifecycles;
import io.moorage.api.s3.encryption.ClusterKeys;
import io.moorage.api.s3.encryption.Encryption;
import io.moorage.api.s3.endpoint.Dispatcher;
import io.moorage.api.s3.endpoint.S3Endpoint;
import io.moorage.api.s3.expiry.LifecycleRunner;
import io.moorage.api.s3.form.FormUploads;
import io.moorage.api.s3.object.MultiDelete;
import io.moorage.api.users.Users;
import io.moorage.client.control.ControlPlane;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** S3 on its own port, and below /s3 and /aws-s3 of another server. */
public final class S3Server implements AutoCloseable {
    private static final List<String> MOUNTS = List.of("/s3", "/aws-s3");
    private static final List<HandlerType> METHODS = List.of(
            HandlerType.GET,
            HandlerType.HEAD,
            HandlerType.PUT,
            HandlerType.POST,
            HandlerType.DELETE,
            HandlerType.OPTIONS);

    private final S3Endpoint endpoint;
    private final MultiDelete multiDelete = new MultiDelete();
    private final LifecycleRunner lifecycle;
    /** Null: there is no port of its own. */
    private final Javalin server;

    public S3Server(
            ApiConfig config,
            ControlPlane plane,
            Volumes volumes,
            Users users,
            MeterRegistry metrics,
            AtomicBoolean accessLog) {
        BucketRegistry registry = new BucketRegistry(volumes);
        Lifecycles lifecycles = new Lifecycles(Duration.ofSeconds(config.s3().daySeconds()));
        BucketOperations buckets = new BucketOperations(config.s3(), plane, registry);
        UserKeys keys = new UserKeys(users);
        Authorization authorization = new Authorization(users);
        String keysFile = config.s3().encryptionKeysFile();
        Encryption encryption = new Encryption(ClusterKeys.read(keysFile == null ? null : Path.of(keysFile)));
        Dispatcher dispatcher = new Dispatcher(
                registry,
                authorization,
                buckets,
                multiDelete,
                new FormUploads(new PostFormVerifier(keys), authorization, encryption),
                encryption,
                Handlers.all(registry, buckets, lifecycles, encryption));
        endpoint = new S3Endpoint(dispatcher, new SignatureV4Verifier(keys, MOUNTS), config, metrics, accessLog);
        lifecycle = new LifecycleRunner(registry, lifecycles, metrics);
        server = config.s3().port() < 0
                ? null
                : Listener.create(config, config.s3().host(), config.s3().port(), javalin -> serve(javalin, ""));
    }

    /** Serves it below its paths of another server. */
    public void mount(JavalinConfig javalin) {
        MOUNTS.forEach(mount -> serve(javalin, mount));
    }

    private void serve(JavalinConfig javalin, String mount) {
        for (HandlerType method : METHODS) {
            if (!mount.isEmpty()) {
                javalin.routes.addHttpHandler(method, mount, context -> endpoint.handle(context, mount));
            }
            javalin.routes.addHttpHandler(method, mount + "/*", context -> endpoint.handle(context, mount));
        }
    }

    public void start() {
        if (server != null) {
            server.start();
        }
        lifecycle.start();
    }

    @Override
    public void close() {
        lifecycle.close();
        if (server != null) {
            Listener.stop(server);
        }
        multiDelete.close();
    }
}

package io.moorage.api.config;

import java.util.List;
import java.util.stream.Stream;

/**
 * Everything an API server can be told, with its defaults. Immutable.
 */
public record ApiConfig(
        Server server, Metrics metrics, Kubernetes kubernetes, Limits limits, Log log, S3 s3, Webhooks webhooks) {

    /** @param shutdownSeconds requests under way get this long to finish when the server is stopped */
    public record Server(String host, int port, int shutdownSeconds) {
        public Server {
            host = host == null ? "0.0.0.0" : host;
            port = port == 0 ? 8000 : port;
            shutdownSeconds = shutdownSeconds == 0 ? 10 : shutdownSeconds;
        }
    }

    /** @param port of the Prometheus endpoint */
    public record Metrics(String host, int port) {
        public Metrics {
            host = host == null ? "0.0.0.0" : host;
            port = port == 0 ? 9091 : port;
        }
    }

    /**
     * The StorageCluster resource that this server stands in front of.
     *
     * @param cluster its name
     * @param namespace null: the pod's own, or that of the current context of the kubeconfig file
     * @param server URL of an API server that asks for no credentials; null: that of the service account or the kubeconfig file
     */
    public record Kubernetes(String cluster, String namespace, String server) {}

    /**
     * @param concurrentRequests more are told to slow down
     * @param concurrentUploads bodies over 64 KiB under way at once; each takes about 2 MiB of memory
     * @param minBytesPerSecond bodies that are slower than this after 30 s are cut
     * @param idleSeconds a connection on which nothing happens is closed
     */
    public record Limits(int concurrentRequests, int concurrentUploads, int minBytesPerSecond, int idleSeconds) {
        public Limits {
            concurrentRequests = concurrentRequests == 0 ? 1024 : concurrentRequests;
            concurrentUploads = concurrentUploads == 0 ? 64 : concurrentUploads;
            minBytesPerSecond = minBytesPerSecond == 0 ? 1024 : minBytesPerSecond;
            idleSeconds = idleSeconds == 0 ? 30 : idleSeconds;
        }
    }

    /** @param level ERROR, WARN, INFO or DEBUG */
    public record Log(String level, boolean access) {
        public Log {
            level = level == null ? "INFO" : level;
        }
    }

    /**
     * How S3 is served. It is always served below /s3 and /aws-s3 of the server's port as well.
     *
     * @param port its own port, where it is served at the root; -1 = none
     * @param region that answers name; requests may be signed for any
     * @param defaultVolume where buckets are made by those who name no volume; it is made when it is first needed
     * @param domains names under which buckets are hosts (virtual-host style), such as "s3.example.org"
     * @param daySeconds how long a day of a lifecycle rule lasts: less than 86400 is for trying rules out
     */
    public record S3(String host, int port, String region, String defaultVolume, List<String> domains, int daySeconds) {
        /** None but below the server's port. */
        public static final S3 WITHOUT_PORT = new S3(null, -1, null, null, null, 0);

        public S3 {
            host = host == null ? "0.0.0.0" : host;
            port = port == 0 ? 9000 : port;
            region = region == null ? "us-east-1" : region;
            defaultVolume = defaultVolume == null ? "s3" : defaultVolume;
            domains = domains == null ? List.of() : List.copyOf(domains);
            daySeconds = daySeconds == 0 ? 86_400 : daySeconds;
        }
    }

    /**
     * Where changes may be delivered to.
     *
     * @param allow networks (such as 10.0.0.0/8, or one address) that webhooks may be in although they are loopback, link-local,
     *     private or otherwise not of the Internet
     */
    public record Webhooks(List<String> allow) {
        public Webhooks {
            // From a place that knows only text, it is one text with commas.
            allow = allow == null
                    ? List.of()
                    : allow.stream()
                            .flatMap(networks -> Stream.of(networks.split("\\s*,\\s*")))
                            .filter(network -> !network.isEmpty())
                            .toList();
        }
    }

    /** Without a port for S3, or webhooks in networks of its own. */
    public ApiConfig(Server server, Metrics metrics, Kubernetes kubernetes, Limits limits, Log log) {
        this(server, metrics, kubernetes, limits, log, S3.WITHOUT_PORT, null);
    }

    public ApiConfig {
        server = server == null ? new Server(null, 0, 0) : server;
        metrics = metrics == null ? new Metrics(null, 0) : metrics;
        kubernetes = kubernetes == null ? new Kubernetes(null, null, null) : kubernetes;
        limits = limits == null ? new Limits(0, 0, 0, 0) : limits;
        log = log == null ? new Log(null, false) : log;
        webhooks = webhooks == null ? new Webhooks(null) : webhooks;
        s3 = s3 == null ? new S3(null, 0, null, null, null, 0) : s3;
    }
}

package io.moorage.api.config;

/**
 * Everything an API server can be told, with its defaults. Immutable.
 * */
public record ApiConfig(Server server, Metrics metrics, Kubernetes kubernetes, Limits limits, Log log) {

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

    public ApiConfig {
        server = server == null ? new Server(null, 0, 0) : server;
        metrics = metrics == null ? new Metrics(null, 0) : metrics;
        kubernetes = kubernetes == null ? new Kubernetes(null, null, null) : kubernetes;
        limits = limits == null ? new Limits(0, 0, 0, 0) : limits;
        log = log == null ? new Log(null, false) : log;
    }
}

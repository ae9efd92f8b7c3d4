package io.moorage.node;

import io.moorage.node.config.ConfigException;
import io.moorage.node.config.NodeConfig;
import io.moorage.node.config.NodeConfigLoader;
import io.moorage.node.identity.DirectoryException;
import io.moorage.node.raft.RaftSettings;
import io.moorage.node.status.Version;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program of a storage node. One argument: the path of its YAML configuration; none: the environment only.
 *
 * <p>Exit codes: 0 stopped when asked to; 64 wrong arguments or configuration; 73 the storage directory cannot be used; 69 a
 * port is taken; 70 anything else.
 */
public final class StorageNodeMain {
    static final int EXIT_USAGE = 64;
    static final int EXIT_PORT = 69;
    static final int EXIT_SOFTWARE = 70;
    static final int EXIT_DIRECTORY = 73;

    private static final Logger LOG = LoggerFactory.getLogger(StorageNodeMain.class);

    private StorageNodeMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length > 1) {
            System.err.println("usage: storage-node [CONFIG.yaml]");
            System.exit(EXIT_USAGE);
        }
        try {
            NodeConfig config =
                    NodeConfigLoader.load(arguments.length == 0 ? null : Path.of(arguments[0]), System.getenv());
            LOG.info("Moorage storage node {}, Java {}: {}", Version.CURRENT, Runtime.version(), config);
            stopWatchingForLeaks();
            StorageNode node = StorageNode.start(config);
            CountDownLatch stopped = new CountDownLatch(1);
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                node.close();
                                stopped.countDown();
                            },
                            "stop"));
            stopped.await();
        } catch (ConfigException e) {
            System.err.println(e.getMessage());
            System.exit(EXIT_USAGE);
        } catch (DirectoryException e) {
            System.err.println(e.getMessage());
            System.exit(EXIT_DIRECTORY);
        } catch (IOException | RuntimeException e) {
            boolean port = e instanceof BindException || e.getCause() instanceof BindException;
            LOG.error("the node cannot start", e);
            System.err.println("the node cannot start: " + e.getMessage());
            System.exit(port ? EXIT_PORT : EXIT_SOFTWARE);
        }
    }

    /** One buffer in a hundred with a stack trace from every hand it went through: for tests, which keep it. */
    private static void stopWatchingForLeaks() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        RaftSettings.stopWatchingForLeaks();
    }
}

package io.moorage.operator.cluster.resources;

import io.moorage.crds.v1alpha1.cluster.PullPolicy;
import java.util.List;

/** How the programs in the image are started: without a shell, by the class path that Jib writes into the image. */
final class Programs {
    static final String STORAGE_NODE = "io.moorage.node.StorageNodeMain";
    static final String API_SERVER = "io.moorage.api.ApiServerMain";
    /** Where the configuration file is. */
    static final String CONFIG = "/etc/moorage";

    private Programs() {}

    static List<String> command(String mainClass) {
        return List.of("java", "-cp", "@/app/jib-classpath-file", mainClass);
    }

    static String pullPolicy(PullPolicy policy) {
        return switch (policy) {
            case ALWAYS -> "Always";
            case IF_NOT_PRESENT -> "IfNotPresent";
            case NEVER -> "Never";
        };
    }
}

package io.moorage.operator.cluster.resources;

import io.moorage.crds.v1alpha1.cluster.PullPolicy;
import java.util.List;

/** How the programs in the image are started: its entry point is Java with the class path, the arguments say which program. */
final class Programs {
    static final String STORAGE_NODE = "io.moorage.node.StorageNodeMain";
    static final String API_SERVER = "io.moorage.api.ApiServerMain";
    /** Where the configuration file is. */
    static final String CONFIG = "/etc/moorage";

    private Programs() {}

    static List<String> arguments(String mainClass, String configFile) {
        return List.of(mainClass, CONFIG + "/" + configFile);
    }

    static String pullPolicy(PullPolicy policy) {
        return switch (policy) {
            case ALWAYS -> "Always";
            case IF_NOT_PRESENT -> "IfNotPresent";
            case NEVER -> "Never";
        };
    }
}

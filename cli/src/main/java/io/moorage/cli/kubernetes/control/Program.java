package io.moorage.cli.kubernetes.control;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Programs that pods may be: those of Moorage, which are run by this Java from this class path. Images are not looked at. */
enum Program {
    STORAGE_NODE("io.moorage.node.StorageNodeMain", "node.yaml"),
    API_SERVER("io.moorage.api.ApiServerMain", "api.yaml");

    private final String mainClass;
    private final String configFile;

    Program(String mainClass, String configFile) {
        this.mainClass = mainClass;
        this.configFile = configFile;
    }

    String mainClass() {
        return mainClass;
    }

    String configFile() {
        return configFile;
    }

    /** Empty: the pod is something else. */
    static Optional<Program> of(JsonNode pod) {
        JsonNode container = pod.at("/spec/containers/0");
        for (String field : new String[] {"command", "args"}) {
            for (JsonNode argument : container.path(field)) {
                for (Program program : values()) {
                    if (argument.asText().equals(program.mainClass)) {
                        return Optional.of(program);
                    }
                }
            }
        }
        return Optional.empty();
    }
}

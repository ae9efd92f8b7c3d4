package io.moorage.cli.kubernetes.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The configuration file of a pod's process: what its ConfigMap says, but with directories and ports of this machine. Variables of
 * the container are about another world (addresses, heaps as shares of limits) and are left out.
 */
final class PodConfig {
    /** The pod cannot be started as it is. */
    static final class Impossible extends Exception {
        private static final long serialVersionUID = 1L;

        Impossible(String message) {
            super(message);
        }
    }

    private static final String HOST = "127.0.0.1";
    private static final YAMLMapper YAML = new YAMLMapper();

    private final Api api;
    private final PortPlan ports;
    private final Claims claims;

    PodConfig(Api api, PortPlan ports, Claims claims) {
        this.api = api;
        this.ports = ports;
        this.claims = claims;
    }

    /** @throws Impossible if something is missing; the message says what */
    String of(ObjectNode pod, Program program, int slot) throws Impossible {
        ObjectNode config = base(pod, program);
        if (program == Program.STORAGE_NODE) {
            config.withObject("/node").put("name", Objects.name(pod));
            config.withObject("/storage").put("directory", directory(pod).toString());
            config.withObject("/network")
                    .put("host", HOST)
                    .put("bind", HOST)
                    .put("service-port", ports.services(slot))
                    .put("raft-port", ports.raft(slot))
                    .put("metrics-port", ports.nodeMetrics(slot));
        } else {
            config.withObject("/server").put("host", HOST).put("port", ports.api(slot));
            config.withObject("/s3").put("host", HOST).put("port", ports.s3(slot));
            config.withObject("/metrics").put("host", HOST).put("port", ports.apiMetrics(slot));
            if (config.has("kubernetes")) {
                config.withObject("/kubernetes").put("server", "http://" + HOST + ":" + ports.kubernetes());
            } else {
                ArrayNode nodes = config.putArray("nodes");
                addresses(pod).forEach(nodes::add);
                if (nodes.isEmpty()) {
                    throw new Impossible("no storage node of its cluster has an address yet");
                }
            }
        }
        try {
            return YAML.writeValueAsString(config);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private ObjectNode base(ObjectNode pod, Program program) throws Impossible {
        for (JsonNode volume : pod.at("/spec/volumes")) {
            String name = volume.at("/configMap/name").asText();
            if (name.isEmpty()) {
                continue;
            }
            Optional<ObjectNode> map = api.find("configmaps", Objects.namespace(pod), name);
            if (map.isEmpty()) {
                throw new Impossible("configmap \"" + name + "\" not found");
            }
            JsonNode file = map.get().path("data").path(program.configFile());
            if (file.isTextual()) {
                return parse(file.asText(), name, program);
            }
        }
        return YAML.createObjectNode();
    }

    private static ObjectNode parse(String text, String name, Program program) throws Impossible {
        try {
            JsonNode parsed = YAML.readTree(text);
            if (parsed instanceof ObjectNode object) {
                return object;
            }
            if (parsed == null || parsed.isMissingNode() || parsed.isNull()) {
                return YAML.createObjectNode();
            }
            throw new Impossible(program.configFile() + " in configmap \"" + name + "\" is not a mapping");
        } catch (JsonProcessingException e) {
            throw new Impossible(
                    program.configFile() + " in configmap \"" + name + "\" is not YAML: " + e.getOriginalMessage());
        }
    }

    /** Of the first claim. */
    private Path directory(ObjectNode pod) throws Impossible {
        String claim = claim(pod);
        if (claim.isEmpty()) {
            throw new Impossible("the pod has no persistentVolumeClaim to store in");
        }
        ObjectNode found = api.find("persistentvolumeclaims", Objects.namespace(pod), claim)
                .orElseThrow(() -> new Impossible("persistentvolumeclaim \"" + claim + "\" not found"));
        if (!found.at("/status/phase").asText().equals("Bound") || Objects.isDeleted(found)) {
            throw new Impossible("persistentvolumeclaim \"" + claim + "\" is not bound");
        }
        return claims.directory(Objects.namespace(pod), claim);
    }

    /** "" if there is none. */
    static String claim(JsonNode pod) {
        for (JsonNode volume : pod.at("/spec/volumes")) {
            String claim = volume.at("/persistentVolumeClaim/claimName").asText();
            if (!claim.isEmpty()) {
                return claim;
            }
        }
        return "";
    }

    private List<String> addresses(ObjectNode pod) {
        JsonNode cluster = pod.at("/metadata/labels").path(Kubelet.CLUSTER_LABEL);
        List<String> addresses = new ArrayList<>();
        for (ObjectNode each : api.list("pods", Objects.namespace(pod))) {
            JsonNode address = each.at("/metadata/annotations").path(Kubelet.ADDRESS);
            if (Program.of(each).filter(Program.STORAGE_NODE::equals).isPresent()
                    && address.isTextual()
                    && each.at("/metadata/labels").path(Kubelet.CLUSTER_LABEL).equals(cluster)) {
                addresses.add(address.asText());
            }
        }
        return addresses;
    }
}

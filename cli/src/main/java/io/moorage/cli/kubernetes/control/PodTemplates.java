package io.moorage.cli.kubernetes.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/** Pods made from templates. */
final class PodTemplates {
    private PodTemplates() {}

    /** The same for equal templates, whatever the order of their fields. */
    static String hash(JsonNode template) {
        CRC32 crc = new CRC32();
        crc.update(canonical(template).toString().getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }

    private static JsonNode canonical(JsonNode node) {
        if (!node.isObject()) {
            if (!node.isArray()) {
                return node;
            }
            var array = JsonNodeFactory.instance.arrayNode();
            node.forEach(item -> array.add(canonical(item)));
            return array;
        }
        Map<String, JsonNode> sorted = new TreeMap<>();
        node.properties().forEach(field -> sorted.put(field.getKey(), canonical(field.getValue())));
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        sorted.forEach(object::set);
        return object;
    }

    /** A pod on this machine. */
    static ObjectNode pod(JsonNode owner, String name) {
        JsonNode template = owner.at("/spec/template");
        ObjectNode pod = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = pod.putObject("metadata").put("name", name);
        ObjectNode labels = metadata.putObject("labels");
        template.at("/metadata/labels").properties().forEach(label -> labels.set(label.getKey(), label.getValue()));
        ObjectNode annotations = metadata.putObject("annotations");
        template.at("/metadata/annotations")
                .properties()
                .forEach(annotation -> annotations.set(annotation.getKey(), annotation.getValue()));
        Objects.addOwner(pod, owner, true);
        pod.set("spec", template.path("spec").deepCopy());
        pod.withObject("/spec").put("nodeName", Seeds.NODE).put("hostname", name);
        return pod;
    }
}

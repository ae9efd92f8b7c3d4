package io.moorage.cli.kubernetes.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.moorage.cli.kubernetes.schema.ResourceType;
import io.moorage.cli.kubernetes.server.Resources;
import io.moorage.cli.kubernetes.server.Write;
import java.util.List;

/** What every Kubernetes has: namespaces, a node, a storage class; and the definitions of Moorage's resources. */
public final class Seeds {
    /** The one node: this machine. */
    public static final String NODE = "local";

    static final String NAMESPACE_FINALIZER = "kubernetes";

    private static final Write WRITE = Write.by("kubernetes");

    private final Resources resources;

    public Seeds(Resources resources) {
        this.resources = resources;
    }

    /** Makes what is not there. */
    public void sow() {
        for (String namespace : List.of("default", "kube-system")) {
            ObjectNode labels = JsonNodeFactory.instance.objectNode();
            labels.put("kubernetes.io/metadata.name", namespace);
            ObjectNode object = object(namespace);
            object.withObject("/metadata").set("labels", labels);
            if (make("namespaces", object)) {
                status(
                        "namespaces",
                        namespace,
                        JsonNodeFactory.instance.objectNode().put("phase", "Active"));
            }
        }
        ObjectNode storage = object("local");
        storage.put("provisioner", "moorage.io/local-directory")
                .put("reclaimPolicy", "Delete")
                .put("volumeBindingMode", "Immediate")
                .put("allowVolumeExpansion", true);
        storage.withObject("/metadata/annotations").put("storageclass.kubernetes.io/is-default-class", "true");
        make("storageclasses", storage);
        ObjectNode node = object(NODE);
        node.withObject("/metadata/labels").put("kubernetes.io/hostname", NODE);
        if (make("nodes", node)) {
            ObjectNode status = JsonNodeFactory.instance.objectNode();
            status.putArray("conditions")
                    .addObject()
                    .put("type", "Ready")
                    .put("status", "True")
                    .put("reason", "ThisMachine");
            status.putArray("addresses").addObject().put("type", "InternalIP").put("address", "127.0.0.1");
            status("nodes", NODE, status);
        }
        define();
    }

    private static ObjectNode object(String name) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.putObject("metadata").put("name", name);
        return object;
    }

    private boolean make(String plural, ObjectNode object) {
        String name = object.at("/metadata/name").asText();
        if (resources.find(plural, "", name).isPresent()) {
            return false;
        }
        resources.create(type(plural), "", object, WRITE);
        return true;
    }

    private void status(String plural, String name, ObjectNode status) {
        ObjectNode next = resources.find(plural, "", name).orElseThrow().deepCopy();
        next.set("status", status);
        resources.update(type(plural), "", name, next, WRITE.to("status"));
    }

    private ResourceType type(String plural) {
        return resources.catalog().of(plural);
    }

    /** The definitions are those of this program, whatever was there before. */
    private void define() {
        ResourceType type = type("customresourcedefinitions");
        for (ObjectNode definition : resources.catalog().definitions()) {
            String name = definition.at("/metadata/name").asText();
            ObjectNode present = resources.find(type.plural(), "", name).orElse(null);
            ObjectNode wanted = definition.deepCopy();
            if (present == null) {
                resources.create(type, "", wanted, WRITE);
            } else {
                wanted.set("metadata", present.path("metadata"));
                resources.update(type, "", name, wanted, WRITE);
            }
            ObjectNode status = JsonNodeFactory.instance.objectNode();
            status.putArray("conditions")
                    .addObject()
                    .put("type", "Established")
                    .put("status", "True")
                    .put("reason", "BuiltIn");
            status.set("acceptedNames", definition.at("/spec/names"));
            status.putArray("storedVersions")
                    .add(definition.at("/spec/versions/0/name").asText());
            status(type.plural(), name, status);
        }
    }
}

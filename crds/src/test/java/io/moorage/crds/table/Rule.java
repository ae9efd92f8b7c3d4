package io.moorage.crds.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.moorage.crds.v1alpha1.Moorage;
import java.util.ArrayList;
import java.util.List;

/**
 * A rule in CEL.
 *
 * @param field what it is about, without indexes; "" = the resource
 */
record Rule(String kind, String field, String rule, String message) {
    static List<Rule> all() {
        List<Rule> rules = new ArrayList<>();
        Moorage.resources().forEach(type -> collect(HasMetadata.getKind(type), "", Schemas.schema(type), rules));
        return rules;
    }

    private static void collect(String kind, String path, JsonNode schema, List<Rule> rules) {
        for (JsonNode rule : schema.path("x-kubernetes-validations")) {
            String field = path + rule.path("fieldPath").asText();
            rules.add(new Rule(
                    kind,
                    field,
                    rule.path("rule").asText(),
                    rule.path("message").asText()));
        }
        schema.path("properties")
                .properties()
                .forEach(child -> collect(
                        kind, path.isEmpty() ? child.getKey() : path + "." + child.getKey(), child.getValue(), rules));
        if (schema.has("items")) {
            collect(kind, path, schema.path("items"), rules);
        }
    }

    boolean isTriedBy(Specs.Bad bad) {
        if (!bad.kind().equals(kind)) {
            return false;
        }
        if (field.isEmpty()) {
            return bad.by() == Specs.By.CEL && message.startsWith(bad.message());
        }
        Specs.By expected = rule.contains("oldSelf") ? Specs.By.UPDATE : Specs.By.CEL;
        return bad.by() == expected && bad.field().replaceAll("\\[\\d+]", "").equals(field);
    }
}

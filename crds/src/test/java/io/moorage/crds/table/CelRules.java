package io.moorage.crds.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Evaluates the rules of a schema as an API server does, with as much of its function library as the rules use. */
final class CelRules {
    /** @param field what the rule is about; "" = the resource */
    record Refusal(String field, String message) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Cel cel = CelFactory.standardCelBuilder()
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar("self", SimpleType.DYN)
            .addVar("oldSelf", SimpleType.DYN)
            .addFunctionDeclarations(
                    CelFunctionDecl.newFunctionDeclaration(
                            "quantity",
                            CelOverloadDecl.newGlobalOverload("to_quantity", SimpleType.DYN, SimpleType.STRING)),
                    CelFunctionDecl.newFunctionDeclaration(
                            "isQuantity",
                            CelOverloadDecl.newGlobalOverload("is_quantity", SimpleType.BOOL, SimpleType.STRING)),
                    CelFunctionDecl.newFunctionDeclaration(
                            "compareTo",
                            CelOverloadDecl.newMemberOverload(
                                    "compare_quantities", SimpleType.INT, SimpleType.DYN, SimpleType.DYN)))
            .addFunctionBindings(
                    CelFunctionBinding.from("to_quantity", String.class, CelRules::quantity),
                    CelFunctionBinding.from("is_quantity", String.class, CelRules::isQuantity),
                    CelFunctionBinding.from("compare_quantities", BigDecimal.class, BigDecimal.class, (left, right) ->
                            (long) left.compareTo(right)))
            .build();

    /**
     * @param resource with the schema's defaults filled in
     * @param old the resource before a change, or null
     */
    List<Refusal> refusals(JsonNode resource, JsonNode old) {
        List<Refusal> refusals = new ArrayList<>();
        walk("", Schemas.of(resource.path("kind").asText()), resource, old, refusals);
        return refusals;
    }

    private void walk(String path, JsonNode schema, JsonNode self, JsonNode old, List<Refusal> refusals) {
        for (JsonNode rule : schema.path("x-kubernetes-validations")) {
            String expression = rule.path("rule").asText();
            if (expression.contains("oldSelf") && old == null) {
                continue;
            }
            Map<String, Object> variables = new HashMap<>();
            variables.put("self", value(self));
            variables.put("oldSelf", old == null ? Map.of() : value(old));
            if (!Boolean.TRUE.equals(evaluate(expression, variables))) {
                String message = rule.has("messageExpression")
                        ? (String) evaluate(rule.path("messageExpression").asText(), variables)
                        : rule.path("message").asText();
                refusals.add(new Refusal(path + rule.path("fieldPath").asText(), message));
            }
        }
        schema.path("properties").properties().forEach(property -> {
            String name = property.getKey();
            if (self.has(name)) {
                JsonNode before = old == null || !old.has(name) ? null : old.get(name);
                walk(path.isEmpty() ? name : path + "." + name, property.getValue(), self.get(name), before, refusals);
            }
        });
        for (int i = 0; self.isArray() && i < self.size(); i++) {
            walk(path + "[" + i + "]", schema.path("items"), self.get(i), null, refusals);
        }
    }

    private Object evaluate(String expression, Map<String, Object> variables) {
        try {
            return cel.createProgram(cel.compile(expression).getAst()).eval(variables);
        } catch (CelValidationException e) {
            throw new IllegalStateException("'" + expression + "' is not CEL", e);
        } catch (CelEvaluationException e) {
            // An API server refuses as well, with a message of its own.
            return "cannot be evaluated: " + e.getMessage();
        }
    }

    /** Whole numbers as CEL has them. */
    private static Object value(JsonNode node) {
        return node.isIntegralNumber() ? node.longValue() : wide(JSON.convertValue(node, Object.class));
    }

    private static Object wide(Object value) {
        if (value instanceof Integer number) {
            return number.longValue();
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> wide = new HashMap<>();
            map.forEach((key, each) -> wide.put(key, wide(each)));
            return wide;
        }
        return value instanceof List<?> list ? list.stream().map(CelRules::wide).toList() : value;
    }

    private static BigDecimal quantity(String text) {
        return Quantity.getAmountInBytes(new Quantity(text));
    }

    private static boolean isQuantity(String text) {
        try {
            return new Quantity(text).getAmount() != null && quantity(text) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}

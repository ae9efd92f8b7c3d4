package io.moorage.cli.kubernetes.schema;

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
import dev.cel.runtime.CelRuntime;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Evaluates x-kubernetes-validations in CEL, with as much of Kubernetes' function library as the rules of Moorage's resources use.
 * Elements of lists have no former selves here, so that rules about changes are asked for fields outside of lists only.
 * Thread-safe.
 */
final class Rules {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, CelRuntime.Program> programs = new ConcurrentHashMap<>();
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
                    CelFunctionBinding.from("to_quantity", String.class, Rules::quantity),
                    CelFunctionBinding.from("is_quantity", String.class, Rules::isQuantity),
                    CelFunctionBinding.from("compare_quantities", BigDecimal.class, BigDecimal.class, (left, right) ->
                            (long) left.compareTo(right)))
            .build();

    /** @param old the value before a change, or null */
    void check(String path, Schema schema, JsonNode self, JsonNode old, List<Violation> violations) {
        for (JsonNode rule : schema.node().path("x-kubernetes-validations")) {
            String expression = rule.path("rule").asText();
            if (expression.contains("oldSelf") && old == null) {
                continue;
            }
            Map<String, Object> variables = new HashMap<>();
            variables.put("self", value(self));
            variables.put("oldSelf", old == null ? Map.of() : value(old));
            Object result = evaluate(expression, variables);
            if (!Boolean.TRUE.equals(result)) {
                String message = result instanceof String unclear
                        ? unclear
                        : rule.has("messageExpression")
                                ? String.valueOf(
                                        evaluate(rule.path("messageExpression").asText(), variables))
                                : rule.path("message").asText("failed rule: " + expression);
                violations.add(new Violation(
                        "FieldValueInvalid", path + rule.path("fieldPath").asText(), message));
            }
        }
        for (String name : schema.fields()) {
            if (self.has(name)) {
                JsonNode before = old == null || !old.has(name) ? null : old.get(name);
                check(
                        path.isEmpty() ? name : path + "." + name,
                        schema.field(name),
                        self.get(name),
                        before,
                        violations);
            }
        }
        for (int i = 0; self.isArray() && i < self.size(); i++) {
            check(path + "[" + i + "]", schema.items(), self.get(i), null, violations);
        }
    }

    private Object evaluate(String expression, Map<String, Object> variables) {
        CelRuntime.Program program = programs.computeIfAbsent(expression, this::compile);
        try {
            return program.eval(variables);
        } catch (CelEvaluationException e) {
            return "cannot be evaluated: " + e.getMessage();
        }
    }

    private CelRuntime.Program compile(String expression) {
        try {
            return cel.createProgram(cel.compile(expression).getAst());
        } catch (CelValidationException | CelEvaluationException e) {
            throw new IllegalStateException("'" + expression + "' is not CEL", e);
        }
    }

    /** Whole numbers as CEL has them. */
    private static Object value(JsonNode node) {
        return wide(JSON.convertValue(node, Object.class));
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
        return value instanceof List<?> list ? list.stream().map(Rules::wide).toList() : value;
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

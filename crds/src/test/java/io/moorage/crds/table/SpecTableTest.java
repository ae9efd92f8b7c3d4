package io.moorage.crds.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the schemas and their rules accept and refuse. An API server has the last word, and alone bounds the cost of rules:
 * {@code deploy/check-specs.sh} tries the same table there.
 */
class SpecTableTest {
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().pathType(PathType.JSON_PATH).build()));

    private static final CelRules RULES = new CelRules();

    static Stream<Specs.Good> good() {
        return Specs.good().stream();
    }

    static Stream<Specs.Bad> bad() {
        return Specs.bad().stream();
    }

    @ParameterizedTest
    @MethodSource("good")
    void goodIsAccepted(Specs.Good good) {
        assertThat(fields(good.document())).isEmpty();
        assertThat(RULES.refusals(stored(good.document()), null)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("bad")
    void badIsRefusedAndTheFieldNamed(Specs.Bad bad) {
        JsonNode first = bad.documents().get(0);
        if (bad.by() == Specs.By.SCHEMA) {
            assertThat(fields(first)).isNotEmpty().containsOnly(bad.field());
            return;
        }
        // What a rule refuses is well formed: otherwise the rule would not have been asked.
        assertThat(bad.documents())
                .allSatisfy(document -> assertThat(fields(document)).isEmpty());
        List<CelRules.Refusal> refusals = RULES.refusals(stored(first), null);
        if (bad.by() == Specs.By.UPDATE) {
            assertThat(refusals).isEmpty();
            refusals = RULES.refusals(stored(bad.documents().get(1)), stored(first));
        }
        assertThat(refusals).isNotEmpty().allSatisfy(refusal -> {
            assertThat(refusal.field()).isIn(bad.field(), "");
            assertThat(refusal.message()).contains(bad.message());
            assertThat(refusal.field() + " " + refusal.message()).contains(bad.field());
        });
    }

    /** Otherwise a rule could be wrong and nobody would know. */
    @Test
    void everyRuleHasABadResource() {
        List<Specs.Bad> table = Specs.bad();
        assertThat(Rule.all())
                .isNotEmpty()
                .allSatisfy(rule -> assertThat(table)
                        .as("a resource that '%s' (%s) refuses", rule.message(), rule.rule())
                        .anyMatch(rule::isTriedBy));
    }

    private static JsonNode stored(JsonNode resource) {
        return Schemas.withDefaults(Schemas.of(resource.path("kind").asText()), resource.deepCopy());
    }

    private static List<String> fields(JsonNode resource) {
        return SCHEMAS.getSchema(Schemas.of(resource.path("kind").asText())).validate(resource).stream()
                .map(SpecTableTest::field)
                .distinct()
                .toList();
    }

    private static String field(Error error) {
        String location = error.getInstanceLocation().toString().replaceFirst("^\\$\\.?", "");
        boolean missing = error.getKeyword().equals("required");
        return !missing ? location : location.isEmpty() ? error.getProperty() : location + "." + error.getProperty();
    }
}

package io.moorage.crds.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the schemas accept and refuse. Rules in CEL are evaluated by an API server: {@code deploy/check-specs.sh} tries the same
 * table there.
 */
class SpecTableTest {
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaRegistryConfig(com.networknt.schema.SchemaRegistryConfig.builder()
                    .pathType(PathType.JSON_PATH)
                    .build()));

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
    }

    @ParameterizedTest
    @MethodSource("bad")
    void badIsRefusedAndTheFieldNamed(Specs.Bad bad) {
        if (bad.by() != Specs.By.SCHEMA) {
            // What CEL refuses is well formed: otherwise the rule would not have been asked.
            assertThat(bad.documents())
                    .allSatisfy(document -> assertThat(fields(document)).isEmpty());
        }
        assumeTrue(bad.by() == Specs.By.SCHEMA, "refused by a rule in CEL: see deploy/check-specs.sh");
        assertThat(fields(bad.documents().get(0))).isNotEmpty().containsOnly(bad.field());
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

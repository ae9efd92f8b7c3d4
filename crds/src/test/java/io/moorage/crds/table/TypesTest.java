package io.moorage.crds.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is read into the types comes out again as an API server would store it. */
class TypesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final KubernetesSerialization KUBERNETES = new KubernetesSerialization(JSON, true);

    static Stream<Specs.Good> good() {
        return Specs.good().stream();
    }

    /** Nothing is lost, and what is left out has the same default in the types as in the schema. */
    @ParameterizedTest
    @MethodSource("good")
    void typesAndSchemaAgree(Specs.Good good) throws JsonProcessingException {
        String kind = good.document().path("kind").asText();
        Object resource = KUBERNETES.convertValue(good.document(), Schemas.type(kind));
        JsonNode written = KUBERNETES.convertValue(resource, JsonNode.class);
        JsonNode stored = Schemas.withDefaults(Schemas.of(kind), good.document().deepCopy());
        assertThat(comparable(written)).isEqualTo(comparable(stored));
    }

    /** A number's width in memory is of no account; a quantity that was written as a number is read as the same quantity. */
    private static JsonNode comparable(JsonNode resource) throws JsonProcessingException {
        JsonNode spec = JSON.readTree(resource.path("spec").toString());
        if (spec.at("/storage/size").isNumber()) {
            ((ObjectNode) spec.path("storage"))
                    .put("size", spec.at("/storage/size").asText());
        }
        return spec;
    }
}

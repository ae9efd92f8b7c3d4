package io.moorage.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.Precondition;
import org.junit.jupiter.api.Test;

class PreconditionsTest {
    private static final Precondition UNSEALED =
            Precondition.newBuilder().setLacksAttribute("seal").build();

    @Test
    void attributeThatMustNotBeThereIsLookedForInWhatIsThere() {
        Preconditions.check(UNSEALED, "k", null);
        Preconditions.check(UNSEALED, "k", entry("other"));
        assertThatThrownBy(() -> Preconditions.check(UNSEALED, "k", entry("seal")))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.failure().getCode()).isEqualTo(ErrorCode.ERROR_CODE_PRECONDITION_FAILED);
                    assertThat(refusal.failure().getMessage()).isEqualTo("'k' has the attribute seal");
                    assertThat(refusal.failure().getCurrentVersion()).isEqualTo(7);
                });
    }

    private static Entry entry(String attribute) {
        return Entry.newBuilder()
                .setVersion(7)
                .addAttributes(MetadataItem.newBuilder().setName(attribute).setValue("x"))
                .build();
    }
}

package io.moorage.operator.volume;

import io.moorage.protocol.v1.Volume;

/** Where a volume is, or why it is nowhere yet. */
sealed interface Home {
    /**
     * It exists.
     *
     * @param takenUp it was there before its resource knew of it
     */
    record Here(GroupView group, Volume volume, boolean takenUp) implements Home {}

    /** Its status names the group; it has to be made there. */
    record Intended(GroupView group) implements Home {}

    /** It should go there, which has to be written down before it is made. */
    record Chosen(GroupView group) implements Home {}

    /** Nothing can be done about it now. Tried again with growing pauses. */
    record Nowhere(String reason, String message) implements Home {}

    /** What is known is too old to decide by: try again soon. */
    record Unclear() implements Home {}
}

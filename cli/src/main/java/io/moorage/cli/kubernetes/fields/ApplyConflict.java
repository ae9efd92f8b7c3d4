package io.moorage.cli.kubernetes.fields;

import java.util.List;

/** Somebody else wants other values for fields that were to be applied. */
public final class ApplyConflict extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param manager who else
     * @param field such as ".spec.nodes"
     */
    public record Field(String manager, String field) {}

    private final transient List<Field> fields;

    ApplyConflict(List<Field> fields) {
        super("Apply failed with " + fields.size() + " conflict" + (fields.size() == 1 ? "" : "s"));
        this.fields = List.copyOf(fields);
    }

    public List<Field> fields() {
        return fields;
    }
}

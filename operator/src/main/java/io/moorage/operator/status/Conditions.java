package io.moorage.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The conditions of a resource, by the conventions of Kubernetes (API conventions, "Typical status properties"): one of a type,
 * and the time of the last transition changes with the status only. Not thread-safe.
 */
public final class Conditions {
    private final List<Condition> conditions;
    private final Long generation;
    private final Instant now;

    /** @param present the conditions before; may be null */
    public Conditions(List<Condition> present, Long generation, Instant now) {
        this.conditions = new ArrayList<>(present == null ? List.of() : present);
        this.generation = generation;
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
    }

    public Conditions set(String type, boolean holds, String reason, String message) {
        return set(type, holds ? "True" : "False", reason, message);
    }

    public Conditions unknown(String type, String reason, String message) {
        return set(type, "Unknown", reason, message);
    }

    private Conditions set(String type, String status, String reason, String message) {
        Optional<Condition> before = get(type);
        String since = before.filter(condition -> status.equals(condition.getStatus()))
                .map(Condition::getLastTransitionTime)
                .orElse(now.toString());
        Condition condition = new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withObservedGeneration(generation)
                .withLastTransitionTime(since)
                .build();
        if (before.isPresent()) {
            conditions.set(conditions.indexOf(before.get()), condition);
        } else {
            conditions.add(condition);
        }
        return this;
    }

    public Optional<Condition> get(String type) {
        return of(conditions, type);
    }

    /**
     * A condition that is new, or has another status or reason than before; a message that changes is no change.
     *
     * @param before may be null
     */
    public static Optional<Condition> changed(List<Condition> before, List<Condition> now, String type) {
        Optional<Condition> former = before == null ? Optional.empty() : of(before, type);
        return of(now, type)
                .filter(condition -> former.isEmpty()
                        || !former.get().getStatus().equals(condition.getStatus())
                        || !former.get().getReason().equals(condition.getReason()));
    }

    private static Optional<Condition> of(List<Condition> conditions, String type) {
        return conditions.stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst();
    }

    public List<Condition> list() {
        return List.copyOf(conditions);
    }

    /** Whether the condition is there and True. */
    public static boolean isTrue(List<Condition> conditions, String type) {
        return conditions != null
                && conditions.stream()
                        .anyMatch(
                                condition -> type.equals(condition.getType()) && "True".equals(condition.getStatus()));
    }
}

package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers which desired state an object of some resourceVersion was found or made to have. Saves the comparison of most
 * objects, and ends the loop when a comparison sees a difference that Kubernetes does not, such as two spellings of a quantity.
 * Bounded. Thread-safe.
 */
final class AppliedStates {
    private static final int REMEMBERED = 20_000;

    private record State(String resourceVersion, String desired) {}

    private final Map<String, State> states = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, State> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** Whether the object, as it is now, is known to be what is desired. */
    synchronized boolean holds(HasMetadata actual, String desired) {
        return new State(actual.getMetadata().getResourceVersion(), desired)
                .equals(states.get(actual.getMetadata().getUid()));
    }

    synchronized void remember(HasMetadata actual, String desired) {
        states.put(actual.getMetadata().getUid(), new State(actual.getMetadata().getResourceVersion(), desired));
    }
}

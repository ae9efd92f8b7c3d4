package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.Map;

/** CPU and memory of a container, where the spec leaves them open. */
final class Resources {
    private static final String CPU = "cpu";
    private static final String MEMORY = "memory";

    private Resources() {}

    /**
     * What was asked for, made whole: memory always has a request or a limit, because the heap is a share of it, and CPU has,
     * because autoscaling is by percent of it.
     *
     * @param asked may be null
     */
    static ResourceRequirements of(ResourceRequirements asked, String cpu, String memory) {
        ResourceRequirementsBuilder whole =
                asked == null ? new ResourceRequirementsBuilder() : new ResourceRequirementsBuilder(asked);
        if (!names(whole.getRequests(), CPU) && !names(whole.getLimits(), CPU)) {
            whole.addToRequests(CPU, new Quantity(cpu));
        }
        if (!names(whole.getRequests(), MEMORY) && !names(whole.getLimits(), MEMORY)) {
            whole.addToRequests(MEMORY, Quantity.parse(memory)).addToLimits(MEMORY, Quantity.parse(memory));
        }
        return whole.build();
    }

    private static boolean names(Map<String, Quantity> amounts, String resource) {
        return amounts != null && amounts.containsKey(resource);
    }
}

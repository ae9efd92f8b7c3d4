package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Optional;

/** Options of the Java virtual machine that follow from the memory that a container may use. */
final class JavaOptions {
    /** The launcher of the image may have options of its own, by JDK_JAVA_OPTIONS; these add to them. */
    static final String VARIABLE = "JAVA_TOOL_OPTIONS";

    private static final String MEMORY = "memory";

    private JavaOptions() {}

    /**
     * @param heapPercent share of the memory for the heap, 1 to 100
     * @param directPercent share of the memory for buffers outside of the heap, 1 to 100
     * @param resources of the container. Without a limit its request counts: a heap by the size of the machine would drive out
     *     everybody else
     */
    static String of(int heapPercent, int directPercent, ResourceRequirements resources) {
        Optional<Quantity> limit = memory(resources.getLimits());
        long bytes = limit.or(() -> memory(resources.getRequests()))
                .orElseThrow()
                .getNumericalAmount()
                .longValue();
        return (limit.isPresent() ? "" : "-XX:MaxRAM=" + bytes + " ")
                + "-XX:MaxRAMPercentage=" + heapPercent
                + " -XX:MaxDirectMemorySize=" + bytes / 100 * directPercent
                + " -XX:+ExitOnOutOfMemoryError"
                // A pod that comes back has another address. The security property networkaddress.cache.ttl cannot be
                // set by -D.
                + " -Dsun.net.inetaddr.ttl=5";
    }

    private static Optional<Quantity> memory(java.util.Map<String, Quantity> amounts) {
        return Optional.ofNullable(amounts).map(map -> map.get(MEMORY));
    }
}

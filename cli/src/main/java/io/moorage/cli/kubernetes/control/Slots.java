package io.moorage.cli.kubernetes.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which ports a pod has. A storage node's stay with its claim, because other members of its groups know it by them; an API server's
 * stay with the pod.
 */
final class Slots {
    static final String SLOT = "moorage.io/port-slot";
    private static final String CLAIMS = "persistentvolumeclaims";

    private final Api api;

    Slots(Api api) {
        this.api = api;
    }

    /** Empty: all are taken, or there is no claim yet. */
    OptionalInt of(ObjectNode pod, Program program) {
        if (program == Program.API_SERVER) {
            return assign("pods", pod, PortPlan.APIS);
        }
        return api.find(CLAIMS, Objects.namespace(pod), PodConfig.claim(pod))
                .map(claim -> assign(CLAIMS, claim, PortPlan.NODES))
                .orElse(OptionalInt.empty());
    }

    private OptionalInt assign(String plural, ObjectNode holder, int most) {
        JsonNode present = holder.at("/metadata/annotations").path(SLOT);
        if (present.asText().matches("\\d{1,4}")) {
            return OptionalInt.of(Integer.parseInt(present.asText()));
        }
        Set<String> taken = new HashSet<>();
        api.list(plural)
                .forEach(each ->
                        taken.add(each.at("/metadata/annotations").path(SLOT).asText()));
        int slot = preferred(holder);
        if (slot >= most || taken.contains(String.valueOf(slot))) {
            slot = 0;
            while (slot < most && taken.contains(String.valueOf(slot))) {
                slot++;
            }
        }
        if (slot == most) {
            return OptionalInt.empty();
        }
        int free = slot;
        api.change(
                plural, holder, next -> next.withObject("/metadata/annotations").put(SLOT, String.valueOf(free)));
        return OptionalInt.of(free);
    }

    /** The ordinal, so that nobody has to look up the ports of a cluster that is alone. */
    private static int preferred(ObjectNode holder) {
        String name = Objects.name(holder);
        String end = name.substring(name.lastIndexOf('-') + 1);
        return end.matches("\\d{1,4}") ? Integer.parseInt(end) : 0;
    }
}

package io.moorage.it.nemesis.workload;

import io.moorage.client.CallOptions;
import io.moorage.client.VolumeStore;
import io.moorage.client.kv.Kv;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.Result;
import java.time.Duration;
import java.util.List;

/**
 * A volume as its clients know it. Each of them finds its own way: one may still ask a leader that another knows to be gone.
 *
 * @param kvs one for each client, or fewer that they share
 * @param stores likewise
 */
public record Target(List<Kv> kvs, List<VolumeStore> stores, Commands commands) {
    /** For operations under faults. Reads are strong. */
    public static final CallOptions READ =
            CallOptions.DEFAULT.withConsistency(Consistency.CONSISTENCY_STRONG).withDeadline(Duration.ofSeconds(4));

    public static final CallOptions WRITE = READ.withConsistency(Consistency.CONSISTENCY_QUORUM);

    /** For the last reads. */
    public static final CallOptions PATIENT = READ.withDeadline(Duration.ofSeconds(60));

    /** @param client any number from 0 on */
    public Kv kv(int client) {
        return kvs.get(client % kvs.size());
    }

    /** @param client any number from 0 on */
    public VolumeStore files(int client) {
        return stores.get(client % stores.size());
    }

    /** The calls that are neither about keys nor about files. */
    public interface Commands {
        Result submit(Command.Builder command);
    }
}

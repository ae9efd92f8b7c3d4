package io.moorage.client;

import io.moorage.protocol.v1.Consistency;
import java.time.Duration;

/**
 * What one call asks for. Immutable.
 *
 * @param consistency UNSPECIFIED = the volume's own
 * @param deadline for the whole call, all retries included; for streamed bodies it bounds the time without progress
 * @param minVersion reads are at least this fresh (0 = whatever this client has seen)
 * @param asOfVersion reads show this version's state (0 = now)
 */
public record CallOptions(Consistency consistency, Duration deadline, long minVersion, long asOfVersion) {

    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(15);
    public static final CallOptions DEFAULT =
            new CallOptions(Consistency.CONSISTENCY_UNSPECIFIED, DEFAULT_DEADLINE, 0, 0);

    public CallOptions withConsistency(Consistency value) {
        return new CallOptions(value, deadline, minVersion, asOfVersion);
    }

    /** These, with a consistency for a call that asks for none. */
    public CallOptions withDefaultConsistency(Consistency value) {
        return consistency == Consistency.CONSISTENCY_UNSPECIFIED ? withConsistency(value) : this;
    }

    public CallOptions withDeadline(Duration value) {
        return new CallOptions(consistency, value, minVersion, asOfVersion);
    }

    public CallOptions withAsOfVersion(long value) {
        return new CallOptions(consistency, deadline, minVersion, value);
    }
}

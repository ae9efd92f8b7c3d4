package io.moorage.crds.v1alpha1.volume;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What readers get that do not ask for something else. */
public enum Consistency {
    /** Linearizable, always; writes wait for every replica. */
    @JsonProperty("Strong")
    STRONG,
    /** Writes on a majority; reads from the leader under its lease. */
    @JsonProperty("Quorum")
    QUORUM,
    /** Writes on a majority; reads from any replica, which may be older. */
    @JsonProperty("Eventual")
    EVENTUAL
}

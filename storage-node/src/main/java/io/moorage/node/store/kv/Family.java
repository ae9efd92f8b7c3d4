package io.moorage.node.store.kv;

/** The key ranges of a group's store. The order is part of the state hash: only append. */
public enum Family {
    /** Applied position, group time, state hash, volumes and what their change feeds alone keep, sweep cursor. */
    META,
    /** volume, key → the newest version of an entry. */
    HEAD,
    /** volume, key, version descending → a superseded version that a pin needs. */
    HISTORY,
    /** volume, extent id → the bytes of an inline extent. */
    DATA,
    /** volume, extent id → how many times an extent is referenced, and its length. Of inline extents only those that are shared. */
    REFS,
    /** volume, name → pin. */
    PINS,
    /** client, slot → the result of a request that may be repeated, or one that may be overwritten. */
    SESSIONS,
    /** volume, version, ordinal → what changed. */
    CHANGES,
    /** volume, lease id → lease; followed by 1 and a key → a key that is attached to it. */
    LEASES,
    /** volume, key, version descending → a version that versioning keeps though it is not the newest, or a delete marker. */
    VERSIONS
}

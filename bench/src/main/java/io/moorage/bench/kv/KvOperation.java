package io.moorage.bench.kv;

/** What clients do to a key-value store. */
enum KvOperation {
    /** Of new values to keys that are there. */
    PUT,
    /** Linearizable. */
    GET,
    /** From any replica, however old. */
    GET_EVENTUAL,
    /** Each client of a key of its own, by its version. */
    CAS,
    /** One comparison, two reads and two writes. */
    TXN
}

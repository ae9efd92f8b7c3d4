package io.moorage.bench.kv;

import java.util.List;

/** What can be measured. */
enum KvKind {
    MOORAGE,
    ETCD;

    /**
     * @param endpoints host:port of each node
     * @param volume of Moorage
     */
    KvTarget open(List<String> endpoints, String volume) {
        return this == ETCD ? new EtcdKv(endpoints) : new MoorageKv(endpoints, volume);
    }
}

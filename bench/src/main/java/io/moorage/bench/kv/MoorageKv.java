package io.moorage.bench.kv;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.moorage.client.CallOptions;
import io.moorage.client.GroupId;
import io.moorage.client.MoorageClient;
import io.moorage.client.VolumeRef;
import io.moorage.client.kv.Cas;
import io.moorage.client.kv.Comparisons;
import io.moorage.client.kv.Kv;
import io.moorage.client.kv.KvPutOptions;
import io.moorage.client.kv.Operations;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.Transact;
import java.time.Duration;
import java.util.List;

/** The client library. */
final class MoorageKv implements KvTarget {
    private static final KvPutOptions QUIET = new KvPutOptions("", 0, false);
    private static final CallOptions STRONG = CallOptions.DEFAULT.withConsistency(Consistency.CONSISTENCY_STRONG);
    /** Of writes: once a majority has it, as etcd does. STRONG would wait for every replica. */
    private static final CallOptions QUORUM = CallOptions.DEFAULT.withConsistency(Consistency.CONSISTENCY_QUORUM);

    private static final CallOptions EVENTUAL = CallOptions.DEFAULT.withConsistency(Consistency.CONSISTENCY_EVENTUAL);

    private final MoorageClient client;
    private final Kv kv;

    /** @param volume which must be there */
    MoorageKv(List<String> nodes, String volume) {
        this.client = new MoorageClient(nodes, 1);
        VolumeRef found = client.admin().describe(Duration.ofSeconds(5)).stream()
                .flatMap(node -> node.replicas().stream())
                .map(replica -> GroupId.of(replica.getGroupId()))
                .distinct()
                .flatMap(group -> client.volumes(group, CallOptions.DEFAULT).stream()
                        .filter(each -> each.getSpec().getName().equals(volume))
                        .map(each -> new VolumeRef(
                                each.getSpec().getName(), group, each.getId(), Consistency.CONSISTENCY_STRONG)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no volume '" + volume + "' on these nodes"));
        this.kv = client.kv(found);
    }

    @Override
    public void put(String key, byte[] value) {
        kv.put(key, UnsafeByteOperations.unsafeWrap(value), QUIET, QUORUM);
    }

    @Override
    public void get(String key, boolean strong) {
        kv.get(key, strong ? STRONG : EVENTUAL).orElseThrow(() -> new IllegalStateException("no " + key));
    }

    @Override
    public long compareAndSwap(String key, long version, byte[] value) {
        Cas cas = kv.compareAndSwap(
                version == 0 ? Comparisons.absent(key) : Comparisons.version(key, version),
                UnsafeByteOperations.unsafeWrap(value),
                QUIET,
                QUORUM);
        if (!cas.swapped()) {
            throw new IllegalStateException(key + " has version " + cas.version() + " instead of " + version);
        }
        return cas.version();
    }

    @Override
    public void transact(String absent, String[] read, String[] written, byte[] value) {
        ByteString bytes = UnsafeByteOperations.unsafeWrap(value);
        Transact.Builder transact = Transact.newBuilder().addCompare(Comparisons.absent(absent));
        for (String key : read) {
            transact.addSuccess(Operations.get(key));
        }
        for (String key : written) {
            transact.addSuccess(Operations.put(key, bytes, QUIET));
        }
        if (!kv.transact(transact.build(), QUORUM).getSucceeded()) {
            throw new IllegalStateException(absent + " exists");
        }
    }

    @Override
    public void close() {
        client.close();
    }
}

package io.moorage.bench.kv;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.moorage.bench.kv.etcd.Compare;
import io.moorage.bench.kv.etcd.KVGrpc;
import io.moorage.bench.kv.etcd.KVGrpc.KVBlockingStub;
import io.moorage.bench.kv.etcd.MaintenanceGrpc;
import io.moorage.bench.kv.etcd.PutRequest;
import io.moorage.bench.kv.etcd.RangeRequest;
import io.moorage.bench.kv.etcd.RequestOp;
import io.moorage.bench.kv.etcd.StatusRequest;
import io.moorage.bench.kv.etcd.StatusResponse;
import io.moorage.bench.kv.etcd.TxnRequest;
import io.moorage.bench.kv.etcd.TxnResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** etcd's own gRPC calls: to its leader, as Moorage's client does it, but for reads that any member answers. */
final class EtcdKv implements KvTarget {
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final List<KVBlockingStub> members = new ArrayList<>();
    private final KVBlockingStub leader;
    private final AtomicInteger next = new AtomicInteger();

    EtcdKv(List<String> endpoints) {
        int leading = -1;
        for (String endpoint : endpoints) {
            ManagedChannel channel =
                    ManagedChannelBuilder.forTarget(endpoint).usePlaintext().build();
            channels.add(channel);
            members.add(KVGrpc.newBlockingStub(channel));
            StatusResponse status = MaintenanceGrpc.newBlockingStub(channel).status(StatusRequest.getDefaultInstance());
            if (status.getLeader() == status.getHeader().getMemberId()) {
                leading = members.size() - 1;
            }
        }
        if (leading < 0) {
            throw new IllegalArgumentException("none of " + endpoints + " leads");
        }
        leader = members.get(leading);
    }

    @Override
    public void put(String key, byte[] value) {
        leader.put(PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(UnsafeByteOperations.unsafeWrap(value))
                .build());
    }

    @Override
    public void get(String key, boolean strong) {
        KVBlockingStub member = strong ? leader : members.get(Math.floorMod(next.getAndIncrement(), members.size()));
        RangeRequest range = RangeRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setSerializable(!strong)
                .build();
        if (member.range(range).getKvsCount() != 1) {
            throw new IllegalStateException("no " + key);
        }
    }

    @Override
    public long compareAndSwap(String key, long version, byte[] value) {
        TxnResponse response = leader.txn(TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder()
                        .setTarget(Compare.CompareTarget.MOD)
                        .setKey(ByteString.copyFromUtf8(key))
                        .setModRevision(version))
                .addSuccess(put(key, UnsafeByteOperations.unsafeWrap(value)))
                .addFailure(get(key))
                .build());
        if (!response.getSucceeded()) {
            throw new IllegalStateException(key + " is not at " + version);
        }
        return response.getHeader().getRevision();
    }

    @Override
    public void transact(String absent, String[] read, String[] written, byte[] value) {
        ByteString bytes = UnsafeByteOperations.unsafeWrap(value);
        TxnRequest.Builder request = TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder()
                        .setTarget(Compare.CompareTarget.CREATE)
                        .setKey(ByteString.copyFromUtf8(absent))
                        .setCreateRevision(0));
        for (String key : read) {
            request.addSuccess(get(key));
        }
        for (String key : written) {
            request.addSuccess(put(key, bytes));
        }
        if (!leader.txn(request.build()).getSucceeded()) {
            throw new IllegalStateException(absent + " exists");
        }
    }

    private static RequestOp put(String key, ByteString value) {
        return RequestOp.newBuilder()
                .setRequestPut(PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .setValue(value))
                .build();
    }

    private static RequestOp get(String key) {
        return RequestOp.newBuilder()
                .setRequestRange(RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)))
                .build();
    }

    @Override
    public void close() {
        for (ManagedChannel channel : channels) {
            channel.shutdown();
        }
        for (ManagedChannel channel : channels) {
            try {
                channel.awaitTermination(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

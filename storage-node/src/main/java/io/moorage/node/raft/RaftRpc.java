package io.moorage.node.raft;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/**
 * Ratis' gRPC, but for two things. Entries that arrive pass through {@link FollowerAppends}. And a leader's thread for each follower is
 * told of every entry, every reply of that follower and every commit, and mostly finds nothing to send: here it is woken when there is
 * something. Ratis makes it by its name, so it is public.
 */
public final class RaftRpc implements RpcType {
    @Override
    public String name() {
        return RaftRpc.class.getName();
    }

    @Override
    public GrpcFactory newFactory(Parameters parameters) {
        return new Factory(parameters);
    }

    private static final class Factory extends GrpcFactory {
        private Factory(Parameters parameters) {
            super(parameters);
        }

        @Override
        public GrpcServices newRaftServerRpc(RaftServer server) {
            return super.newRaftServerRpc(FollowerAppends.guard(server));
        }

        @Override
        public LogAppender newLogAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
            return new Appender(server, state, follower);
        }
    }

    private static final class Appender extends GrpcLogAppender {
        private Appender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
            super(server, state, follower);
        }

        /** What is to be sent is known before this is called; a heartbeat that falls due later wakes the thread by itself. */
        @Override
        public void notifyLogAppender() {
            if (!isRunning() || shouldSendAppendEntries()) {
                super.notifyLogAppender();
            }
        }
    }
}

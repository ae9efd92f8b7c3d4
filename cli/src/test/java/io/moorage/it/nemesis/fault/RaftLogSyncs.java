package io.moorage.it.nemesis.fault;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesNoArguments;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import net.bytebuddy.agent.ByteBuddyAgent;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;

/**
 * Tells how much of each file of a Raft log has been synced, as soon as it has: Ratis writes these files itself, so what it calls is
 * added to. To be asked for before the first log is opened. Public for what is added to Ratis alone.
 */
public final class RaftLogSyncs {
    private static final String CHANNEL = "org.apache.ratis.server.raftlog.segmented.BufferedWriteChannel";
    private static final Map<Object, Path> FILES = Collections.synchronizedMap(new WeakHashMap<>());
    private static volatile Listener listener;

    /** Is told before whoever waits for the sync. */
    interface Listener {
        void synced(Path file, long size) throws IOException;

        /** Is told before the sync. */
        void syncing();
    }

    private RaftLogSyncs() {}

    static void tell(Listener wanted) {
        listener = wanted;
        new AgentBuilder.Default()
                .disableClassFormatChanges()
                .type(named(CHANNEL))
                .transform((builder, type, loader, module, domain) -> builder.visit(
                                Advice.to(Opened.class).on(named("open")))
                        .visit(Advice.to(Flushed.class).on(named("flush").and(takesNoArguments())))
                        .visit(Advice.to(Forced.class).on(named("fileChannelForce"))))
                .installOn(ByteBuddyAgent.install());
    }

    public static void opened(Object channel, File file) {
        FILES.put(channel, file.toPath());
    }

    public static void syncing() {
        listener.syncing();
    }

    public static void synced(Object channel, long size) throws IOException {
        Path file = FILES.get(channel);
        if (file == null) {
            throw new IOException("a Raft log was opened that nobody was told of");
        }
        listener.synced(file, size);
    }

    /** BufferedWriteChannel.open(File, boolean, ByteBuffer). */
    static final class Opened {
        private Opened() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Argument(0) File file, @Advice.Return Object channel) {
            RaftLogSyncs.opened(channel, file);
        }
    }

    /** flush() writes what is buffered, then syncs; nobody else writes meanwhile. */
    static final class Flushed {
        private Flushed() {}

        @Advice.OnMethodEnter
        static void enter() {
            RaftLogSyncs.syncing();
        }

        @Advice.OnMethodExit
        static void exit(@Advice.This Object channel, @Advice.FieldValue("fileChannel") FileChannel file)
                throws IOException {
            RaftLogSyncs.synced(channel, file.position());
        }
    }

    /** fileChannelForce() syncs what was written before; more may be written meanwhile. */
    static final class Forced {
        private Forced() {}

        @Advice.OnMethodEnter
        static long enter(@Advice.FieldValue("fileChannel") FileChannel file) throws IOException {
            RaftLogSyncs.syncing();
            return file.position();
        }

        @Advice.OnMethodExit
        static void exit(@Advice.This Object channel, @Advice.Enter long size) throws IOException {
            RaftLogSyncs.synced(channel, size);
        }
    }
}

package io.moorage.it.nemesis.fault;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import net.bytebuddy.agent.ByteBuddyAgent;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;

/**
 * Ends this process at a step of the next put, as kill -9 would: what the product calls there is added to. Public for what is added
 * alone.
 */
public final class Death {
    /** Of a put of a file that is too large for the log, at the leader, in their order. */
    public enum Step {
        /** The file's bytes are written, and not synced. */
        EXTENT_WRITTEN,
        /** They are, and nobody has been told. */
        EXTENT_SYNCED,
        /** The command is in the leader's log, which is not synced. */
        LOG_WRITTEN,
        /** It is, and nobody has been told. */
        LOG_SYNCED,
        /** The command is committed, and not applied. */
        COMMITTED,
        /** It is applied, and nobody has been told. */
        APPLIED,
        /** The answer has been handed to the network, and may be on its way or not. */
        ANSWERED
    }

    private static final int AS_BY_SIGNAL_9 = 137;

    private static volatile Step wanted;
    private static volatile boolean extentsCame;

    private Death() {}

    /** Before any of these classes is loaded. */
    static void install() {
        new AgentBuilder.Default()
                .disableClassFormatChanges()
                .type(named("io.moorage.node.store.GroupStore"))
                .transform((builder, type, loader, module, domain) ->
                        builder.visit(Advice.to(Apply.class).on(named("apply").and(takesArguments(3)))))
                .type(named("io.moorage.node.service.CallStream"))
                .transform((builder, type, loader, module, domain) ->
                        builder.visit(Advice.to(Send.class).on(named("sendOne"))))
                .installOn(ByteBuddyAgent.install());
    }

    /** @param step when nothing else is under way: log entries count from the put's extents on */
    static void at(Step step) {
        extentsCame = false;
        wanted = step;
    }

    public static void reached(Step step) {
        Step last = wanted;
        if (last == null) {
            return;
        }
        extentsCame |= step == Step.EXTENT_SYNCED;
        if (step == last && (extentsCame || step == Step.EXTENT_WRITTEN)) {
            Runtime.getRuntime().halt(AS_BY_SIGNAL_9);
        }
    }

    /** GroupStore.apply(long, long, CommandBatch). */
    static final class Apply {
        private Apply() {}

        @Advice.OnMethodEnter
        static void enter() {
            Death.reached(Step.COMMITTED);
        }

        @Advice.OnMethodExit
        static void exit() {
            Death.reached(Step.APPLIED);
        }
    }

    /** CallStream.sendOne(). */
    static final class Send {
        private Send() {}

        @Advice.OnMethodExit
        static void exit() {
            Death.reached(Step.ANSWERED);
        }
    }
}

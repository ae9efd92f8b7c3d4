package io.moorage.it;

import io.moorage.client.CallOptions;
import io.moorage.client.MoorageException;
import io.moorage.client.kv.ChangeQuery;
import io.moorage.client.kv.ChangeSet;
import io.moorage.client.kv.Kv;
import io.moorage.client.kv.KvPage;
import io.moorage.protocol.v1.Change;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.KeyValue;
import io.moorage.protocol.v1.KvResult;
import io.moorage.protocol.v1.Transact;
import io.moorage.protocol.v1.TransactResult;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Keys with something wrong about them, now and then. Thread-safe. */
final class BuggyKv implements InvocationHandler {
    private static final int EVERY = 7;

    enum Bug {
        NONE,
        /** A read answers what one before it did. */
        STALE_READ,
        /** A put is acknowledged, and not done. */
        LOST_ACKNOWLEDGEMENT,
        /** A put is done, and fails as one that surely was not. */
        DENIED_EFFECT,
        /** What a transaction writes is written one after the other. */
        TWO_STEPS,
        /** A change is left out. */
        UNTOLD_CHANGE,
        /** Whoever waits in line sees nobody else, and conditions hold always. */
        OPEN_LOCK
    }

    private final Kv kv;
    private final Bug bug;
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<String, Object> earlier = new ConcurrentHashMap<>();

    private BuggyKv(Kv kv, Bug bug) {
        this.kv = kv;
        this.bug = bug;
    }

    static Kv of(Kv kv, Bug bug) {
        return (Kv) Proxy.newProxyInstance(Kv.class.getClassLoader(), new Class<?>[] {Kv.class}, new BuggyKv(kv, bug));
    }

    private boolean now() {
        return calls.incrementAndGet() % EVERY == 0;
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.isDefault()) {
            // Locks and watches are made of the calls below.
            return InvocationHandler.invokeDefault(proxy, method, arguments);
        }
        return switch (method.getName() + " " + bug) {
            case "get STALE_READ", "range STALE_READ" -> stale(method, arguments);
            case "put LOST_ACKNOWLEDGEMENT" -> lost(method, arguments);
            case "put DENIED_EFFECT" -> denied(method, arguments);
            case "transact TWO_STEPS" -> twoSteps((Transact) arguments[0], (CallOptions) arguments[1]);
            case "changes UNTOLD_CHANGE" -> untold((ChangeQuery) arguments[0], (Duration) arguments[1]);
            case "submit OPEN_LOCK" ->
                kv.submit(((Transact) arguments[0]).toBuilder().clearCompare().build(), (CallOptions) arguments[1]);
            case "range OPEN_LOCK" -> newest((KvPage) real(method, arguments));
            default -> real(method, arguments);
        };
    }

    private Object real(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(kv, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private Object stale(Method method, Object[] arguments) throws Throwable {
        Object answer = real(method, arguments);
        Object before = earlier.put(method.getName() + arguments[0], answer);
        return before != null && now() ? before : answer;
    }

    private Object lost(Method method, Object[] arguments) throws Throwable {
        if (!now()) {
            return real(method, arguments);
        }
        Optional<KeyValue> there = kv.get((String) arguments[0], (CallOptions) arguments[3]);
        Object[] elsewhere = arguments.clone();
        elsewhere[0] = "elsewhere";
        KvResult.Builder answer =
                ((KvResult) real(method, elsewhere)).toBuilder().clearPrevious();
        there.ifPresent(answer::setPrevious);
        return answer.setExisted(there.isPresent()).build();
    }

    private Object denied(Method method, Object[] arguments) throws Throwable {
        Object answer = real(method, arguments);
        if (now()) {
            throw new MoorageException(ErrorCode.ERROR_CODE_UNAVAILABLE, "it was not done, it says");
        }
        return answer;
    }

    private TransactResult twoSteps(Transact transact, CallOptions call) {
        TransactResult first = TransactResult.getDefaultInstance();
        for (int i = 0; i < transact.getSuccessCount(); i++) {
            Transact.Builder step = Transact.newBuilder().addSuccess(transact.getSuccess(i));
            if (i == 0) {
                step.addAllCompare(transact.getCompareList());
            }
            TransactResult done = kv.transact(step.build(), call);
            if (!done.getSucceeded()) {
                return done;
            }
            first = i == 0 ? done : first;
        }
        return first;
    }

    private ChangeSet untold(ChangeQuery query, Duration wait) {
        ChangeSet set = kv.changes(query, wait);
        List<Change> told = set.changes().stream().filter(change -> !now()).toList();
        return new ChangeSet(told, set.next(), set.more(), set.feed());
    }

    private static KvPage newest(KvPage page) {
        int size = page.entries().size();
        return new KvPage(page.entries().subList(Math.max(0, size - 1), size), page.truncated());
    }
}

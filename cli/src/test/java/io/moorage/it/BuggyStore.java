package io.moorage.it;

import io.moorage.client.CallOptions;
import io.moorage.client.PutOptions;
import io.moorage.client.VolumeStore;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.EntryChange;
import io.moorage.protocol.v1.Precondition;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Files with something wrong about them, now and then. Thread-safe. */
final class BuggyStore implements InvocationHandler {
    private static final int EVERY = 7;

    enum Bug {
        NONE,
        /** A put or an append is acknowledged, and not done. */
        LOST_ACKNOWLEDGEMENT,
        /** A put stores only the beginning. */
        TORN_PUT,
        /** An append is sent again, and done again. */
        TWICE,
        /** A rename is a copy, and then a delete. */
        TWO_STEPS
    }

    private final VolumeStore store;
    private final Bug bug;
    private final AtomicInteger calls = new AtomicInteger();

    private BuggyStore(VolumeStore store, Bug bug) {
        this.store = store;
        this.bug = bug;
    }

    static VolumeStore of(VolumeStore store, Bug bug) {
        return (VolumeStore) Proxy.newProxyInstance(
                VolumeStore.class.getClassLoader(), new Class<?>[] {VolumeStore.class}, new BuggyStore(store, bug));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        boolean writes = method.getName().equals("put") || method.getName().equals("append");
        boolean now = writes && calls.incrementAndGet() % EVERY == 0;
        if (bug == Bug.TWO_STEPS && method.getName().equals("rename")) {
            return rename(arguments);
        }
        if (!now) {
            return real(method, arguments);
        }
        return switch (bug) {
            case LOST_ACKNOWLEDGEMENT -> lost(method, arguments);
            case TORN_PUT -> torn((PutOptions) arguments[0], (InputStream) arguments[1], (CallOptions) arguments[3]);
            case TWICE -> {
                byte[] bytes = ((InputStream) arguments[3]).readAllBytes();
                arguments[3] = new ByteArrayInputStream(bytes);
                real(method, arguments);
                arguments[3] = new ByteArrayInputStream(bytes);
                yield real(method, arguments);
            }
            default -> real(method, arguments);
        };
    }

    private Object real(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(store, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private Object lost(Method method, Object[] arguments) throws Throwable {
        String key = arguments[0] instanceof PutOptions options ? options.key() : (String) arguments[0];
        CallOptions call = (CallOptions) arguments[arguments.length - 1];
        Entry there = store.stat(key, call).orElse(null);
        arguments[0] = arguments[0] instanceof PutOptions ? PutOptions.of("elsewhere") : "elsewhere";
        return ((EntryChange) real(method, arguments))
                .toBuilder().setReplaced(there != null).build();
    }

    private Object torn(PutOptions options, InputStream body, CallOptions call) throws Throwable {
        byte[] bytes = body.readAllBytes();
        return store.put(options, new ByteArrayInputStream(bytes, 0, bytes.length / 2), bytes.length / 2, call);
    }

    private Object rename(Object[] arguments) {
        String from = (String) arguments[0];
        CallOptions call = (CallOptions) arguments[4];
        Object answer = store.copy(
                from,
                (String) arguments[1],
                (Precondition) arguments[2],
                (Precondition) arguments[3],
                "",
                List.of(),
                call);
        store.delete(from, Precondition.getDefaultInstance(), call);
        return answer;
    }
}

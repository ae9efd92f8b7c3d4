package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.moorage.operator.naming.Names;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.stream.Collectors;

/** As much of a reconciler's context as applying objects takes: the client, and the field manager's name. */
final class TestContext {
    private TestContext() {}

    /** Without event sources. */
    static Context<?> of(KubernetesClient client) {
        return of(client, Set.of());
    }

    /** @param cached what the event sources hold */
    static Context<?> of(KubernetesClient client, Set<?> cached) {
        ControllerConfiguration<?> controller = proxy(ControllerConfiguration.class, "fieldManager", Names.OPERATOR);
        return proxy(Context.class, (self, method, arguments) -> switch (method.getName()) {
            case "getClient" -> client;
            case "getSecondaryResources" ->
                cached.stream().filter(((Class<?>) arguments[0])::isInstance).collect(Collectors.toSet());
            case "getControllerConfiguration" -> controller;
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private static <T> T proxy(Class<T> type, String name, Object value) {
        return proxy(type, (self, method, arguments) -> {
            if (method.getName().equals(name)) {
                return value;
            }
            throw new UnsupportedOperationException(method.getName());
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(TestContext.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}

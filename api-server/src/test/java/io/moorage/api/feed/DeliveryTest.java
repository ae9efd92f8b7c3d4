package io.moorage.api.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.moorage.protocol.v1.Change;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeliveryTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final List<String> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger lookUps = new AtomicInteger();
    private HttpServer receiver;

    @BeforeEach
    void start() throws Exception {
        receiver = HttpServer.create(new InetSocketAddress(HERE, 0), 0);
        receiver.createContext("/", exchange -> {
            received.add(exchange.getRequestHeaders().getFirst("Host")
                    + exchange.getRequestURI().getPath());
            boolean moved = exchange.getRequestURI().getPath().equals("/moved");
            if (moved) {
                exchange.getResponseHeaders().add("Location", "http://receiver.example:" + port() + "/elsewhere");
            }
            exchange.sendResponseHeaders(moved ? 307 : 204, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    @Test
    void nameIsLookedUpOnceAndTheJudgedAddressIsConnectedTo() {
        // As one who answers the second look-up with another address: nobody asks a second time.
        ReceiverAddresses addresses = new ReceiverAddresses(
                List.of("127.0.0.0/8"), host -> new InetAddress[] {lookUps.incrementAndGet() == 1 ? HERE : other()});
        try (Delivery delivery = new Delivery(addresses)) {
            assertThat(attempt(delivery, "/hook")).isEmpty();
        }
        assertThat(received).containsExactly("receiver.example:" + port() + "/hook");
        assertThat(lookUps).hasValue(1);
    }

    @Test
    void refusedAddressIsNotConnectedTo() {
        try (Delivery delivery = new Delivery(new ReceiverAddresses(List.of(), host -> new InetAddress[] {HERE}))) {
            assertThat(attempt(delivery, "/hook")).contains("loopback").contains("webhooks.allow");
        }
        assertThat(received).isEmpty();
    }

    @Test
    void redirectIsNotFollowed() {
        ReceiverAddresses addresses = new ReceiverAddresses(List.of("127.0.0.0/8"), host -> new InetAddress[] {HERE});
        try (Delivery delivery = new Delivery(addresses)) {
            assertThat(attempt(delivery, "/moved")).isEqualTo("the receiver answered with status 307");
        }
        assertThat(received).hasSize(1);
    }

    private String attempt(Delivery delivery, String path) {
        Webhook webhook =
                new Webhook("http://receiver.example:" + port() + path, "0123456789abcdef", "", Webhook.CHANGES, null);
        return delivery.attempt("v", "h", webhook, "1", new ArrayList<>(List.of(Change.getDefaultInstance())));
    }

    private int port() {
        return receiver.getAddress().getPort();
    }

    /** Where nobody listens. */
    private static InetAddress other() {
        try {
            return InetAddress.getByName("127.0.0.2");
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}

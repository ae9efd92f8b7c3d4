package io.moorage.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.APIResourceBuilder;
import io.fabric8.kubernetes.api.model.APIResourceListBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.moorage.crds.v1alpha1.Moorage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient
class CheckInstallationMainTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final String LEASE = "/apis/coordination.k8s.io/v1/namespaces/system/leases/moorage";

    KubernetesMockServer server;
    KubernetesClient client;
    private HttpServer operator;
    private volatile int status = 200;

    @BeforeEach
    void operator() throws IOException {
        operator = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        operator.createContext("/readyz", exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        operator.start();
    }

    @AfterEach
    void stop() {
        operator.stop(0);
    }

    @Test
    void everythingHolds() throws InterruptedException {
        served(5);
        lease("moorage-a", NOW.minusSeconds(3));
        assertThat(run()).isZero();
    }

    @Test
    void anOperatorThatIsNotReadyFails() throws InterruptedException {
        served(5);
        lease("moorage-a", NOW.minusSeconds(3));
        status = 503;
        assertThat(problems()).containsExactly("status 503 ");
        assertThat(run()).isOne();
    }

    @Test
    void aLeaseThatNobodyRenewsFails() throws InterruptedException {
        served(5);
        lease("moorage-a", NOW.minusSeconds(16));
        assertThat(problems()).singleElement().asString().startsWith("moorage-a has not renewed it since");
        assertThat(run()).isOne();
    }

    @Test
    void aLeaseThatNobodyHoldsFails() {
        served(5);
        assertThat(problems()).containsExactly("nobody holds it");
    }

    @Test
    void aResourceThatIsNotServedFails() {
        served(4);
        lease("moorage-a", NOW.minusSeconds(3));
        assertThat(problems()).singleElement().asString().contains("charts/moorage/crds");
    }

    private int run() throws InterruptedException {
        return CheckInstallationMain.run(checks(), Duration.ZERO, Duration.ofMillis(1));
    }

    private List<String> problems() {
        return checks().stream()
                .flatMap(check -> {
                    try {
                        return check.probe().problem().stream();
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }

    private List<CheckInstallationMain.Check> checks() {
        URI readiness = URI.create("http://127.0.0.1:" + operator.getAddress().getPort() + "/readyz");
        return CheckInstallationMain.checks(client, readiness, "system", "moorage", InstantSource.fixed(NOW));
    }

    private void served(int count) {
        server.expect()
                .get()
                .withPath("/apis/moorage.io/v1alpha1")
                .andReturn(
                        200,
                        new APIResourceListBuilder()
                                .withResources(Moorage.resources().stream()
                                        .limit(count)
                                        .map(type -> new APIResourceBuilder()
                                                .withName(HasMetadata.getPlural(type))
                                                .build())
                                        .toList())
                                .build())
                .always();
    }

    private void lease(String holder, Instant renewed) {
        server.expect()
                .get()
                .withPath(LEASE)
                .andReturn(
                        200,
                        new LeaseBuilder()
                                .withNewSpec()
                                .withHolderIdentity(holder)
                                .withLeaseDurationSeconds(15)
                                .withRenewTime(renewed.atZone(ZoneOffset.UTC))
                                .endSpec()
                                .build())
                .always();
    }
}

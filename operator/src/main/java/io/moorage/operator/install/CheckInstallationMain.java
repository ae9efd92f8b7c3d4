package io.moorage.operator.install;

import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.moorage.crds.v1alpha1.Moorage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * What {@code helm test} runs: the operator answers at its Service, one of its replicas leads, and the custom resources are served.
 * Arguments: URL of the readiness, namespace and name of the lease. Prints a line for each check; exits with 0 when all hold, with
 * 1 otherwise.
 */
public final class CheckInstallationMain {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** One thing that has to hold. */
    record Check(String name, Probe probe) {}

    /** Empty when it holds, otherwise why not. */
    interface Probe {
        Optional<String> problem() throws IOException, InterruptedException;
    }

    private CheckInstallationMain() {}

    public static void main(String[] args) throws InterruptedException {
        if (args.length != 3) {
            System.err.println("usage: CheckInstallationMain READINESS-URL LEASE-NAMESPACE LEASE-NAME");
            System.exit(64);
        }
        int code;
        try (KubernetesClient client = new KubernetesClientBuilder().build()) {
            code = run(checks(client, URI.create(args[0]), args[1], args[2], InstantSource.system()), PATIENCE, PAUSE);
        }
        System.exit(code);
    }

    static List<Check> checks(
            KubernetesClient client, URI readiness, String namespace, String lease, InstantSource clock) {
        List<Check> checks = new ArrayList<>();
        checks.add(new Check("operator answers at " + readiness, () -> ready(readiness)));
        checks.add(new Check(
                "an operator leads by lease " + namespace + "/" + lease,
                () -> led(client.leases().inNamespace(namespace).withName(lease).get(), clock.instant())));
        for (var type : Moorage.resources()) {
            String plural = HasMetadata.getPlural(type);
            checks.add(new Check(plural + "." + Moorage.GROUP + " are served", () -> served(client, plural)));
        }
        return checks;
    }

    /** @param patience how long all checks together may take until they hold */
    static int run(List<Check> checks, Duration patience, Duration pause) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        int code = 0;
        for (Check check : checks) {
            Optional<String> problem = problem(check);
            while (problem.isPresent() && System.nanoTime() - deadline < 0) {
                LockSupport.parkNanos(pause.toNanos());
                problem = problem(check);
            }
            System.out.println(
                    problem.map(why -> "FAILED " + check.name() + ": " + why).orElse("ok     " + check.name()));
            code = problem.isPresent() ? 1 : code;
        }
        return code;
    }

    private static Optional<String> problem(Check check) throws InterruptedException {
        try {
            return check.probe().problem();
        } catch (IOException | KubernetesClientException e) {
            // Some of them, such as a refused connection, have no message.
            return Optional.of(e.toString());
        }
    }

    private static Optional<String> ready(URI readiness) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(readiness)
                                .timeout(Duration.ofSeconds(5))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() == 200
                ? Optional.empty()
                : Optional.of("status " + answer.statusCode() + " " + answer.body());
    }

    private static Optional<String> served(KubernetesClient client, String plural) {
        APIResourceList resources = client.getApiResources(Moorage.GROUP + "/" + Moorage.VERSION);
        return resources != null
                        && resources.getResources().stream().anyMatch(resource -> plural.equals(resource.getName()))
                ? Optional.empty()
                : Optional.of("the API server does not know them: apply charts/moorage/crds");
    }

    private static Optional<String> led(Lease lease, Instant now) {
        if (lease == null
                || lease.getSpec() == null
                || lease.getSpec().getHolderIdentity() == null
                || lease.getSpec().getHolderIdentity().isEmpty()) {
            return Optional.of("nobody holds it");
        }
        ZonedDateTime renewed = lease.getSpec().getRenewTime();
        Integer seconds = lease.getSpec().getLeaseDurationSeconds();
        boolean lapsed = renewed == null
                || seconds != null && renewed.toInstant().plusSeconds(seconds).isBefore(now);
        return lapsed
                ? Optional.of(lease.getSpec().getHolderIdentity() + " has not renewed it since " + renewed)
                : Optional.empty();
    }
}

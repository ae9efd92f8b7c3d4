package io.moorage.cli.kubernetes.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.moorage.cli.kubernetes.server.Removal;
import io.moorage.cli.process.JavaCommand;
import io.moorage.cli.process.LogTail;
import io.moorage.cli.process.ManagedProcess;
import io.moorage.cli.process.Ports;
import io.moorage.cli.process.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs pods as processes of this machine, each with its own JVM. They outlive this program: what runs is found by its pid file and
 * its record, and taken up again.
 */
public final class Kubelet implements Controller, AutoCloseable {
    /** Of pods: host:port of what they serve. */
    static final String ADDRESS = "moorage.io/service-address";
    /** Of pods of API servers: host:port of S3. */
    private static final String S3_ADDRESS = "moorage.io/s3-address";

    static final String CLUSTER_LABEL = "moorage.io/cluster";

    private static final Logger LOG = LoggerFactory.getLogger(Kubelet.class);
    private static final Duration SHORT_LIFE = Duration.ofMinutes(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final int LAST_WORDS = 3;

    private final Api api;
    private final Path run;
    private final Path configs;
    private final PortPlan ports;
    private final PodConfig config;
    private final PodStatus status;
    private final Slots slots;
    private final Probes probes;
    private final ProcessMarks marks;
    private final IntSupplier heapMiB;
    private final InstantSource clock;
    /** When processes were asked to end, by name. */
    private final Map<String, Instant> asked = new HashMap<>();

    private boolean starting;

    /** @param directory of the cluster: config/ and run/ are in it */
    Kubelet(
            Api api,
            Path directory,
            PortPlan ports,
            Claims claims,
            IntSupplier heapMiB,
            Runnable changed,
            InstantSource clock) {
        this.api = api;
        this.run = directory.resolve("run");
        this.configs = directory.resolve("config");
        this.ports = ports;
        this.config = new PodConfig(api, ports, claims);
        this.status = new PodStatus(api);
        this.slots = new Slots(api);
        this.probes = new Probes(changed);
        this.marks = new ProcessMarks(run);
        this.heapMiB = heapMiB;
        this.clock = clock;
    }

    /** Whether a process runs that does not serve, as of the last round. */
    boolean awaitsStart() {
        return starting;
    }

    /** Name of the process of a pod. */
    static String process(String namespace, String pod) {
        return namespace.equals("default") ? pod : namespace + "." + pod;
    }

    @Override
    public void reconcile() {
        Set<String> wanted = new HashSet<>();
        Set<Integer> served = new HashSet<>();
        starting = false;
        for (ObjectNode pod : api.list("pods")) {
            if (!pod.at("/spec/nodeName").asText().equals(Seeds.NODE)) {
                continue;
            }
            wanted.add(process(Objects.namespace(pod), Objects.name(pod)));
            try {
                reconcile(pod, served);
            } catch (IOException | RuntimeException e) {
                LOG.error("pod {}", Objects.name(pod), e);
                status.waiting(pod, "CreateContainerError", String.valueOf(e.getMessage()), null);
            }
        }
        probes.forgetAllBut(served);
        endOrphans(wanted);
    }

    private void reconcile(ObjectNode pod, Set<Integer> served) throws IOException {
        String name = process(Objects.namespace(pod), Objects.name(pod));
        ManagedProcess process = new ManagedProcess(name, run);
        Optional<PodRecord> record = PodRecord.read(run, name);
        boolean mine =
                record.filter(known -> known.uid().equals(Objects.uid(pod))).isPresent();
        ManagedProcess.State state = process.state();
        if (Objects.isDeleted(pod)) {
            if (state == ManagedProcess.State.ENDED) {
                forget(process);
                api.delete("pods", pod, Removal.NOW);
            } else {
                end(process, pod.at("/metadata/deletionGracePeriodSeconds").asLong());
            }
            return;
        }
        Optional<Program> program = Program.of(pod);
        if (program.isEmpty()) {
            status.waiting(
                    pod,
                    "NotSupported",
                    "a local cluster runs Moorage's own programs only; no container argument names one",
                    null);
            return;
        }
        OptionalInt slot = slots.of(pod, program.get());
        if (slot.isEmpty()) {
            String limit = "all ports are taken, or the claim is missing; a local cluster has room for "
                    + PortPlan.NODES + " storage nodes and " + PortPlan.APIS + " API servers";
            status.waiting(pod, "Unschedulable", limit, null);
            return;
        }
        int port = program.get() == Program.STORAGE_NODE ? ports.services(slot.getAsInt()) : ports.api(slot.getAsInt());
        announce(pod, ADDRESS, address(port));
        if (program.get() == Program.API_SERVER) {
            announce(pod, S3_ADDRESS, address(ports.s3(slot.getAsInt())));
        }
        if (state != ManagedProcess.State.ENDED && !mine) {
            // Of a pod of this name that is gone.
            end(process, pod.at("/spec/terminationGracePeriodSeconds").asLong());
            status.waiting(pod, "ContainerCreating", "the process of the pod before has yet to end", null);
        } else if (state == ManagedProcess.State.RUNNING) {
            served.add(port);
            marks.granted(name);
            boolean serves = probes.serves(program.get(), port, wasReady(pod, record.get()));
            starting |= !serves;
            status.running(pod, record.orElseThrow(), serves);
        } else {
            probes.forget(program.get(), port);
            begin(pod, program.get(), slot.getAsInt(), address(port), process, mine ? record.get() : null, state);
        }
    }

    private static boolean wasReady(ObjectNode pod, PodRecord record) {
        return Objects.isReady(pod)
                && pod.at("/status/containerStatuses/0/state/running/startedAt")
                        .asText()
                        .equals(record.started());
    }

    private static String address(int port) {
        return "127.0.0.1:" + port;
    }

    private void announce(ObjectNode pod, String annotation, String address) {
        if (!pod.at("/metadata/annotations").path(annotation).asText().equals(address)) {
            api.change(
                    "pods",
                    pod,
                    next -> next.withObject("/metadata/annotations").put(annotation, address));
        }
    }

    private void begin(
            ObjectNode pod,
            Program program,
            int slot,
            String address,
            ManagedProcess process,
            PodRecord record,
            ManagedProcess.State state)
            throws IOException {
        if (marks.isStopped(process.name())) {
            status.waiting(pod, "Stopped", "stopped by `moorage node stop`", record);
            return;
        }
        Instant now = clock.instant();
        boolean anew = record == null || marks.isWanted(process.name());
        if (!anew && now.isBefore(Instant.parse(record.started()).plus(pause(record)))) {
            status.waiting(pod, "CrashLoopBackOff", "back-off: " + lastWords(process), record);
            return;
        }
        List<String> taken = Ports.taken(
                program == Program.STORAGE_NODE
                        ? ports.nodePorts(slot, Objects.name(pod))
                        : ports.apiPorts(slot, Objects.name(pod)));
        if (state != ManagedProcess.State.ENDED || !taken.isEmpty()) {
            String why = taken.isEmpty()
                    ? "the process before has yet to end"
                    : "ports are taken: " + String.join(", ", taken);
            status.waiting(pod, "ContainerCreating", why, record);
            return;
        }
        Path file = configs.resolve(process.name() + ".yaml");
        try {
            WholeFile.write(file, config.of(pod, program, slot));
        } catch (PodConfig.Impossible e) {
            status.waiting(pod, "CreateContainerConfigError", e.getMessage(), record);
            return;
        }
        PodRecord next = next(pod, anew ? null : record, address, now);
        next.write(run, process.name());
        marks.granted(process.name());
        process.start(JavaCommand.of(program.mainClass(), process, file, heapMiB.getAsInt()));
        asked.remove(process.name());
        starting = true;
        LOG.info("pod {} started, for the {}. time", Objects.name(pod), next.starts());
        if (next.starts() > 1) {
            api.event(pod, "Warning", "BackOff", "restarted after it had ended: " + lastWords(process));
        }
        api.event(
                pod,
                "Normal",
                "Started",
                "Started container " + pod.at("/spec/containers/0/name").asText());
        status.running(pod, next, false);
    }

    /** @param before null: its starts are counted anew */
    private static PodRecord next(ObjectNode pod, PodRecord before, String address, Instant now) {
        boolean fast = before != null
                && Instant.parse(before.started()).plus(SHORT_LIFE).isAfter(now);
        return new PodRecord(
                Objects.namespace(pod),
                Objects.name(pod),
                Objects.uid(pod),
                before == null ? 1 : before.starts() + 1,
                now.truncatedTo(ChronoUnit.SECONDS).toString(),
                fast ? before.fast() + 1 : 0,
                address);
    }

    /** After the start of one that ended at once; the first time there is next to none. */
    private static Duration pause(PodRecord record) {
        Duration pause = Duration.ofSeconds(1L << Math.min(record.fast(), 6));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private static String lastWords(ManagedProcess process) {
        try {
            List<String> words = LogTail.of(process.outputFile(), LAST_WORDS);
            return words.isEmpty() ? "its log says why" : String.join(" ", words);
        } catch (IOException e) {
            return "its log cannot be read";
        }
    }

    private void end(ManagedProcess process, long graceSeconds) throws IOException {
        Instant now = clock.instant();
        Instant since = asked.get(process.name());
        if (since == null) {
            asked.put(process.name(), now);
            process.signal(graceSeconds == 0 ? "KILL" : "TERM");
        } else if (now.isAfter(since.plusSeconds(graceSeconds))) {
            process.signal("KILL");
        }
    }

    /** Processes of pods that are gone without having waited for them. */
    private void endOrphans(Set<String> wanted) {
        try {
            for (String name : PodRecord.all(run)) {
                if (!wanted.contains(name)) {
                    ManagedProcess process = new ManagedProcess(name, run);
                    if (process.state() == ManagedProcess.State.ENDED) {
                        forget(process);
                    } else {
                        end(process, 30);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void forget(ManagedProcess process) throws IOException {
        PodRecord.delete(run, process.name());
        marks.forget(process.name());
        process.forget();
        asked.remove(process.name());
    }

    @Override
    public void close() {
        probes.close();
    }
}

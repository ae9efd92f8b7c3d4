package io.moorage.it.nemesis;

import io.moorage.it.nemesis.check.Anomaly;
import io.moorage.it.nemesis.workload.Workload;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The clients at work: a thread each, with a short rest after every operation. */
public final class Crew {
    private static final int REST_MS = 60;
    private static final long END_MS = 60_000;

    private final List<Thread> threads = new ArrayList<>();
    private final List<Anomaly> failures = new CopyOnWriteArrayList<>();
    private volatile boolean stopped;

    public Crew(List<Workload> workloads, long seed) {
        SplittableRandom seeds = new SplittableRandom(seed);
        for (Workload workload : workloads) {
            for (int client = 0; client < workload.clients(); client++) {
                int number = client;
                SplittableRandom random = seeds.split();
                Thread thread = new Thread(() -> work(workload, number, random), workload.name() + "-" + client);
                thread.setDaemon(true);
                threads.add(thread);
                thread.start();
            }
        }
    }

    private void work(Workload workload, int client, SplittableRandom random) {
        while (!stopped) {
            try {
                workload.step(client, random);
            } catch (Exception e) {
                StringWriter trace = new StringWriter();
                e.printStackTrace(new PrintWriter(trace));
                failures.add(new Anomaly(workload.name(), "a client failed with " + e, trace.toString()));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(REST_MS)));
        }
    }

    /** Lets everybody end what they are at. @return what failed otherwise than the client library promises */
    public List<Anomaly> stop() throws InterruptedException {
        stopped = true;
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_MS);
        for (Thread thread : threads) {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime())));
            if (thread.isAlive()) {
                failures.add(
                        new Anomaly(thread.getName(), "a call does not end", List.of(thread.getStackTrace()) + ""));
            }
        }
        return List.copyOf(failures);
    }
}

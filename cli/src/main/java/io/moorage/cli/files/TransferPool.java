package io.moorage.cli.files;

import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Some transfers at a time, and a short queue. A file that fails is reported, and the others go on; what would fail all of them
 * (no cluster, no space, no volume) ends it.
 */
final class TransferPool implements AutoCloseable {
    private static final int QUEUED_PER_JOB = 4;

    /** One transfer. */
    @FunctionalInterface
    interface Task {
        void run() throws IOException;
    }

    private final ExecutorService executor;
    private final Semaphore room;
    private final int capacity;
    private final TransferReport report;
    private final AtomicReference<Failure> fatal = new AtomicReference<>();

    TransferPool(int jobs, TransferReport report) {
        this.executor = Executors.newFixedThreadPool(jobs);
        this.capacity = jobs * QUEUED_PER_JOB;
        this.room = new Semaphore(capacity);
        this.report = report;
    }

    /** Waits while the queue is full. @throws Failure if it makes no sense to go on */
    void submit(String what, Task task) {
        acquire(1);
        if (fatal.get() != null) {
            room.release();
            throw fatal.get();
        }
        executor.execute(() -> {
            try {
                if (fatal.get() == null) {
                    run(what, task);
                }
            } finally {
                room.release();
            }
        });
    }

    /** Waits for all that was submitted. @throws Failure if it made no sense to go on */
    void finish() {
        acquire(capacity);
        room.release(capacity);
        if (fatal.get() != null) {
            throw fatal.get();
        }
    }

    private void acquire(int permits) {
        try {
            room.acquire(permits);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.of(ExitCode.FAILED, "interrupted", e);
        }
    }

    /** Runs it here and now. @throws Failure if it makes no sense to go on */
    void run(String what, Task task) {
        Failure failure;
        try {
            task.run();
            return;
        } catch (Failure e) {
            failure = e;
        } catch (IOException e) {
            failure = Failure.of(ExitCode.FAILED, words(e), e);
        } catch (UncheckedIOException e) {
            failure = Failure.of(ExitCode.FAILED, words(e.getCause()), e);
        } catch (RuntimeException e) {
            failure = Failure.of(ExitCode.FAILED, e.toString(), e);
        }
        boolean hopeless = failure.exitCode() == ExitCode.UNAVAILABLE
                || failure.exitCode() == ExitCode.NO_SPACE
                || failure.problem().equals("volume-not-found");
        if (hopeless) {
            fatal.compareAndSet(null, failure);
        } else {
            report.failed(what, failure);
        }
    }

    private static String words(IOException e) {
        if (e instanceof FileSystemException file) {
            String reason = file.getReason();
            String kind = e.getClass().getSimpleName().replaceAll("Exception$", "");
            return (reason == null ? kind : reason) + ": " + file.getFile();
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}

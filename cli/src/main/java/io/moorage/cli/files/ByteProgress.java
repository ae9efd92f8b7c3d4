package io.moorage.cli.files;

import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows bytes, rate and time left on a terminal; nothing elsewhere. Thread-safe. */
public final class ByteProgress implements AutoCloseable {
    private static final long MIB = 1024 * 1024;

    private final ProgressBar bar;

    /** @param visible whether anybody looks */
    public ByteProgress(String task, boolean visible) {
        bar = visible
                ? new ProgressBarBuilder()
                        .setTaskName(task)
                        .setInitialMax(0)
                        .setUnit(" MiB", MIB)
                        .setStyle(ProgressBarStyle.ASCII)
                        .showSpeed()
                        .setUpdateIntervalMillis(200)
                        .build()
                : null;
    }

    void expect(long bytes, boolean again) {
        if (bar != null && bytes > 0 && !again) {
            synchronized (bar) {
                bar.maxHint(bar.getMax() + bytes);
            }
        }
    }

    void add(long bytes) {
        if (bar != null) {
            bar.stepBy(bytes);
        }
    }

    /** Counts the bytes of a body as they are taken. */
    HttpRequest.BodyPublisher publishing(HttpRequest.BodyPublisher body, long size) {
        expect(size, false);
        if (bar == null || size == 0) {
            return body;
        }
        return HttpRequest.BodyPublishers.fromPublisher(subscriber -> body.subscribe(new Counting(subscriber)), size);
    }

    private final class Counting implements Flow.Subscriber<ByteBuffer> {
        private final Flow.Subscriber<? super ByteBuffer> to;

        Counting(Flow.Subscriber<? super ByteBuffer> to) {
            this.to = to;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            to.onSubscribe(subscription);
        }

        @Override
        public void onNext(ByteBuffer bytes) {
            add(bytes.remaining());
            to.onNext(bytes);
        }

        @Override
        public void onError(Throwable failure) {
            to.onError(failure);
        }

        @Override
        public void onComplete() {
            to.onComplete();
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}

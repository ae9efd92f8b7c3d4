package io.moorage.cli.rest;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.function.LongConsumer;

/** Tells of bytes as they are taken. */
public final class CountingPublisher implements BodyPublisher {
    private final BodyPublisher from;
    private final LongConsumer taken;

    public CountingPublisher(BodyPublisher from, LongConsumer taken) {
        this.from = from;
        this.taken = taken;
    }

    @Override
    public long contentLength() {
        return from.contentLength();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> to) {
        from.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                to.onSubscribe(subscription);
            }

            @Override
            public void onNext(ByteBuffer bytes) {
                taken.accept(bytes.remaining());
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
        });
    }
}

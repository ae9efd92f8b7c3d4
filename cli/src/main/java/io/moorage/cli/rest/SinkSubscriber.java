package io.moorage.cli.rest;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Hands a body on as it comes, and asks for more when that is dealt with. */
public final class SinkSubscriber implements BodySubscriber<Void> {

    /** Where bytes go. */
    @FunctionalInterface
    public interface Sink {
        /** Takes all of it. */
        void write(ByteBuffer bytes) throws IOException;
    }

    /** This side could not take the bytes: trying again is no remedy. */
    public static final class SinkException extends IOException {
        private static final long serialVersionUID = 1L;

        SinkException(IOException cause) {
            super(cause.getMessage(), cause);
        }

        @Override
        public synchronized IOException getCause() {
            return (IOException) super.getCause();
        }
    }

    private final Sink sink;
    private final Activity activity;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private Flow.Subscription subscription;

    public SinkSubscriber(Sink sink, Activity activity) {
        this.sink = sink;
        this.activity = activity;
    }

    @Override
    public CompletionStage<Void> getBody() {
        return done;
    }

    @Override
    public void onSubscribe(Flow.Subscription s) {
        subscription = s;
        s.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        activity.busy();
        try {
            for (ByteBuffer buffer : buffers) {
                int size = buffer.remaining();
                sink.write(buffer);
                activity.moved(size);
            }
        } catch (IOException e) {
            subscription.cancel();
            done.completeExceptionally(new SinkException(e));
            return;
        } catch (RuntimeException e) {
            subscription.cancel();
            done.completeExceptionally(e);
            return;
        } finally {
            activity.idle();
        }
        subscription.request(1);
    }

    @Override
    public void onError(Throwable failure) {
        done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        done.complete(null);
    }
}

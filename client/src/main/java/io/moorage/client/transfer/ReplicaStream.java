package io.moorage.client.transfer;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.moorage.client.wire.CallErrors;
import io.moorage.protocol.v1.ErrorDetail;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.WriteExtentRequest;
import io.moorage.protocol.v1.WriteExtentResponse;

/** The stream of one upload to one replica. All state is guarded by the upload, which is woken at every change. */
final class ReplicaStream implements ClientResponseObserver<WriteExtentRequest, WriteExtentResponse> {
    private final ExtentUpload upload;
    private final Member member;
    private ClientCallStreamObserver<WriteExtentRequest> call;
    private ErrorDetail failure;
    private boolean ended;

    ReplicaStream(ExtentUpload upload, Member member) {
        this.upload = upload;
        this.member = member;
    }

    Member member() {
        return member;
    }

    boolean alive() {
        return failure == null;
    }

    boolean ready() {
        return call != null && call.isReady();
    }

    /** Null: it is alive. */
    ErrorDetail failure() {
        return failure;
    }

    void send(WriteExtentRequest request) {
        call.onNext(request);
    }

    void end() {
        if (alive() && !ended) {
            ended = true;
            call.onCompleted();
        }
    }

    void drop(ErrorDetail why) {
        if (alive()) {
            failure = why;
            if (call != null && !ended) {
                call.cancel(why.getMessage(), null);
            }
        }
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<WriteExtentRequest> stream) {
        call = stream;
        stream.setOnReadyHandler(upload::wake);
    }

    @Override
    public void onNext(WriteExtentResponse response) {
        if (response.getOpenedAtMs() != 0) {
            upload.opened(response.getOpenedAtMs());
        } else {
            upload.acknowledged(response.getIdHigh(), response.getIdLow());
        }
    }

    @Override
    public void onError(Throwable thrown) {
        upload.failed(this, CallErrors.detail(thrown));
    }

    @Override
    public void onCompleted() {
        upload.wake();
    }

    void markFailed(ErrorDetail why) {
        if (failure == null) {
            failure = why;
        }
    }
}

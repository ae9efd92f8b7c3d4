package io.moorage.api.s3.exchange;

import io.javalin.http.Context;
import io.moorage.api.http.PacedInputStream;
import io.moorage.api.s3.auth.Authentication;
import io.moorage.api.s3.auth.Caller;
import io.moorage.api.s3.body.ChecksumAlgorithm;
import io.moorage.api.s3.body.UploadBody;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.Operation;
import io.moorage.api.s3.request.RequestHead;
import io.moorage.api.s3.request.Target;
import io.moorage.api.s3.xml.XmlDocument;
import io.moorage.client.CallOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** One request and its answer. Not thread-safe. */
public final class S3Exchange {
    private final Context context;
    private final String requestId;
    private final RequestHead head;
    private final Target target;
    private final Operation operation;
    private final Authentication authentication;
    private final int minBytesPerSecond;

    public S3Exchange(
            Context context,
            String requestId,
            RequestHead head,
            Target target,
            Operation operation,
            Authentication authentication,
            int minBytesPerSecond) {
        this.context = context;
        this.requestId = requestId;
        this.head = head;
        this.target = target;
        this.operation = operation;
        this.authentication = authentication;
        this.minBytesPerSecond = minBytesPerSecond;
    }

    public Context context() {
        return context;
    }

    public String requestId() {
        return requestId;
    }

    public RequestHead head() {
        return head;
    }

    public Target target() {
        return target;
    }

    public String key() {
        return target.key();
    }

    public Operation operation() {
        return operation;
    }

    public Authentication authentication() {
        return authentication;
    }

    public String user() {
        return authentication.caller().user();
    }

    /** How calls of the cluster are made. */
    public CallOptions call() {
        return CallOptions.DEFAULT;
    }

    public Optional<String> header(String name) {
        return head.headers().first(name);
    }

    public Optional<String> query(String name) {
        return head.query().first(name);
    }

    /** The same request, once it is known from its body who sent it and what it is about. */
    public S3Exchange as(Caller caller, Target named) {
        return new S3Exchange(
                context,
                requestId,
                head,
                named,
                operation,
                new Authentication(caller, false, authentication.payload()),
                minBytesPerSecond);
    }

    /** The body of the connection as it comes. */
    public InputStream raw() throws IOException {
        return new PacedInputStream(context.req().getInputStream(), minBytesPerSecond);
    }

    /** The body of the connection, decoded and verified while it is read. */
    public UploadBody upload(Optional<ChecksumAlgorithm> otherwise) throws IOException {
        return UploadBody.open(raw(), head.headers(), authentication.payload(), otherwise);
    }

    /**
     * A whole short body, verified.
     *
     * @param max bytes
     * @throws S3Exception MaxMessageLengthExceeded
     */
    public byte[] document(int max) throws IOException {
        try (UploadBody body = upload(Optional.empty())) {
            byte[] bytes = body.readNBytes(max + 1);
            if (bytes.length > max) {
                throw new S3Exception(S3ErrorCode.MAX_MESSAGE_LENGTH_EXCEEDED)
                        .with("MaxMessageLengthBytes", Integer.toString(max));
            }
            body.digests();
            return bytes;
        }
    }

    /** One more header of the answer. */
    public S3Exchange answer(String header, String value) {
        context.header(header, value);
        return this;
    }

    /** Ends without a body. */
    public void answer(int status) {
        context.status(status);
    }

    /** Ends with an XML document. */
    public void answer(int status, XmlDocument document) {
        context.status(status);
        context.contentType(XmlDocument.CONTENT_TYPE);
        context.result(document.bytes());
    }

    /** Ends with an XML document that was kept. */
    public void answer(int status, String document) {
        context.status(status);
        context.contentType(XmlDocument.CONTENT_TYPE);
        context.result(document);
    }
}

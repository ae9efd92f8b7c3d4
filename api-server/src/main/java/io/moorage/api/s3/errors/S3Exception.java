package io.moorage.api.s3.errors;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A request is answered with an error of S3. Not thread-safe while it is being filled. */
public final class S3Exception extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final S3ErrorCode code;
    private final transient Map<String, String> elements = new LinkedHashMap<>();
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    /** With AWS's own message. */
    public S3Exception(S3ErrorCode code) {
        this(code, code.message());
    }

    /** @param message what is wrong, with which value, and what helps */
    public S3Exception(S3ErrorCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** InvalidArgument the way AWS words it: with the name and the value of the argument. */
    public static S3Exception invalidArgument(String message, String name, String value) {
        return new S3Exception(S3ErrorCode.INVALID_ARGUMENT, message)
                .with("ArgumentName", name)
                .with("ArgumentValue", value);
    }

    /** NotImplemented, naming what is not. */
    public static S3Exception notImplemented(String message) {
        return new S3Exception(S3ErrorCode.NOT_IMPLEMENTED, message);
    }

    /** One more element of the error document. */
    public S3Exception with(String element, String value) {
        elements.put(element, value);
        return this;
    }

    /** One more header of the answer. */
    public S3Exception header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** What is wrong, in S3's words. */
    public S3ErrorCode code() {
        return code;
    }

    /** Elements beside code, message, resource and ids, in order. */
    public Map<String, String> elements() {
        return Collections.unmodifiableMap(elements);
    }

    /** Headers of the answer, in order. */
    public Map<String, String> headers() {
        return Collections.unmodifiableMap(headers);
    }
}

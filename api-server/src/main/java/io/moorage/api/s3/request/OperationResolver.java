package io.moorage.api.s3.request;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.Operation.Level;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which operation a request is, by method, target, query and headers alone. */
public final class OperationResolver {
    private static final String COPY_SOURCE = "x-amz-copy-source";

    private record Selector(String method, Level level, String subresource) {}

    private static final Map<Selector, Operation> BY_SELECTOR = new HashMap<>();
    private static final Map<Level, Set<String>> SUBRESOURCES;

    static {
        for (Operation operation : Operation.values()) {
            // Of PutObject and CopyObject, the first is meant by the selector.
            BY_SELECTOR.putIfAbsent(
                    new Selector(operation.method(), operation.level(), operation.subresource()), operation);
        }
        SUBRESOURCES = Arrays.stream(Operation.values())
                .filter(operation -> !operation.subresource().isEmpty())
                .collect(Collectors.groupingBy(
                        Operation::level, Collectors.mapping(Operation::subresource, Collectors.toSet())));
    }

    private OperationResolver() {}

    /**
     * Parameters that S3 does not know are ignored, as S3 does.
     *
     * @throws S3Exception InvalidArgument when two subresources are asked for at once; MethodNotAllowed when the method does not
     *     go with the subresource or the target
     */
    public static Operation resolve(RequestHead head, Target target) {
        Level level = target.isObject() ? Level.OBJECT : target.isBucket() ? Level.BUCKET : Level.SERVICE;
        String subresource = subresource(head, level);
        if (head.method().equals("OPTIONS")) {
            return level == Level.OBJECT ? Operation.OPTIONS_OBJECT : Operation.OPTIONS_BUCKET;
        }
        Operation operation = BY_SELECTOR.get(new Selector(head.method(), level, subresource));
        if (operation == null && head.method().equals("HEAD")) {
            // HEAD of a subresource is answered as HEAD of what it belongs to.
            operation = BY_SELECTOR.get(new Selector("HEAD", level, ""));
        }
        if (operation == null || operation == Operation.WRITE_GET_OBJECT_RESPONSE) {
            throw new S3Exception(S3ErrorCode.METHOD_NOT_ALLOWED)
                    .with("Method", head.method())
                    .with(
                            "ResourceType",
                            subresource.isEmpty() ? level.name() : subresource.toUpperCase(java.util.Locale.ROOT));
        }
        boolean copies = head.headers().has(COPY_SOURCE);
        return switch (operation) {
            case PUT_OBJECT -> copies ? Operation.COPY_OBJECT : operation;
            case UPLOAD_PART -> copies ? Operation.UPLOAD_PART_COPY : operation;
            default -> operation;
        };
    }

    private static String subresource(RequestHead head, Level level) {
        Set<String> known = SUBRESOURCES.getOrDefault(level, Set.of());
        List<String> asked = head.query().parameters().stream()
                .map(Query.Parameter::name)
                .filter(known::contains)
                .distinct()
                .toList();
        if (asked.size() > 1) {
            throw S3Exception.invalidArgument(
                    "Conflicting query string parameters: " + String.join(", ", asked), "ResourceType", asked.get(0));
        }
        if (asked.isEmpty()) {
            // Part numbers without an upload are the handler's to refuse, the old name of a completion its to allow.
            boolean part = level == Level.OBJECT
                    && head.query().has("partNumber")
                    && head.method().equals("PUT");
            boolean complete = level == Level.OBJECT
                    && head.query().has("complete")
                    && head.method().equals("POST");
            return part || complete ? "uploadId" : "";
        }
        return asked.get(0).equals("list-type")
                        && !head.query().first("list-type").orElse("").equals("2")
                ? ""
                : asked.get(0);
    }
}

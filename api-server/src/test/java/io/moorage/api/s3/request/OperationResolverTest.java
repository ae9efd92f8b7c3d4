package io.moorage.api.s3.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OperationResolverTest {
    private static Operation resolve(String method, String path, String query, String... headers) {
        RequestHead head = RequestHead.of(method, path, query, Headers.of(headers), Instant.EPOCH);
        return OperationResolver.resolve(head, Target.parse(path, "", "", java.util.List.of()));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WRITE_GET_OBJECT_RESPONSE")
    void everyOperationIsReached(Operation operation) {
        String path = switch (operation.level()) {
            case SERVICE -> "/";
            case BUCKET -> "/b";
            case OBJECT -> "/b/k";
        };
        String query = operation.subresource().equals("list-type") ? "list-type=2" : operation.subresource();
        boolean copies = operation == Operation.COPY_OBJECT || operation == Operation.UPLOAD_PART_COPY;
        assertThat(
                        copies
                                ? resolve(operation.method(), path, query, "X-Amz-Copy-Source", "/a/b")
                                : resolve(operation.method(), path, query))
                .isEqualTo(operation);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /b, prefix=a&unknown=1, LIST_OBJECTS",
        "GET, /b, list-type=1, LIST_OBJECTS",
        "GET, /b/k, versionId=3&x-id=GetObject, GET_OBJECT",
        "GET, /b/k, partNumber=2, GET_OBJECT",
        "PUT, /b/k, partNumber=2, UPLOAD_PART",
        "POST, /b/k, complete, COMPLETE_MULTIPART_UPLOAD",
        "PUT, /b/k, uploadId=a&partNumber=1, UPLOAD_PART",
        "GET, /b/k, uploadId=a, LIST_PARTS",
        "HEAD, /b/k, acl, HEAD_OBJECT",
        "GET, /b/k, versioning, GET_OBJECT",
        "POST, /b, '', POST_OBJECT",
    })
    void ofParametersThatOperationsShare(String method, String path, String query, Operation expected) {
        assertThat(resolve(method, path, query)).isEqualTo(expected);
    }

    @Test
    void refusals() {
        assertThat(catchThrowableOfType(S3Exception.class, () -> resolve("GET", "/b", "acl&tagging")))
                .hasMessage("Conflicting query string parameters: acl, tagging")
                .extracting(S3Exception::code)
                .isEqualTo(S3ErrorCode.INVALID_ARGUMENT);
        for (String[] request : new String[][] {
            {"PATCH", "/b/k", ""}, {"DELETE", "/", ""}, {"POST", "/", ""}, {"DELETE", "/b", "acl"}, {"POST", "/b/k", ""}
        }) {
            assertThat(catchThrowableOfType(S3Exception.class, () -> resolve(request[0], request[1], request[2]))
                            .code())
                    .as(String.join(" ", request))
                    .isEqualTo(S3ErrorCode.METHOD_NOT_ALLOWED);
        }
    }

    @Test
    void actionsAndTitles() {
        assertThat(Operation.GET_OBJECT.action(false)).isEqualTo("s3:GetObject");
        assertThat(Operation.GET_OBJECT.action(true)).isEqualTo("s3:GetObjectVersion");
        assertThat(Operation.PUT_OBJECT_TAGGING.action(true)).isEqualTo("s3:PutObjectVersionTagging");
        assertThat(Operation.PUT_OBJECT.action(true)).isEqualTo("s3:PutObject");
        assertThat(Operation.GET_OBJECT_LEGAL_HOLD.title()).isEqualTo("GetObjectLegalHold");
    }
}

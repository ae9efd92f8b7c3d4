package io.moorage.api.s3.xml;

import io.moorage.api.s3.errors.S3Exception;

/** Error. */
public final class ErrorDocument {
    private ErrorDocument() {}

    /**
     * @param resource the path that was asked for
     * @param requestId x-amz-request-id
     * @param hostId x-amz-id-2
     */
    public static XmlDocument of(S3Exception error, String resource, String requestId, String hostId) {
        return xml -> xml.element("Error", () -> {
            xml.text("Code", error.code().code());
            xml.text("Message", error.getMessage());
            error.elements().forEach(xml::text);
            xml.text("Resource", resource);
            xml.text("RequestId", requestId);
            xml.text("HostId", hostId);
        });
    }
}

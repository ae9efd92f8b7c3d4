package io.moorage.api.s3.xml;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A document of an answer. */
@FunctionalInterface
public interface XmlDocument {
    /** Its content type. */
    String CONTENT_TYPE = "application/xml";

    /** Writes its elements, from the outermost on. */
    void write(XmlWriter xml);

    /** Streams it, in UTF-8; does not close the stream. */
    default void writeTo(OutputStream out) throws IOException {
        XmlWriter.write(this, out);
    }

    /** The whole of it; for documents that are small, or bounded like one page of a list. */
    default byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try {
            writeTo(out);
        } catch (IOException e) {
            throw new IllegalStateException("memory is never unwritable", e);
        }
        return out.toByteArray();
    }
}

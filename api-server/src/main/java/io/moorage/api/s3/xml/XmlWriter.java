package io.moorage.api.s3.xml;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes elements as a stream. Not thread-safe. */
public final class XmlWriter {
    private static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
    private static final XMLOutputFactory FACTORY = XMLOutputFactory.newDefaultFactory();

    private final XMLStreamWriter out;

    private XmlWriter(XMLStreamWriter out) {
        this.out = out;
    }

    static void write(XmlDocument document, OutputStream stream) throws IOException {
        // Between writer and stream, so that the stream writer sees no encoder, which it would ask about half
        // characters.
        BufferedWriter buffered = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
        try {
            XMLStreamWriter xml;
            synchronized (FACTORY) {
                xml = FACTORY.createXMLStreamWriter(buffered);
            }
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            document.write(new XmlWriter(xml));
            xml.writeEndDocument();
            xml.flush();
        } catch (XMLStreamException e) {
            throw asIo(e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        buffered.flush();
    }

    /** The outermost element, in S3's namespace. */
    public void root(String name, Runnable content) {
        run(() -> {
            out.writeStartElement(name);
            out.writeDefaultNamespace(NAMESPACE);
            content.run();
            out.writeEndElement();
        });
    }

    /** An element with elements in it. */
    public void element(String name, Runnable content) {
        run(() -> {
            out.writeStartElement(name);
            content.run();
            out.writeEndElement();
        });
    }

    /** An element of an XML Schema type, as the grantee of a grant. */
    void typed(String name, String type, Runnable content) {
        run(() -> {
            out.writeStartElement(name);
            out.writeNamespace("xsi", "http://www.w3.org/2001/XMLSchema-instance");
            out.writeAttribute("xsi", "http://www.w3.org/2001/XMLSchema-instance", "type", type);
            content.run();
            out.writeEndElement();
        });
    }

    /** An element with text; what XML 1.0 cannot hold is written as a reference, as AWS does. */
    public void text(String name, Object value) {
        run(() -> {
            out.writeStartElement(name);
            characters(value.toString());
            out.writeEndElement();
        });
    }

    /** The same, if there is a value. */
    public void optional(String name, Optional<?> value) {
        value.ifPresent(present -> text(name, present));
    }

    /** Text right in the element that was begun. */
    void characterData(String text) {
        run(() -> characters(text));
    }

    private void characters(String text) throws XMLStreamException {
        int plain = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // A carriage return would be read as a line feed.
            if (c < ' ' && c != '\t' && c != '\n' || c >= '\uFFFE') {
                out.writeCharacters(text.substring(plain, i));
                out.writeEntityRef("#x" + Integer.toHexString(c).toUpperCase(Locale.ROOT));
                plain = i + 1;
            }
        }
        out.writeCharacters(text.substring(plain));
    }

    /** What writes elements. */
    private interface Writing {
        void run() throws XMLStreamException;
    }

    private static void run(Writing writing) {
        try {
            writing.run();
        } catch (XMLStreamException e) {
            throw new UncheckedIOException(asIo(e));
        }
    }

    private static IOException asIo(XMLStreamException e) {
        return e.getNestedException() instanceof IOException io ? io : new IOException(e);
    }
}

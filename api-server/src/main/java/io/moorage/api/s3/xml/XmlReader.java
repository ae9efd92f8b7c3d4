package io.moorage.api.s3.xml;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.HttpDates;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads a document in UTF-8 from beginning to end, without keeping it. No document type, no entity but the five of XML; its size and depth
 * are bounded. What does not fit is MalformedXML. Not thread-safe.
 */
final class XmlReader {
    /** Octets of a document: a completion of 10,000 parts with checksums has a quarter of it. */
    static final int MAX_OCTETS = 8 << 20;

    private static final int MAX_DEPTH = 12;
    private static final int BYTE_ORDER_MARK = 0xFEFF;
    private static final XMLInputFactory FACTORY = factory();

    private final XMLStreamReader in;
    private int depth;

    private XmlReader(XMLStreamReader in) {
        this.in = in;
    }

    private static XMLInputFactory factory() {
        // The JDK's own, whatever else may be on the class path.
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    /**
     * @param body read to its end, so that its digests are verified as well
     * @param root the name that the outermost element must have
     * @param content reads what is in it
     * @throws S3Exception MalformedXML, MissingRequestBodyError, MaxMessageLengthExceeded
     */
    static <T> T read(InputStream body, String root, Function<XmlReader, T> content) throws IOException {
        BoundedInputStream bounded = new BoundedInputStream(body);
        try {
            Reader characters = characters(bounded);
            XMLStreamReader stream;
            synchronized (FACTORY) {
                stream = FACTORY.createXMLStreamReader(characters);
            }
            XmlReader reader = new XmlReader(stream);
            if (!reader.next(XMLStreamConstants.START_ELEMENT)
                    || !stream.getLocalName().equals(root)) {
                throw malformed("its root must be " + root);
            }
            T read = content.apply(reader);
            while (stream.hasNext()) {
                reader.refuse(stream.next());
            }
            bounded.drain();
            return read;
        } catch (XMLStreamException e) {
            Optional<IOException> broken = connectionBroken(e);
            if (broken.isPresent()) {
                throw broken.get();
            }
            throw new S3Exception(S3ErrorCode.MALFORMED_XML);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (CharacterCodingException e) {
            throw malformed("it is not UTF-8");
        }
    }

    /** Decoded here, since the parser would report what is no UTF-8 on the standard error output. */
    private static Reader characters(InputStream octets) throws IOException {
        PushbackReader characters = new PushbackReader(new InputStreamReader(
                octets,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
        int first = characters.read();
        if (first < 0) {
            throw new S3Exception(S3ErrorCode.MISSING_REQUEST_BODY);
        }
        if (first != BYTE_ORDER_MARK) {
            characters.unread(first);
        }
        return characters;
    }

    /** MalformedXML, saying why. */
    static S3Exception malformed(String why) {
        return new S3Exception(S3ErrorCode.MALFORMED_XML, S3ErrorCode.MALFORMED_XML.message() + ": " + why + ".");
    }

    /** For an element that does not belong there. */
    static S3Exception unknown(String element) {
        return malformed("element " + element + " is not expected here");
    }

    /** Calls for each element within the one that was just begun, with its name. What is not read of it is skipped. */
    void children(Consumer<String> child) {
        int parent = depth;
        while (true) {
            int event = event();
            if (event == XMLStreamConstants.END_ELEMENT) {
                depth--;
                return;
            }
            if (event == XMLStreamConstants.START_ELEMENT) {
                if (++depth > MAX_DEPTH) {
                    throw malformed("elements are nested deeper than " + MAX_DEPTH);
                }
                child.accept(in.getLocalName());
                while (depth > parent) {
                    skipOne();
                }
            } else if (event == XMLStreamConstants.CHARACTERS && !in.isWhiteSpace()) {
                throw malformed("there is text between elements");
            }
        }
    }

    /** The text of the element that was just begun; it must have no elements. */
    String text() {
        StringBuilder text = new StringBuilder();
        while (true) {
            int event = event();
            switch (event) {
                case XMLStreamConstants.END_ELEMENT -> {
                    depth--;
                    return text.toString();
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
                    text.append(in.getText());
                case XMLStreamConstants.START_ELEMENT -> throw unknown(in.getLocalName());
                default -> {}
            }
        }
    }

    /** The value of an attribute of the element that was just begun, by its local name; empty: none. */
    String attribute(String localName) {
        for (int i = 0; i < in.getAttributeCount(); i++) {
            if (in.getAttributeLocalName(i).equals(localName)) {
                return in.getAttributeValue(i);
            }
        }
        return "";
    }

    /** A whole number. */
    int integer(String element) {
        String text = text().trim();
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw malformed(element + " '" + text + "' must be a whole number");
        }
    }

    /** A number of bytes. */
    long size(String element) {
        String text = text().trim();
        if (!text.matches("\\d{1,18}")) {
            throw malformed(element + " '" + text + "' must be a number of bytes");
        }
        return Long.parseLong(text);
    }

    /** true or false, in any case. */
    boolean bool(String element) {
        String text = text().trim();
        if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
            throw malformed(element + " '" + text + "' must be true or false");
        }
        return text.equalsIgnoreCase("true");
    }

    /** ISO 8601. */
    Instant date(String element) {
        String text = text().trim();
        return HttpDates.parse(text)
                .or(() -> HttpDates.parse(text + "T00:00:00Z"))
                .orElseThrow(() -> malformed(element + " '" + text + "' must be a date of ISO 8601"));
    }

    /** One of the values of an enum, as it is spelled. */
    <E extends Enum<E>> E oneOf(String element, Class<E> values) {
        String text = text().trim();
        for (E value : values.getEnumConstants()) {
            if (value.name().equals(text)) {
                return value;
            }
        }
        throw malformed(
                element + " '" + text + "' must be one of " + java.util.Arrays.toString(values.getEnumConstants()));
    }

    private void skipOne() {
        int event = event();
        if (event == XMLStreamConstants.START_ELEMENT) {
            if (++depth > MAX_DEPTH) {
                throw malformed("elements are nested deeper than " + MAX_DEPTH);
            }
        } else if (event == XMLStreamConstants.END_ELEMENT) {
            depth--;
        }
    }

    private boolean next(int wanted) throws XMLStreamException {
        while (in.hasNext()) {
            int event = in.next();
            refuse(event);
            if (event == wanted) {
                return true;
            }
        }
        return false;
    }

    private int event() {
        try {
            int event = in.next();
            refuse(event);
            return event;
        } catch (XMLStreamException e) {
            connectionBroken(e).ifPresent(cause -> {
                throw new UncheckedIOException(cause);
            });
            throw new S3Exception(S3ErrorCode.MALFORMED_XML);
        }
    }

    /** What is no fault of the document. */
    private static Optional<IOException> connectionBroken(XMLStreamException e) {
        return e.getNestedException() instanceof IOException cause && !(cause instanceof CharacterCodingException)
                ? Optional.of(cause)
                : Optional.empty();
    }

    private void refuse(int event) {
        if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE) {
            throw malformed("document types and entities are not allowed");
        }
    }

    /** Counts, and stops where a document must have ended. */
    private static final class BoundedInputStream extends FilterInputStream {
        private long count;

        BoundedInputStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = in.read(bytes, offset, length);
            count += Math.max(0, n);
            if (count > MAX_OCTETS) {
                throw new S3Exception(
                                S3ErrorCode.MAX_MESSAGE_LENGTH_EXCEEDED,
                                "Your request was too big: a document has at most " + MAX_OCTETS + " bytes.")
                        .with("MaxMessageLengthBytes", Integer.toString(MAX_OCTETS));
            }
            return n;
        }

        void drain() throws IOException {
            byte[] rest = new byte[1024];
            while (read(rest, 0, rest.length) >= 0) {
                // The parser stops at the end of the root; digests are verified at the end of the body.
            }
        }
    }
}

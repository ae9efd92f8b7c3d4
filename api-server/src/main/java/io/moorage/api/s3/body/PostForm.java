package io.moorage.api.s3.body;

import io.moorage.api.http.BulkInputStream;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;

/**
 * A form with a file (RFC 7578; Amazon S3 API reference, "POST Object"), read as a stream: the fields before the file are there at
 * once, the file is what this stream gives. Fields behind the file do not count, as with AWS. Holds one buffer of the file. Not
 * thread-safe.
 */
public final class PostForm extends BulkInputStream {
    private static final int BUFFER = 16 * 1024;
    /** Bytes of the fields before the file, and of what may come behind it. */
    private static final int MAX_FIELDS = 20 * 1024;

    private static final int MAX_PART_HEADERS = 4 * 1024;
    private static final int MAX_PARTS = 200;

    private final InputStream raw;
    private final MultiPart.Parser parser;
    private final Parts parts = new Parts();
    private final byte[] delimiter;
    /** The end of what was read, which may be the beginning of a delimiter. */
    private byte[] held = new byte[0];

    private PostForm(InputStream raw, String boundary) {
        this.raw = raw;
        this.delimiter = ("--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        this.parser = new MultiPart.Parser(boundary, parts);
        this.parser.setPartHeadersMaxLength(MAX_PART_HEADERS);
        this.parser.setMaxParts(MAX_PARTS);
    }

    /**
     * Reads up to the file.
     *
     * @param contentType of the request, with its boundary
     * @throws S3Exception MalformedPOSTRequest, MaxPostPreDataLengthExceeded, IncorrectNumberOfFilesInPostRequest,
     *     PreconditionFailed when it is no form at all
     */
    public static PostForm open(InputStream raw, String contentType) throws IOException {
        String boundary = MultiPart.extractBoundary(contentType);
        if (!contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data") || boundary == null) {
            throw new S3Exception(
                            S3ErrorCode.PRECONDITION_FAILED,
                            "Bucket POST must be of the enclosure-type multipart/form-data, with a boundary")
                    .with("Condition", "Bucket POST must be of the enclosure-type multipart/form-data");
        }
        PostForm form = new PostForm(raw, boundary);
        while (!form.parts.fileBegun) {
            if (form.parts.complete) {
                throw new S3Exception(S3ErrorCode.INCORRECT_NUMBER_OF_FILES_IN_POST_REQUEST);
            }
            form.feed();
        }
        return form;
    }

    /** Those before the file; names in lower case. */
    public Map<String, String> fields() {
        return Collections.unmodifiableMap(parts.fields);
    }

    /** The name of the file as its sender has it, without directories; what ${filename} in a key stands for. */
    public String fileName() {
        return parts.fileName.substring(
                Math.max(parts.fileName.lastIndexOf('/'), parts.fileName.lastIndexOf('\\')) + 1);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (parts.content.isEmpty()) {
            if (parts.complete) {
                return -1;
            }
            feed();
        }
        ByteBuffer first = parts.content.getFirst();
        int n = Math.min(length, first.remaining());
        first.get(bytes, offset, n);
        if (!first.hasRemaining()) {
            parts.content.removeFirst();
        }
        return n;
    }

    /**
     * One more buffer through the parser, which may keep slices of it. No buffer ends within a delimiter: where a part's content
     * begins, the parser of Jetty 12.1 would take the line end before it for content if the delimiter then is none.
     */
    private void feed() throws IOException {
        byte[] buffer = Arrays.copyOf(held, held.length + BUFFER);
        int n = raw.read(buffer, held.length, BUFFER);
        int bytes = held.length + Math.max(0, n);
        int hold = n < 0 ? 0 : delimiterBegun(buffer, bytes);
        held = Arrays.copyOfRange(buffer, bytes - hold, bytes);
        if (bytes > hold) {
            parser.parse(Content.Chunk.from(ByteBuffer.wrap(buffer, 0, bytes - hold), false));
        }
        if (n < 0) {
            parser.parse(Content.Chunk.EOF);
        }
        if (parts.refused != null) {
            throw parts.refused;
        }
        if (n < 0 && !parts.complete) {
            throw new S3Exception(S3ErrorCode.INCOMPLETE_BODY, "The form ended before its last boundary.");
        }
    }

    /** How many of the last bytes may be the beginning of a delimiter that goes on later. */
    private int delimiterBegun(byte[] buffer, int bytes) {
        for (int length = Math.min(delimiter.length - 1, bytes); length > 0; length--) {
            if (Arrays.equals(buffer, bytes - length, bytes, delimiter, 0, length)) {
                return length;
            }
        }
        return 0;
    }

    @Override
    public void close() throws IOException {
        raw.close();
    }

    /** What the parser finds. */
    private static final class Parts implements MultiPart.Parser.Listener {
        private final Map<String, String> fields = new LinkedHashMap<>();
        private final Deque<ByteBuffer> content = new ArrayDeque<>();
        private final ByteArrayOutputStream value = new ByteArrayOutputStream();
        private int outsideOfFile;
        private String name = "";
        private String fileName = "";
        private boolean inFile;
        private boolean fileBegun;
        private boolean complete;
        private S3Exception refused;

        @Override
        public void onPartHeader(String header, String text) {
            if (header.equalsIgnoreCase(HttpHeader.CONTENT_DISPOSITION.asString())) {
                Map<String, String> parameters = new HashMap<>();
                HttpField.getValueParameters(text, parameters);
                name = parameters.getOrDefault("name", "").toLowerCase(Locale.ROOT);
                if (name.equals("file")) {
                    inFile = true;
                    if (fileBegun) {
                        refuse(S3ErrorCode.INCORRECT_NUMBER_OF_FILES_IN_POST_REQUEST);
                    } else {
                        fileName = parameters.getOrDefault("filename", "");
                    }
                }
            }
        }

        @Override
        public void onPartHeaders() {
            fileBegun |= inFile;
        }

        @Override
        public void onPartContent(Content.Chunk chunk) {
            ByteBuffer bytes = chunk.getByteBuffer();
            if (inFile) {
                if (bytes.hasRemaining()) {
                    content.add(bytes.slice());
                }
                return;
            }
            outsideOfFile += bytes.remaining();
            if (outsideOfFile > MAX_FIELDS) {
                refuse(S3ErrorCode.MAX_POST_PRE_DATA_LENGTH_EXCEEDED);
            } else {
                byte[] copy = new byte[bytes.remaining()];
                bytes.slice().get(copy);
                value.writeBytes(copy);
            }
        }

        @Override
        public void onPartEnd() {
            if (!inFile && !fileBegun && !name.isEmpty()) {
                fields.put(name, value.toString(StandardCharsets.UTF_8));
            }
            value.reset();
            name = "";
            inFile = false;
        }

        @Override
        public void onComplete() {
            complete = true;
        }

        @Override
        public void onFailure(Throwable failure) {
            refuse(S3ErrorCode.MALFORMED_POST_REQUEST);
        }

        private void refuse(S3ErrorCode code) {
            if (refused == null) {
                refused = new S3Exception(code);
            }
        }
    }
}

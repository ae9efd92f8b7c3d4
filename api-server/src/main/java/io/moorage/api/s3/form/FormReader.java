package io.moorage.api.s3.form;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;

/**
 * Reads a form (multipart/form-data, RFC 7578) as it comes: first the fields, of which S3 wants all before the file, then the file as
 * a stream. Memory is bounded. Not thread-safe.
 */
final class FormReader extends InputStream {
    private static final int MAX_FIELDS_BYTES = 20 * 1024;
    private static final int WINDOW = 64 * 1024;
    private static final String FILE = "file";
    private static final Pattern PARAMETER = Pattern.compile("(?i);\\s*(name|filename)=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^;\\s]*))");

    private final InputStream in;
    private final MultiPart.Parser parser;
    private final Map<String, String> fields = new LinkedHashMap<>();

    private String name = "";
    private String fileName = "";
    private String fileType = "";
    private boolean fileBegun;
    private boolean fileEnded;
    private boolean ended;
    private boolean malformed;
    private int fieldBytes;
    private final ByteArrayOutputStream field = new ByteArrayOutputStream();
    /** Of the file: what was parsed and not read yet; never more than what one window holds. */
    private byte[] content = new byte[0];

    private int position;

    /** @param contentType of the request @throws S3Exception MalformedPOSTRequest */
    FormReader(InputStream in, String contentType) {
        String boundary = contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")
                ? MultiPart.extractBoundary(contentType)
                : null;
        if (boundary == null) {
            throw new S3Exception(
                    S3ErrorCode.MALFORMED_POST_REQUEST,
                    "Content-Type '" + contentType + "' must be multipart/form-data with a boundary.");
        }
        this.in = in;
        this.parser = new MultiPart.Parser(boundary, new Parts());
        parser.setPartHeadersMaxLength(8 * 1024);
        parser.setMaxParts(200);
    }

    /** Those before the file, with names in lower case. @throws S3Exception MalformedPOSTRequest, MaxPostPreDataLengthExceeded */
    Map<String, String> fields() throws IOException {
        while (!fileBegun && !ended) {
            parseMore();
        }
        if (!fileBegun) {
            throw S3Exception.invalidArgument("POST requires exactly one file upload per request.", FILE, "0");
        }
        return fields;
    }

    /** As the browser calls it; may be empty. */
    String fileName() {
        return fileName;
    }

    /** Of the file's part; may be empty. */
    String fileType() {
        return fileType;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (position == content.length) {
            if (fileEnded) {
                return -1;
            }
            parseMore();
        }
        int n = Math.min(length, content.length - position);
        System.arraycopy(content, position, bytes, offset, n);
        position += n;
        return n;
    }

    private void parseMore() throws IOException {
        byte[] window = new byte[WINDOW];
        int n = in.read(window, 0, window.length);
        content = new byte[0];
        position = 0;
        parser.parse(n < 0 ? Content.Chunk.EOF : Content.Chunk.from(ByteBuffer.wrap(window, 0, n), false));
        if (malformed || n < 0 && !ended) {
            throw new S3Exception(S3ErrorCode.MALFORMED_POST_REQUEST);
        }
        ended |= n < 0;
    }

    private final class Parts implements MultiPart.Parser.Listener {
        @Override
        public void onPartHeader(String header, String value) {
            if (header.equalsIgnoreCase("Content-Disposition")) {
                Matcher matcher = PARAMETER.matcher(value);
                while (matcher.find()) {
                    String text = matcher.group(2) != null
                            ? matcher.group(2).replaceAll("\\\\(.)", "$1")
                            : matcher.group(3);
                    if (matcher.group(1).equalsIgnoreCase("name")) {
                        name = text;
                    } else if (!fileBegun) {
                        // Some browsers tell the whole path.
                        fileName = text.substring(Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1);
                    }
                }
            } else if (header.equalsIgnoreCase("Content-Type") && !fileBegun) {
                fileType = value;
            }
        }

        @Override
        public void onPartHeaders() {
            if (name.equalsIgnoreCase(FILE) && !fileBegun) {
                fileBegun = true;
            } else if (!fileBegun) {
                fileName = "";
                fileType = "";
            }
        }

        @Override
        public void onPartContent(Content.Chunk chunk) {
            ByteBuffer buffer = chunk.getByteBuffer();
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            if (fileBegun && !fileEnded) {
                ByteArrayOutputStream joined = new ByteArrayOutputStream(content.length + bytes.length);
                joined.writeBytes(content);
                joined.writeBytes(bytes);
                content = joined.toByteArray();
            } else if (!fileBegun) {
                fieldBytes += bytes.length;
                if (fieldBytes > MAX_FIELDS_BYTES) {
                    throw new S3Exception(S3ErrorCode.MAX_POST_PRE_DATA_LENGTH_EXCEEDED);
                }
                field.writeBytes(bytes);
            }
        }

        @Override
        public void onPartEnd() {
            if (fileBegun) {
                fileEnded = true;
            } else {
                fields.put(name.toLowerCase(Locale.ROOT), field.toString(StandardCharsets.UTF_8));
                field.reset();
            }
            name = "";
        }

        @Override
        public void onComplete() {
            ended = true;
        }

        @Override
        public void onFailure(Throwable failure) {
            if (failure instanceof S3Exception e) {
                throw e;
            }
            malformed = true;
        }
    }
}

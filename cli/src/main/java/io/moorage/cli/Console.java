package io.moorage.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/**
 * Where a command reads and writes. Answers go to standard output, everything said to people to standard error.
 *
 * @param out buffered; flushed when the command ends
 * @param terminal whether standard error is looked at by somebody, so that a line may be written over
 */
public record Console(InputStream in, PrintStream out, PrintStream err, boolean terminal) {
    private static final int BUFFER = 64 * 1024;

    /** Of this process. The launcher knows whether standard error is a terminal; Java has no way to ask. */
    public static Console ofProcess() {
        Charset charset = Charset.forName(System.getProperty("stdout.encoding", System.getProperty("native.encoding")));
        PrintStream out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER), false, charset);
        return new Console(System.in, out, System.err, Boolean.getBoolean("moorage.terminal"));
    }

    /** Standard output for bytes; unlike a PrintStream it says when nobody reads any more. */
    public OutputStream bytes() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
                if (out.checkError()) {
                    throw new BrokenPipeException();
                }
            }

            @Override
            public void flush() throws IOException {
                if (out.checkError()) {
                    throw new BrokenPipeException();
                }
            }
        };
    }

    /** Nobody reads standard output any more: there is nobody to tell. */
    public static final class BrokenPipeException extends IOException {
        private static final long serialVersionUID = 1L;

        BrokenPipeException() {
            super("standard output is closed");
        }
    }
}

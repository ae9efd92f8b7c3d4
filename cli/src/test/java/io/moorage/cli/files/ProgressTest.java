package io.moorage.cli.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moorage.cli.Console;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Console console(boolean terminal) {
        return new Console(
                InputStream.nullInputStream(), new PrintStream(out, true), new PrintStream(err, true), terminal);
    }

    @Test
    void terminalSeesALineThatIsGoneInTheEnd() {
        try (Progress progress = new Progress(console(true), "put", true)) {
            progress.expect(100);
            progress.moved(45);
            await().untilAsserted(() -> assertThat(said()).contains("put   45%  45 B of 100 B"));
        }
        assertThat(said()).endsWith("\r\033[K");
        assertThat(out.size()).isZero();
    }

    /** Runs beside one that draws, so that it cannot be quiet for want of time. */
    @Test
    void nothingIsDrawnWhereNobodyLooks() {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        Console terminal = new Console(
                InputStream.nullInputStream(), new PrintStream(out, true), new PrintStream(seen, true), true);
        try (Progress pipe = new Progress(console(false), "put", true);
                Progress unwanted = new Progress(console(true), "put", false);
                Progress drawn = new Progress(terminal, "put", true)) {
            pipe.moved(1);
            unwanted.moved(1);
            drawn.moved(1);
            await().until(() -> seen.size() > 100);
            pipe.interrupt(() -> {});
        }
        assertThat(err.size()).isZero();
        assertThat(out.size()).isZero();
    }

    @Test
    void lineSaysHowFarHowFastAndHowLongStill() {
        assertThat(Progress.line("put", 512 * 1024, 1024 * 1024, 3, 256 * 1024))
                .isEqualTo("put   50%  512.0 KiB of 1.0 MiB  256.0 KiB/s  2.0 s left  3 files");
        assertThat(Progress.line("put", 10, 0, 0, 0)).isEqualTo("put  10 B  0 B/s");
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }
}

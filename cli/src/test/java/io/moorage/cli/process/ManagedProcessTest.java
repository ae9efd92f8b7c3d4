package io.moorage.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ManagedProcessTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void portThatBecomesFreeIsWaitedFor() throws Exception {
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        List<Ports.Port> ports = List.of(new Ports.Port(taken.getLocalPort(), "it"));
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> Ports.awaitFree(ports, LONG));
        await().during(Duration.ofMillis(200)).until(() -> !waiting.isDone());
        taken.close();
        await().until(waiting::isDone);
        assertThat(waiting).isCompleted();
    }

    @Test
    void pidThatAnotherProcessHasIsNotTakenForOurs() throws Exception {
        ManagedProcess process = new ManagedProcess("p", directory);
        assertThat(process.state()).isEqualTo(ManagedProcess.State.ENDED);
        process.start(List.of("sleep", "60"));
        try {
            assertThat(process.isRunning()).isTrue();
            Path pidFile = directory.resolve("p.pid");
            String content = Files.readString(pidFile);
            Files.writeString(pidFile, content.split(" ")[0] + " 2001-01-01T00:00:00Z\n");
            assertThat(process.state()).isEqualTo(ManagedProcess.State.ENDED);
            Files.writeString(pidFile, content);
            assertThat(process.isRunning()).isTrue();
        } finally {
            process.signal("KILL");
        }
        assertThat(process.awaitExit(LONG)).isTrue();
        assertThat(process.pid()).isEmpty();
    }

    /** As soon as kill(1) is back, however long the kernel takes to clear up. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void processThatWasJustKilledIsNotRunningAnyMore() throws Exception {
        for (int i = 0; i < 20; i++) {
            ManagedProcess process = new ManagedProcess("p" + i, directory);
            process.start(List.of("sleep", "60"));
            long pid = process.pid().orElseThrow();
            assertThat(new ProcessBuilder("kill", "-9", Long.toString(pid))
                            .start()
                            .waitFor())
                    .isZero();
            assertThat(process.isRunning()).isFalse();
            assertThat(process.pid()).isEmpty();
            assertThat(process.awaitExit(LONG)).isTrue();
            assertThat(process.state()).isEqualTo(ManagedProcess.State.ENDED);
        }
    }
}

package io.moorage.it.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.moorage.it.S3Fixture;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tools that people use, where they are installed: each is a script, which fails at the first thing that is wrong. */
@ExtendWith(S3Fixture.class)
class S3ToolsTest {

    @ParameterizedTest
    @ValueSource(strings = {"awscli", "s3cmd", "rclone", "boto3"})
    void scriptPasses(String tool, @TempDir Path directory) throws Exception {
        Path script = directory.resolve("test.sh");
        try (InputStream in = S3ToolsTest.class.getResourceAsStream("/s3/" + tool + ".sh")) {
            Files.copy(in, script);
        }
        assumeTrue(run(directory, "sh", script.toString(), "installed").exit() == 0, tool + " is not installed");
        Outcome outcome = run(directory, "sh", "-eu", script.toString(), "test");
        assertThat(outcome.exit()).as(outcome.output()).isZero();
    }

    private record Outcome(int exit, String output) {}

    private static Outcome run(Path directory, String... command) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        // Of no use here, and rclone cannot do with it.
        builder.environment().remove("AWS_CA_BUNDLE");
        builder.environment()
                .putAll(Map.of(
                        "HOME", directory.toString(),
                        "ENDPOINT", S3Fixture.endpoint().toString(),
                        "HOST", "127.0.0.1:" + S3Fixture.port(),
                        "AWS_ACCESS_KEY_ID", S3Fixture.alice().id(),
                        "AWS_SECRET_ACCESS_KEY", S3Fixture.alice().secret(),
                        "AWS_DEFAULT_REGION", "us-east-1",
                        "AWS_EC2_METADATA_DISABLED", "true"));
        Process process = builder.start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new Outcome(process.waitFor(), Files.readString(output, StandardCharsets.UTF_8));
    }
}

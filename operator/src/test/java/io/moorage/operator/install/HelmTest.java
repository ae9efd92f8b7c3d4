package io.moorage.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Helm says about the chart; skipped where there is no {@code helm} on the PATH. */
class HelmTest {
    private static final String REFRESH =
            "./mvnw -q -pl operator -am test -Dtest=HelmTest -Dsurefire.failIfNoSpecifiedTests=false -Dmoorage.refresh=true";
    private static final Path OPERATOR = ChartTest.ROOT.resolve("deploy/kustomize/base/operator.yaml");
    private static final String HEADER = "# Generated from charts/moorage. Do not edit: " + REFRESH + "\n";

    @TempDir
    Path work;

    record Output(int code, String text) {}

    @BeforeAll
    static void helm() {
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "helm"))),
                "there is no helm on the PATH");
    }

    static Stream<Path> good() {
        return ChartTest.good();
    }

    static Stream<ChartTest.Bad> bad() {
        return ChartTest.bad();
    }

    @ParameterizedTest
    @MethodSource("good")
    void goodValuesAreRendered(Path values) throws Exception {
        Output lint = run("helm", "lint", "--strict", chart(), "-f", values.toString());
        assertThat(lint.code()).as(lint.text()).isZero();
        Output rendered = run("helm", "template", "moorage", chart(), "-n", "system", "-f", values.toString());
        assertThat(rendered.code()).as(rendered.text()).isZero();
        assertThat(rendered.text()).contains("io.moorage.operator.OperatorMain");
    }

    @ParameterizedTest
    @MethodSource("bad")
    void badValuesAreRefusedByTheirField(ChartTest.Bad bad) throws Exception {
        Output rendered =
                run("helm", "template", "moorage", chart(), "-f", bad.file().toString());
        assertThat(rendered.code()).isNotZero();
        assertThat(rendered.text()).contains("at '" + (bad.field().equals("/") ? "" : bad.field()) + "'");
    }

    @Test
    void kustomizeIsInStep() throws Exception {
        Output rendered = run(
                "helm",
                "template",
                "moorage",
                chart(),
                "--namespace",
                "moorage-system",
                "--no-hooks",
                "--skip-tests",
                "--set",
                "definitions.apply=false");
        assertThat(rendered.code()).as(rendered.text()).isZero();
        String expected = HEADER + rendered.text();
        if (Boolean.getBoolean("moorage.refresh")) {
            Files.writeString(OPERATOR, expected);
        }
        assertThat(Files.exists(OPERATOR) ? Files.readString(OPERATOR) : "")
                .as("%s is not what the chart says; make it anew by%n  %s", OPERATOR, REFRESH)
                .isEqualTo(expected);
    }

    private static String chart() {
        return ChartTest.CHART.toString();
    }

    private Output run(String... command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(work, "out", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(String.join(" ", command) + " does not end");
        }
        return new Output(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8));
    }
}

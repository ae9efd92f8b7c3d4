package io.moorage.cli.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of a local cluster's processes: this Java, this class path. */
public final class JavaCommand {
    private static final int FIRST_JDK_THAT_ASKS_FOR_NATIVE_ACCESS = 24;

    /** Environment variable: options for the JVMs of nodes and API server, separated by spaces; they win over ours. */
    private static final String EXTRA_OPTIONS = "MOORAGE_JVM_OPTIONS";
    /** The same as a system property, of a process whose children they are for. */
    private static final String CHILD_OPTIONS = "moorage.jvm-options";

    private static final String CLASSES = "moorage.classes";

    private JavaCommand() {}

    /**
     * Of a storage node or an API server.
     *
     * @param process name of the process, for its log
     * @param config its only argument
     */
    public static List<String> of(String mainClass, ManagedProcess process, Path config, int heapMiB) {
        List<String> command = begin(process, heapMiB);
        command.addAll(extraOptions(System.getProperty(CHILD_OPTIONS, System.getenv(EXTRA_OPTIONS))));
        end(command, mainClass, config);
        return command;
    }

    /** Of a process that starts others with {@link #of}: they get what this one was given for them. */
    public static List<String> ofParent(String mainClass, ManagedProcess process, Path directory, int heapMiB) {
        List<String> command = begin(process, heapMiB);
        String extra = System.getenv(EXTRA_OPTIONS);
        if (extra != null) {
            command.add("-D" + CHILD_OPTIONS + "=" + extra);
        }
        command.add("-D" + CLASSES + "=" + System.getProperty(CLASSES, ""));
        end(command, mainClass, directory);
        return command;
    }

    private static List<String> begin(ManagedProcess process, int heapMiB) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heapMiB + "m");
        command.add("-XX:MaxDirectMemorySize=" + heapMiB / 2 + "m");
        // Several processes on a laptop: collectors with threads of their own would only be in each other's way.
        command.add("-XX:+UseSerialGC");
        // The optimizing compiler would take most of a small machine for minutes; see docs/decisions/0011.
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-XX:ErrorFile=" + process.logFile().resolveSibling(process.name() + ".crash"));
        command.add("-Dlogback.configurationFile=moorage-local-logback.xml");
        command.add("-Dmoorage.log=" + process.logFile());
        if (Runtime.version().feature() >= FIRST_JDK_THAT_ASKS_FOR_NATIVE_ACCESS) {
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        Path classes = sharedClasses();
        if (classes != null) {
            command.add("-XX:SharedArchiveFile=" + classes);
            // One that does not fit (any more) is no reason to say anything.
            command.add("-Xlog:disable");
            command.add("-Xlog:all=error,cds*=off:stderr");
        }
        return command;
    }

    private static void end(List<String> command, String mainClass, Path argument) {
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(mainClass);
        command.add(argument.toString());
    }

    /** @param text may be null */
    static List<String> extraOptions(String text) {
        return text == null || text.isBlank() ? List.of() : List.of(text.trim().split("\\s+"));
    }

    /** Classes made ready by the launcher, which lets a JVM start in half the time; null = there are none. */
    private static Path sharedClasses() {
        String file = System.getProperty(CLASSES, "");
        return !file.isEmpty() && Files.exists(Path.of(file)) ? Path.of(file) : null;
    }
}

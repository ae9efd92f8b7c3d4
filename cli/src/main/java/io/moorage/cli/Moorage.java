package io.moorage.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.moorage.cli.commands.CatCommand;
import io.moorage.cli.commands.CompletionCommand;
import io.moorage.cli.commands.CopyCommands;
import io.moorage.cli.commands.DownCommand;
import io.moorage.cli.commands.DuCommand;
import io.moorage.cli.commands.GetCommand;
import io.moorage.cli.commands.LogsCommand;
import io.moorage.cli.commands.LsCommand;
import io.moorage.cli.commands.MembersCommand;
import io.moorage.cli.commands.NodeCommands;
import io.moorage.cli.commands.PutCommand;
import io.moorage.cli.commands.RecoverCommand;
import io.moorage.cli.commands.RmCommand;
import io.moorage.cli.commands.StatCommand;
import io.moorage.cli.commands.StatusCommand;
import io.moorage.cli.commands.UpCommand;
import io.moorage.cli.commands.UserCommands;
import io.moorage.cli.commands.VolumeCommands;
import io.moorage.cli.kv.KvCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The `moorage` command. */
@Command(
        name = "moorage",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = ProgramVersion.class,
        description = "A distributed file store on this machine, and the files in it.",
        sortOptions = false,
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            NodeCommands.class,
            VolumeCommands.class,
            UserCommands.class,
            PutCommand.class,
            GetCommand.class,
            CatCommand.class,
            LsCommand.class,
            RmCommand.class,
            CopyCommands.Mv.class,
            CopyCommands.Cp.class,
            StatCommand.class,
            DuCommand.class,
            KvCommand.class,
            MembersCommand.class,
            RecoverCommand.class,
            CompletionCommand.class
        })
public final class Moorage implements Callable<Integer> {
    @Mixin
    private final Session session;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private Moorage(Session session) {
        this.session = session;
    }

    public static void main(String[] arguments) {
        System.exit(run(Console.ofProcess(), System.getenv(), arguments));
    }

    /** Runs one command. @return its exit code */
    public static int run(Console console, Map<String, String> environment, String... arguments) {
        Session session = new Session(console, environment);
        try {
            return commandLine(session).execute(arguments);
        } finally {
            console.out().flush();
            console.err().flush();
        }
    }

    private static CommandLine commandLine(Session session) {
        CommandLine commands = new CommandLine(new Moorage(session), new CommandFactory(session));
        commands.registerConverter(Duration.class, new DurationConverter());
        commands.setExecutionExceptionHandler((thrown, command, parsed) -> explain(session, thrown));
        commands.setParameterExceptionHandler((thrown, arguments) -> explainUsage(session, thrown, arguments));
        commands.setOut(new java.io.PrintWriter(session.console().out(), true));
        commands.setErr(new java.io.PrintWriter(session.console().err(), true));
        commands.setUsageHelpAutoWidth(true);
        commands.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(Stream.of(ExitCode.values())
                        .collect(Collectors.toMap(
                                code -> Integer.toString(code.number()),
                                ExitCode::meaning,
                                (a, b) -> a,
                                LinkedHashMap::new)));
        return commands;
    }

    /** One sentence, and no stack trace unless asked for. */
    private static int explain(Session session, Exception thrown) {
        if (session.debug()) {
            thrown.printStackTrace(session.console().err());
        }
        Throwable cause = thrown instanceof UncheckedIOException ? thrown.getCause() : thrown;
        if (cause instanceof Console.BrokenPipeException) {
            return ExitCode.FAILED.number();
        }
        return report(session, cause instanceof Failure known ? known : unexpected(session, cause), session.json());
    }

    /** One sentence too, and where more is to be read. */
    private static int explainUsage(Session session, ParameterException thrown, String... arguments) {
        CommandLine command = thrown.getCommandLine();
        StringBuilder text = new StringBuilder(thrown.getMessage());
        if (thrown instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            text.append("; did you mean ")
                    .append(String.join(" or ", unmatched.getSuggestions()))
                    .append('?');
        } else {
            text.append('.');
        }
        text.append(" See `").append(command.getCommandSpec().qualifiedName()).append(" --help`");
        return report(
                session,
                Failure.usage(text.toString()),
                Arrays.asList(arguments).contains("--json"));
    }

    private static int report(Session session, Failure failure, boolean json) {
        if (json) {
            session.console().err().println(json(failure));
        } else {
            session.warn(failure.getMessage()
                    + (failure.requestId().isEmpty() || failure.exitCode() != ExitCode.FAILED
                            ? ""
                            : " (request " + failure.requestId() + ")"));
        }
        return failure.exitCode().number();
    }

    private static Failure unexpected(Session session, Throwable thrown) {
        String message = thrown instanceof IOException && thrown.getMessage() != null
                ? ioMessage((IOException) thrown)
                : thrown.toString();
        return Failure.of(ExitCode.FAILED, message + (session.debug() ? "" : " (--debug shows where)"), thrown);
    }

    /** The messages of file system exceptions are the bare path. */
    private static String ioMessage(IOException e) {
        return e instanceof java.nio.file.FileSystemException
                ? e.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage()
                : e.getMessage();
    }

    private static String json(Failure failure) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", failure.problem());
        error.put("exitCode", failure.exitCode().number());
        error.put("message", failure.getMessage());
        error.put("requestId", failure.requestId().isEmpty() ? null : failure.requestId());
        try {
            return new ObjectMapper().writeValueAsString(Map.of("error", error));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(session.console().err());
        return ExitCode.USAGE.number();
    }

    /** Gives commands the session if their constructor asks for it. */
    private record CommandFactory(Session session) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            try {
                Constructor<K> constructor = type.getDeclaredConstructor(Session.class);
                constructor.setAccessible(true);
                return constructor.newInstance(session);
            } catch (NoSuchMethodException e) {
                return CommandLine.defaultFactory().create(type);
            }
        }
    }
}

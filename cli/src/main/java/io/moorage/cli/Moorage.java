package io.moorage.cli;

import io.moorage.cli.commands.CatCommand;
import io.moorage.cli.commands.ClusterCommands;
import io.moorage.cli.commands.FileCommands;
import io.moorage.cli.commands.GetCommand;
import io.moorage.cli.commands.ListCommands;
import io.moorage.cli.commands.NodeCommands;
import io.moorage.cli.commands.PutCommand;
import io.moorage.cli.commands.StatusCommand;
import io.moorage.cli.commands.UpCommand;
import io.moorage.cli.commands.VolumeCommands;
import java.io.IOException;
import java.util.Properties;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The `moorage` command. */
@Command(
        name = "moorage",
        mixinStandardHelpOptions = true,
        versionProvider = Moorage.Version.class,
        description = "A distributed file store on this machine, and the files in it.",
        subcommands = {
            UpCommand.class,
            ClusterCommands.Down.class,
            StatusCommand.class,
            ClusterCommands.Logs.class,
            NodeCommands.class,
            VolumeCommands.class,
            PutCommand.class,
            GetCommand.class,
            CatCommand.class,
            ListCommands.Ls.class,
            ListCommands.Du.class,
            FileCommands.Rm.class,
            FileCommands.Mv.class,
            FileCommands.Cp.class,
            FileCommands.Stat.class,
            AutoComplete.GenerateCompletion.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:wrong usage or bad input",
            "3:not found",
            "4:conflict, or a precondition that does not hold",
            "5:the cluster is not available",
            "6:no space, or a quota is used up"
        })
public final class Moorage implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** Ready to execute. */
    public static CommandLine commandLine() {
        return new CommandLine(new Moorage())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Moorage::explain);
    }

    /** One sentence, and no stack trace unless asked for. */
    private static int explain(Exception thrown, CommandLine command, CommandLine.ParseResult parsed) {
        boolean debug = parsed.originalArgs().contains("--debug");
        if (debug) {
            thrown.printStackTrace();
        }
        if (thrown instanceof Failure failure) {
            System.err.println("moorage: " + failure.getMessage());
            return failure.exitCode();
        }
        String message = thrown instanceof IOException ? String.valueOf(thrown.getMessage()) : thrown.toString();
        System.err.println("moorage: " + message + (debug ? "" : " (--debug shows where)"));
        return Failure.FAILED;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "which command? Try `moorage up`");
    }

    /** From the build. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            Properties properties = new Properties();
            try (var in = Moorage.class.getResourceAsStream("/moorage-version.properties")) {
                if (in != null) {
                    properties.load(in);
                }
            }
            return new String[] {"moorage " + properties.getProperty("version", "unknown")};
        }
    }
}

package io.moorage.cli.commands;

import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints a script that teaches a shell the commands. */
@Command(
        name = "completion",
        description = {
            "Prints a script that teaches bash or zsh to complete commands.",
            "  source <(moorage completion bash)",
            "  source <(moorage completion zsh)"
        })
public final class CompletionCommand implements Callable<Integer> {
    private static final String ZSH =
            "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n";

    private final Session session;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh")
    private String shell;

    CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (!shell.equals("bash") && !shell.equals("zsh")) {
            throw Failure.usage("there is no completion for '" + shell + "'; there is one for bash and one for zsh");
        }
        String script = AutoComplete.bash("moorage", spec.root().commandLine());
        session.console().out().print(shell.equals("zsh") ? ZSH + script : script);
        return ExitCode.DONE.number();
    }
}

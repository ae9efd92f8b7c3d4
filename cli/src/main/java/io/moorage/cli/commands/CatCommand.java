package io.moorage.cli.commands;

import io.moorage.cli.Session;
import io.moorage.cli.files.ByteProgress;
import io.moorage.cli.files.RemotePath;
import io.moorage.cli.files.Transfers;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Writes files to standard output. */
@Command(name = "cat", mixinStandardHelpOptions = true, description = "Writes files to standard output.")
public final class CatCommand implements Callable<Integer> {
    @Mixin
    private Session session;

    @Parameters(arity = "1..*", paramLabel = "VOLUME:PATH")
    private List<String> sources;

    @Override
    public Integer call() throws IOException {
        try (ByteProgress progress = new ByteProgress("", false);
                Transfers transfers = new Transfers(session.client(), progress, 1)) {
            for (String source : sources) {
                transfers.copy(RemotePath.parse(source), System.out);
            }
            System.out.flush();
        }
        return 0;
    }
}

package io.moorage.cli.kv;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.rest.ApiRequest;
import io.moorage.cli.rest.Urls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Carries out a transaction. */
@Command(
        name = "txn",
        description = "Carries out a transaction written in JSON: {\"compare\":[{\"key\":\"a\",\"version\":0}],"
                + " \"then\":[{\"kind\":\"put\",\"key\":\"a\",\"value\":\"1\"}],"
                + " \"else\":[{\"kind\":\"get\",\"key\":\"a\"}]}. Answers in JSON; exit code 4 if the"
                + " comparisons did not hold.")
final class KvTxnCommand implements Callable<Integer> {
    private static final int MAX_BYTES = 6 << 20;

    private final Session session;

    @Parameters(index = "0", paramLabel = "VOLUME")
    private String volume;

    @Parameters(index = "1", paramLabel = "FILE", defaultValue = "-", description = "- is standard input (default)")
    private String file;

    KvTxnCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        JsonNode transaction;
        try (InputStream in = file.equals("-") ? session.console().in() : Files.newInputStream(Path.of(file))) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw Failure.usage("the transaction has more than " + MAX_BYTES + " bytes; split it");
            }
            transaction = new ObjectMapper().readTree(bytes);
        } catch (JsonProcessingException e) {
            throw Failure.usage("the transaction is not JSON: " + e.getOriginalMessage());
        }
        // Done twice it might do something else the second time.
        JsonNode answer = session.client()
                .send(ApiRequest.of("POST", "/kv/" + Urls.path(volume) + "?op=txn")
                        .json(transaction)
                        .once());
        session.printJson(answer);
        return (answer.path("succeeded").asBoolean() ? ExitCode.DONE : ExitCode.CONFLICT).number();
    }
}

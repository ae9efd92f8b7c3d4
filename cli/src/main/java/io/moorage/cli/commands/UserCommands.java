package io.moorage.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.Table;
import io.moorage.cli.rest.ApiRequest;
import io.moorage.cli.rest.Urls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Who has access keys for S3. */
@Command(
        name = "user",
        description = "Makes, lists and deletes users of S3.",
        subcommands = {UserCommands.Create.class, UserCommands.Ls.class, UserCommands.Rm.class})
public final class UserCommands implements Runnable {
    private static final String PATH = "/storage/users";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "which one: create, ls or rm?");
    }

    /** Makes a user. */
    @Command(
            name = "create",
            description = "Makes a user and prints the access key and its secret, which is told this once.")
    static final class Create implements Callable<Integer> {
        private static final Pattern GRANT = Pattern.compile("([^:/]+)(?:/([^:]*))?:(ReadOnly|ReadWrite|Admin)");

        private final Session session;

        @Parameters(paramLabel = "NAME", description = "lower-case letters, digits and '-'")
        private String name;

        @Option(
                names = "--grant",
                paramLabel = "VOLUME[/PREFIX]:ACCESS",
                description =
                        "what the user may do: ReadOnly, ReadWrite or Admin, in a volume (or '*'), may be repeated (default: '*:Admin')")
        private List<String> grants;

        Create(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws IOException {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("name", name);
            if (grants != null) {
                List<Map<String, String>> parsed = new ArrayList<>();
                grants.forEach(grant -> parsed.add(parse(grant)));
                body.put("grants", parsed);
            }
            JsonNode user = session.client().send(ApiRequest.of("POST", PATH).json(body));
            if (session.json()) {
                session.printJson(user);
            } else {
                // In the form that shells and the AWS tools take.
                session.print("AWS_ACCESS_KEY_ID=" + user.path("accessKeyId").asText());
                session.print(
                        "AWS_SECRET_ACCESS_KEY=" + user.path("secretAccessKey").asText());
            }
            return ExitCode.DONE.number();
        }

        private static Map<String, String> parse(String grant) {
            Matcher matcher = GRANT.matcher(grant);
            if (!matcher.matches()) {
                throw Failure.usage(
                        "--grant '" + grant
                                + "' must be VOLUME:ACCESS or VOLUME/PREFIX:ACCESS, with ReadOnly, ReadWrite or Admin as ACCESS");
            }
            Map<String, String> json = new LinkedHashMap<>();
            json.put("volume", matcher.group(1));
            if (matcher.group(2) != null) {
                json.put("prefix", matcher.group(2));
            }
            json.put("access", matcher.group(3));
            return json;
        }
    }

    /** Lists users. */
    @Command(name = "ls", description = "Lists the users and what they may do.")
    static final class Ls implements Callable<Integer> {
        private final Session session;

        Ls(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws IOException {
            JsonNode users = session.client().get(PATH);
            if (session.json()) {
                session.printJson(users);
                return ExitCode.DONE.number();
            }
            Table table = new Table().row("NAME", "ACCESS KEY", "SUSPENDED", "GRANTS");
            for (JsonNode user : users.path("items")) {
                List<String> grants = new ArrayList<>();
                for (JsonNode grant : user.path("grants")) {
                    String prefix = grant.path("prefix").asText();
                    grants.add(grant.path("volume").asText() + (prefix.isEmpty() ? "" : "/" + prefix) + ":"
                            + grant.path("access").asText());
                }
                table.row(
                        user.path("name").asText(),
                        user.path("accessKeyId").asText(),
                        user.path("suspended").asBoolean() ? "yes" : "no",
                        String.join(" ", grants));
            }
            session.print(table.toString().stripTrailing());
            return ExitCode.DONE.number();
        }
    }

    /** Deletes a user. */
    @Command(name = "rm", description = "Deletes a user; requests with the user's keys are refused within seconds.")
    static final class Rm implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "NAME")
        private String name;

        Rm(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws IOException {
            session.client().delete(ApiRequest.of("DELETE", PATH + "/" + Urls.path(name)));
            if (session.json()) {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("user", name);
                json.put("deleted", true);
                session.printJson(json);
            } else {
                session.say("user " + name + " is deleted");
            }
            return ExitCode.DONE.number();
        }
    }
}

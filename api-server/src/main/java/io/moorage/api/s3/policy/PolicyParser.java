package io.moorage.api.s3.policy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads bucket policies (IAM user guide, "Policy grammar"). */
final class PolicyParser {
    static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(16).build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final String ARN = "arn:aws:s3:::";
    private static final Pattern USER =
            Pattern.compile("(?:arn:aws:iam::\\d*:user/(?:.*/)?)?([A-Za-z0-9+=,.@_-]{1,253})");
    private static final Map<String, Condition.Operator> OPERATORS = Arrays.stream(Condition.Operator.values())
            .collect(Collectors.toMap(Condition.Operator::title, Function.identity()));

    private final String bucket;

    PolicyParser(String bucket) {
        this.bucket = bucket;
    }

    BucketPolicy parse(String json) {
        if (json.getBytes(StandardCharsets.UTF_8).length > BucketPolicy.MAX_OCTETS) {
            throw malformed("Policies have at most " + BucketPolicy.MAX_OCTETS + " bytes");
        }
        JsonNode document;
        try {
            document = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw malformed(S3ErrorCode.MALFORMED_POLICY.message() + ": " + e.getOriginalMessage());
        }
        if (!document.isObject()) {
            throw malformed(S3ErrorCode.MALFORMED_POLICY.message());
        }
        only(document, "the policy", Set.of("Version", "Id", "Statement"));
        String version = document.path("Version").asText("2008-10-17");
        if (!version.equals("2012-10-17") && !version.equals("2008-10-17")) {
            throw malformed("Version '" + version + "' must be 2012-10-17 or 2008-10-17");
        }
        List<Statement> statements = new ArrayList<>();
        JsonNode nodes = document.path("Statement");
        (nodes.isArray() ? nodes : List.of(nodes)).forEach(node -> statements.add(statement(node)));
        if (statements.isEmpty()) {
            throw malformed("Could not parse the policy: Statement is empty!");
        }
        return new BucketPolicy(statements);
    }

    private Statement statement(JsonNode node) {
        if (!node.isObject()) {
            throw malformed("Missing required field Statement, an object or a list of them");
        }
        for (String negated : List.of("NotPrincipal", "NotAction", "NotResource")) {
            if (node.has(negated)) {
                throw malformed(negated + " is not supported; say what is meant with "
                        + negated.substring("Not".length()) + " and Effect");
            }
        }
        only(node, "a statement", Set.of("Sid", "Effect", "Principal", "Action", "Resource", "Condition"));
        String effect = node.path("Effect").asText();
        if (!effect.equals("Allow") && !effect.equals("Deny")) {
            throw malformed("Invalid effect: '" + effect + "' must be Allow or Deny");
        }
        List<String> users = principals(node.path("Principal"));
        boolean everybody = users.remove("*");
        return new Statement(
                node.path("Sid").asText(""),
                effect.equals("Allow"),
                everybody,
                List.copyOf(users),
                strings(node, "Action").stream().map(PolicyParser::action).toList(),
                strings(node, "Resource").stream().map(this::resource).toList(),
                conditions(node.path("Condition")));
    }

    private static List<String> principals(JsonNode node) {
        if (node.isTextual() && node.asText().equals("*")) {
            return new ArrayList<>(List.of("*"));
        }
        if (!node.isObject()) {
            throw malformed("Missing or invalid Principal: \"*\" or {\"AWS\": ...} is needed");
        }
        only(node, "Principal", Set.of("AWS"));
        List<String> users = new ArrayList<>();
        for (String principal : strings(node, "AWS")) {
            if (principal.equals("*")) {
                users.add("*");
                continue;
            }
            Matcher matcher = USER.matcher(principal);
            if (!matcher.matches()) {
                throw malformed("Invalid principal in policy: '" + principal
                        + "' is not supported; \"*\", a user's name or arn:aws:iam::ACCOUNT:user/NAME are");
            }
            users.add(matcher.group(1));
        }
        return users;
    }

    private static String action(String action) {
        String lower = action.toLowerCase(Locale.ROOT);
        if (!lower.equals("*") && !(lower.startsWith("s3:") && PolicyActions.known(lower))) {
            throw malformed("Policy has invalid action: '" + action + "' is no action of S3");
        }
        return lower;
    }

    private String resource(String resource) {
        noVariables("Resource", resource);
        String rest = resource.startsWith(ARN) ? resource.substring(ARN.length()) : "";
        int slash = rest.indexOf('/');
        if (!Wildcard.matches(slash < 0 ? rest : rest.substring(0, slash), bucket)) {
            throw malformed("Policy has invalid resource: '" + resource + "' is not of this bucket; it must begin with "
                    + ARN + bucket);
        }
        return rest;
    }

    private static List<Condition> conditions(JsonNode node) {
        List<Condition> conditions = new ArrayList<>();
        if (node.isMissingNode()) {
            return conditions;
        }
        if (!node.isObject()) {
            throw malformed("Condition must be an object");
        }
        node.properties().forEach(block -> {
            boolean ifExists = block.getKey().endsWith("IfExists");
            String title = ifExists
                    ? block.getKey().substring(0, block.getKey().length() - "IfExists".length())
                    : block.getKey();
            Condition.Operator operator = OPERATORS.get(title);
            if (operator == null
                    || operator == Condition.Operator.NULL && ifExists
                    || !block.getValue().isObject()) {
                throw malformed("Condition operator '" + block.getKey() + "' is not supported; these are: "
                        + OPERATORS.keySet().stream().sorted().toList() + ", and ...IfExists");
            }
            block.getValue()
                    .fieldNames()
                    .forEachRemaining(key -> conditions.add(condition(block.getValue(), operator, ifExists, key)));
        });
        return List.copyOf(conditions);
    }

    private static Condition condition(JsonNode block, Condition.Operator operator, boolean ifExists, String key) {
        String lower = key.toLowerCase(Locale.ROOT);
        if (!PolicyRequest.KEYS.contains(lower)) {
            throw malformed("Policy has an invalid condition key: '" + key + "' is not supported; these are: "
                    + PolicyRequest.KEYS.stream().sorted().toList());
        }
        List<String> values = strings(block, key);
        for (String value : values) {
            noVariables(key, value);
            if (!operator.accepts(value)) {
                throw malformed("Condition value '" + value + "' of " + key + " does not go with " + operator.title());
            }
        }
        return new Condition(operator, ifExists, lower, values);
    }

    private static void noVariables(String where, String text) {
        if (text.contains("${")) {
            throw malformed("Policy variables are not supported: " + where + " '" + text + "'");
        }
    }

    /** A text, number or boolean, or a list of them that is not empty. */
    private static List<String> strings(JsonNode node, String field) {
        JsonNode value = node.path(field);
        List<String> strings = new ArrayList<>();
        (value.isArray() ? value : List.of(value)).forEach(item -> {
            if (!item.isTextual() && !item.isNumber() && !item.isBoolean()) {
                throw malformed("Missing or invalid " + field + ": a text or a list of texts is needed");
            }
            strings.add(item.asText());
        });
        if (strings.isEmpty()) {
            throw malformed("Missing required field " + field);
        }
        return List.copyOf(strings);
    }

    private static void only(JsonNode node, String where, Set<String> fields) {
        node.fieldNames().forEachRemaining(field -> {
            if (!fields.contains(field)) {
                throw malformed("Unknown field " + field + " in " + where + ": it is not supported");
            }
        });
    }

    private static S3Exception malformed(String why) {
        return new S3Exception(S3ErrorCode.MALFORMED_POLICY, why);
    }
}

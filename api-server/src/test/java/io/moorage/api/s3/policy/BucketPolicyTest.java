package io.moorage.api.s3.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.moorage.api.s3.auth.Caller;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.Headers;
import io.moorage.api.s3.request.RequestHead;
import io.moorage.api.s3.request.Target;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;

class BucketPolicyTest {
    private static final Caller ANN = new Caller("ann", "AK");

    private static BucketPolicy policy(String... statements) {
        return BucketPolicy.parse(
                ("{'Version':'2012-10-17','Statement':[" + String.join(",", statements) + "]}").replace('\'', '"'),
                "bucket");
    }

    private static String statement(String effect, String principal, String action, String resource, String condition) {
        return "{'Effect':'" + effect + "','Principal':" + principal + ",'Action':" + action + ",'Resource':" + resource
                + (condition.isEmpty() ? "" : ",'Condition':" + condition) + "}";
    }

    private static String allowAll(String condition) {
        return statement("Allow", "'*'", "'s3:*'", "['arn:aws:s3:::bucket','arn:aws:s3:::bucket/*']", condition);
    }

    private static Decision decide(BucketPolicy policy, Caller caller, String action, String key, String... context) {
        Map<String, String> keys = new HashMap<>();
        for (int i = 0; i < context.length; i += 2) {
            keys.put(context[i], context[i + 1]);
        }
        return policy.decide(new PolicyRequest(caller, action, new Target("bucket", key), keys));
    }

    @Example
    void anonymousReads() {
        BucketPolicy policy = policy(statement("Allow", "'*'", "'s3:GetObject'", "'arn:aws:s3:::bucket/public/*'", ""));

        assertThat(decide(policy, Caller.ANONYMOUS, "s3:GetObject", "public/a")).isEqualTo(Decision.ALLOW);
        assertThat(decide(policy, Caller.ANONYMOUS, "s3:GetObject", "private/a"))
                .isEqualTo(Decision.NONE);
        assertThat(decide(policy, Caller.ANONYMOUS, "s3:PutObject", "public/a")).isEqualTo(Decision.NONE);
        assertThat(decide(policy, Caller.ANONYMOUS, "s3:ListBucket", "")).isEqualTo(Decision.NONE);
        assertThat(policy.isPublic()).isTrue();
    }

    @Example
    void denialGoesBeforeEverything() {
        BucketPolicy policy = policy(
                statement("Deny", "{'AWS':['*']}", "['s3:Delete*']", "'arn:aws:s3:::bucket/keep?/*'", ""),
                allowAll(""));

        assertThat(decide(policy, ANN, "s3:DeleteObject", "keep1/a")).isEqualTo(Decision.DENY);
        assertThat(decide(policy, ANN, "s3:DeleteObjectVersion", "keep2/a")).isEqualTo(Decision.DENY);
        assertThat(decide(policy, ANN, "s3:DeleteObject", "keep/a")).isEqualTo(Decision.ALLOW);
        assertThat(decide(policy, ANN, "s3:GetObject", "keep1/a")).isEqualTo(Decision.ALLOW);
    }

    @Example
    void usersByNameAndArn() {
        for (String principal :
                new String[] {"{'AWS':'ann'}", "{'AWS':['bob','arn:aws:iam::123456789012:user/team/ann']}"}) {
            BucketPolicy policy = policy(statement("Allow", principal, "'S3:getobject'", "'arn:aws:s3:::buck*/*'", ""));
            assertThat(decide(policy, ANN, "s3:GetObject", "a")).isEqualTo(Decision.ALLOW);
            assertThat(decide(policy, new Caller("eve", "AK"), "s3:GetObject", "a"))
                    .isEqualTo(Decision.NONE);
            assertThat(decide(policy, Caller.ANONYMOUS, "s3:GetObject", "a")).isEqualTo(Decision.NONE);
            assertThat(policy.isPublic()).isFalse();
        }
    }

    @Example
    void conditions() {
        for (Object[] c : new Object[][] {
            {"{'StringEquals':{'s3:prefix':['a','b']}}", "s3:prefix", "b", true},
            {"{'StringEquals':{'s3:prefix':['a','b']}}", "s3:prefix", "c", false},
            {"{'StringEquals':{'s3:prefix':''}}", "x", "", false},
            {"{'StringEqualsIfExists':{'s3:prefix':'a'}}", "x", "", true},
            {"{'StringNotEquals':{'s3:prefix':['a','b']}}", "s3:prefix", "b", false},
            {"{'StringNotEquals':{'s3:prefix':'a'}}", "x", "", true},
            {"{'StringLike':{'S3:Prefix':'home/*'}}", "s3:prefix", "home/ann", true},
            {"{'StringNotLike':{'aws:Referer':'http://good/*'}}", "aws:referer", "http://evil/", true},
            {"{'StringEqualsIgnoreCase':{'aws:username':'ANN'}}", "aws:username", "ann", true},
            {"{'IpAddress':{'aws:SourceIp':['10.0.0.0/8','2001:db8::/32']}}", "aws:SourceIp", "10.1.2.3", true},
            {"{'IpAddress':{'aws:SourceIp':['10.0.0.0/8','2001:db8::/32']}}", "aws:SourceIp", "2001:db8::1", true},
            {"{'IpAddress':{'aws:SourceIp':['10.0.0.0/8','2001:db8::/32']}}", "aws:SourceIp", "11.1.2.3", false},
            {"{'NotIpAddress':{'aws:SourceIp':'10.1.2.3'}}", "aws:SourceIp", "10.1.2.3", false},
            {"{'NotIpAddress':{'aws:SourceIp':'10.1.2.3'}}", "aws:SourceIp", "10.1.2.4", true},
            {"{'Bool':{'aws:SecureTransport':false}}", "aws:SecureTransport", "false", true},
            {"{'Bool':{'aws:SecureTransport':'true'}}", "aws:SecureTransport", "false", false},
            {"{'NumericLessThanEquals':{'s3:max-keys':10}}", "s3:max-keys", "10", true},
            {"{'NumericLessThanEquals':{'s3:max-keys':10}}", "s3:max-keys", "11", false},
            {"{'NumericGreaterThan':{'s3:max-keys':'10'}}", "s3:max-keys", "ten", false},
            {"{'NumericNotEquals':{'s3:max-keys':'10'}}", "s3:max-keys", "10.0", false},
            {"{'Null':{'s3:x-amz-server-side-encryption':'true'}}", "x", "", true},
            {"{'Null':{'s3:x-amz-server-side-encryption':'false'}}", "x", "", false},
            {"{'StringEquals':{'s3:prefix':'a'},'Bool':{'aws:SecureTransport':'true'}}", "s3:prefix", "a", false},
        }) {
            Decision expected = (boolean) c[3] ? Decision.ALLOW : Decision.NONE;
            assertThat(decide(policy(allowAll((String) c[0])), ANN, "s3:ListBucket", "", (String) c[1], (String) c[2]))
                    .as("%s with %s=%s", c[0], c[1], c[2])
                    .isEqualTo(expected);
        }
        assertThat(policy(allowAll("{'IpAddress':{'aws:SourceIp':'10.0.0.0/8'}}"))
                        .isPublic())
                .isFalse();
        assertThat(policy(allowAll("{'IpAddress':{'aws:SourceIp':'0.0.0.0/0'}}"))
                        .isPublic())
                .isTrue();
        assertThat(policy(allowAll("{'StringLike':{'aws:Referer':'http://a/*'}}"))
                        .isPublic())
                .isTrue();
    }

    @Example
    void theContextOfARequest() {
        RequestHead head = RequestHead.of(
                "GET",
                "/bucket",
                "list-type=2&prefix=a%2Fb&max-keys=5",
                Headers.of(
                        "X-Amz-Acl",
                        "private",
                        "x-amz-object-lock-mode",
                        "GOVERNANCE",
                        "User-Agent",
                        "x",
                        "x-amz-meta-a",
                        "1"),
                Instant.EPOCH);
        PolicyRequest request =
                PolicyRequest.of(head, new Target("bucket", ""), ANN, "s3:ListBucket", true, "10.0.0.1", true);
        assertThat(request.context())
                .containsEntry("s3:prefix", "a/b")
                .containsEntry("s3:max-keys", "5")
                .containsEntry("s3:x-amz-acl", "private")
                .containsEntry("s3:object-lock-mode", "GOVERNANCE")
                .containsEntry("aws:securetransport", "true")
                .containsEntry("aws:SourceIp", "10.0.0.1")
                .containsEntry("aws:username", "ann")
                .containsEntry("s3:authtype", "REST-QUERY-STRING")
                .doesNotContainKey("s3:x-amz-meta-a");
    }

    @Example
    void whatWouldNotBeKeptIsRefusedByName() {
        String good = allowAll("");
        for (String[] bad : new String[][] {
            {good.replace("'Action'", "'NotAction'"), "NotAction is not supported"},
            {good.replace("'Principal':'*'", "'NotPrincipal':'*'"), "NotPrincipal is not supported"},
            {good.replace("'Principal':'*',", ""), "Principal"},
            {good.replace("'*'", "{'Service':'logging.s3.amazonaws.com'}"), "Unknown field Service"},
            {good.replace("'*'", "{'AWS':'arn:aws:iam::1:role/x'}"), "arn:aws:iam::1:role/x"},
            {good.replace("s3:*", "s3:GetObjekt"), "invalid action: 's3:GetObjekt'"},
            {good.replace("s3:*", "ec2:*"), "invalid action"},
            {good.replace("s3:::bucket/", "s3:::other/"), "invalid resource: 'arn:aws:s3:::other/*'"},
            {good.replace("'arn:aws:s3:::bucket',", "'*',"), "invalid resource: '*'"},
            {good.replace("bucket/*", "bucket/${aws:username}/*"), "variables are not supported"},
            {good.replace("Allow", "Maybe"), "Invalid effect: 'Maybe'"},
            {allowAll("{'DateLessThan':{'aws:CurrentTime':'2030-01-01T00:00:00Z'}}"), "'DateLessThan' is not supported"
            },
            {allowAll("{'ForAnyValue:StringLike':{'s3:prefix':'a'}}"), "'ForAnyValue:StringLike' is not supported"},
            {allowAll("{'StringEquals':{'aws:PrincipalOrgID':'o-1'}}"), "'aws:PrincipalOrgID' is not supported"},
            {allowAll("{'IpAddress':{'aws:SourceIp':'10.0.0.0/33'}}"), "'10.0.0.0/33'"},
            {allowAll("{'IpAddress':{'aws:SourceIp':'localhost'}}"), "'localhost'"},
            {allowAll("{'Bool':{'aws:SecureTransport':'maybe'}}"), "'maybe'"},
            {good.replace("'Effect'", "'Extra':1,'Effect'"), "Unknown field Extra"},
        }) {
            S3Exception refused = catchThrowableOfType(S3Exception.class, () -> policy(bad[0]));
            assertThat(refused).as(bad[0]).isNotNull();
            assertThat(refused.code()).isEqualTo(S3ErrorCode.MALFORMED_POLICY);
            assertThat(refused).hasMessageContaining(bad[1]);
        }
        for (String json : new String[] {
            "",
            "[]",
            "{",
            "{}",
            "{\"Statement\":[]}",
            "{\"Version\":\"2020-01-01\",\"Statement\":[]}",
            "null",
            "{} {}",
            "{\"Statement\":{},\"Statement\":{}}",
            "[".repeat(100),
            " ".repeat(BucketPolicy.MAX_OCTETS + 1)
        }) {
            assertThat(catchThrowableOfType(S3Exception.class, () -> BucketPolicy.parse(json, "bucket"))
                            .code())
                    .as(json.strip())
                    .isEqualTo(S3ErrorCode.MALFORMED_POLICY);
        }
    }

    @Property
    void wildcardsDoWhatRegularExpressionsDo(
            @ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 8) String text,
            @ForAll @StringLength(max = 6) @net.jqwik.api.constraints.Chars({'a', 'b', '*', '?'}) String pattern) {
        assertThat(Wildcard.matches(pattern, text))
                .isEqualTo(text.matches(pattern.replace("*", ".*").replace("?", ".")));
    }

    @Property
    void anyPolicyIsAnswered(@ForAll @StringLength(max = 100) String text) {
        for (String json : new String[] {text, "{" + text, "{\"Statement\":" + text + "}"}) {
            Throwable thrown = org.assertj.core.api.Assertions.catchThrowable(() -> BucketPolicy.parse(json, "bucket"));
            assertThat(thrown).isInstanceOf(S3Exception.class);
        }
    }
}

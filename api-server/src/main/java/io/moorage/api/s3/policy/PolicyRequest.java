package io.moorage.api.s3.policy;

import io.moorage.api.s3.auth.Caller;
import io.moorage.api.s3.request.RequestHead;
import io.moorage.api.s3.request.Target;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a policy is asked about.
 *
 * @param action such as s3:GetObject
 * @param context condition keys, whatever their case, with their values; absent: the request does not have it
 */
public record PolicyRequest(Caller caller, String action, Target target, Map<String, String> context) {
    /** All condition keys that are known. Those of headers are the header's name behind "s3:". */
    static final Set<String> KEYS = Set.of(
            "aws:sourceip",
            "aws:securetransport",
            "aws:username",
            "aws:referer",
            "aws:useragent",
            "s3:prefix",
            "s3:delimiter",
            "s3:max-keys",
            "s3:versionid",
            "s3:authtype",
            "s3:signatureversion",
            "s3:x-amz-acl",
            "s3:x-amz-copy-source",
            "s3:x-amz-metadata-directive",
            "s3:x-amz-server-side-encryption",
            "s3:x-amz-storage-class",
            "s3:x-amz-content-sha256",
            "s3:object-lock-mode",
            "s3:object-lock-legal-hold");

    public PolicyRequest {
        Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        copy.putAll(context);
        context = Collections.unmodifiableMap(copy);
    }

    /**
     * @param secure whether it came over TLS
     * @param remoteAddress an address, not a name
     * @param presigned whether its signature stood in the query
     */
    public static PolicyRequest of(
            RequestHead head,
            Target target,
            Caller caller,
            String action,
            boolean secure,
            String remoteAddress,
            boolean presigned) {
        Map<String, String> context = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        context.put("aws:SourceIp", remoteAddress);
        context.put("aws:SecureTransport", Boolean.toString(secure));
        if (!caller.anonymous()) {
            context.put("aws:username", caller.user());
            context.put("s3:authType", presigned ? "REST-QUERY-STRING" : "REST-HEADER");
            context.put("s3:signatureversion", "AWS4-HMAC-SHA256");
        }
        head.headers().first("Referer").ifPresent(value -> context.put("aws:Referer", value));
        head.headers().first("User-Agent").ifPresent(value -> context.put("aws:UserAgent", value));
        for (String parameter : new String[] {"prefix", "delimiter", "max-keys", "versionId"}) {
            head.query().first(parameter).ifPresent(value -> context.put("s3:" + parameter, value));
        }
        for (String name : head.headers().names()) {
            String lower = name.toLowerCase(Locale.ROOT);
            String key = "s3:" + (lower.startsWith("x-amz-object-lock-") ? lower.substring("x-amz-".length()) : lower);
            if (lower.startsWith("x-amz-") && KEYS.contains(key)) {
                context.put(key, head.headers().first(name).orElse(""));
            }
        }
        return new PolicyRequest(caller, action, target, context);
    }
}

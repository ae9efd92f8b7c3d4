package io.moorage.api.s3.form;

import io.moorage.api.s3.access.Authorization;
import io.moorage.api.s3.auth.Caller;
import io.moorage.api.s3.auth.PostFormVerifier;
import io.moorage.api.s3.body.Payload;
import io.moorage.api.s3.body.PostForm;
import io.moorage.api.s3.body.UploadBody;
import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.encryption.Encryption;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.object.Content;
import io.moorage.api.s3.object.Locks;
import io.moorage.api.s3.object.NewObject;
import io.moorage.api.s3.object.ObjectAnswer;
import io.moorage.api.s3.object.StoredObject;
import io.moorage.api.s3.policy.PostPolicy;
import io.moorage.api.s3.request.Headers;
import io.moorage.api.s3.request.Operation;
import io.moorage.api.s3.request.PercentCoding;
import io.moorage.api.s3.request.Target;
import io.moorage.api.s3.xml.ObjectAnswers;
import io.moorage.client.PutOptions;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.Precondition;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** POST Object: the form brings its signature and its policy along. Thread-safe. */
public final class FormUploads {
    private final PostFormVerifier verifier;
    private final Authorization authorization;
    private final Encryption encryption;

    public FormUploads(PostFormVerifier verifier, Authorization authorization, Encryption encryption) {
        this.verifier = verifier;
        this.authorization = authorization;
        this.encryption = encryption;
    }

    public void post(S3Exchange exchange, Bucket bucket) throws IOException {
        PostForm form =
                PostForm.open(exchange.raw(), exchange.header("Content-Type").orElse(""));
        Map<String, String> fields = new TreeMap<>(form.fields());
        Caller caller = verifier.verify(fields);
        if (fields.getOrDefault("key", "").isEmpty()) {
            throw new S3Exception(S3ErrorCode.USER_KEY_MUST_BE_SPECIFIED);
        }
        String key = fields.get("key").replace("${filename}", form.fileName());
        Target.checkKey(key);
        if (key.endsWith("/")) {
            throw S3Exception.notImplemented("A key that ends with '/' is a directory, and has no content.");
        }
        Optional<PostPolicy> policy = Optional.ofNullable(fields.get("policy")).map(PostPolicy::parse);
        fields.put("bucket", bucket.name());
        policy.ifPresent(it -> it.check(fields, Instant.now()));
        S3Exchange asCaller = exchange.as(caller, new Target(bucket.name(), key));
        authorization.check(asCaller, bucket, key, Operation.PUT_OBJECT, false);
        answer(asCaller, bucket, fields, put(asCaller, bucket, form, fields, policy));
    }

    private Entry put(
            S3Exchange exchange, Bucket bucket, PostForm form, Map<String, String> fields, Optional<PostPolicy> policy)
            throws IOException {
        Headers headers = headers(fields);
        NewObject object = NewObject.of(headers);
        Content content = new Content(
                UploadBody.open(form, headers, Payload.UNSIGNED, Optional.empty()),
                encryption.ofNew(headers, bucket.encryptedByDefault()));
        PutOptions options = new PutOptions(
                bucket.entryKey(exchange.key()),
                object.contentType(),
                object.metadata(),
                Precondition.getDefaultInstance(),
                () -> {
                    policy.ifPresent(it -> it.checkLength(content.bodyDigests().size()));
                    return content.digests();
                },
                () -> content.attributes(object.attributes(content.facts())),
                Locks.ofNew(exchange, bucket));
        Entry entry =
                bucket.store().put(options, content.in(), -1, exchange.call()).getEntry();
        content.seal().ifPresent(it -> it.headers().forEach(exchange::answer));
        return entry;
    }

    /** Fields are named like the headers of a PutObject. */
    private static Headers headers(Map<String, String> fields) {
        List<String> pairs = new ArrayList<>();
        fields.forEach((name, value) -> {
            boolean like = name.startsWith("x-amz-meta-")
                    || name.startsWith("x-amz-checksum-")
                    || name.startsWith("x-amz-server-side-encryption")
                    || List.of(
                                    "cache-control",
                                    "content-type",
                                    "content-disposition",
                                    "content-encoding",
                                    "content-language",
                                    "content-md5",
                                    "expires",
                                    "x-amz-storage-class",
                                    "x-amz-website-redirect-location",
                                    "x-amz-sdk-checksum-algorithm",
                                    "x-amz-tagging")
                            .contains(name);
            if (like) {
                pairs.addAll(List.of(name, value));
            } else if (name.equals("acl")) {
                pairs.addAll(List.of("x-amz-acl", value));
            }
        });
        return Headers.of(pairs.toArray(String[]::new));
    }

    private static void answer(S3Exchange exchange, Bucket bucket, Map<String, String> fields, Entry entry) {
        StoredObject object = new StoredObject(entry);
        exchange.answer("ETag", object.quotedEtag());
        ObjectAnswer.version(exchange, bucket, entry);
        String location = exchange.context().req().getScheme() + "://"
                + exchange.head().host() + "/" + bucket.name() + "/" + PercentCoding.encode(exchange.key(), true);
        exchange.answer("Location", location);
        String redirect = fields.getOrDefault("success_action_redirect", fields.getOrDefault("redirect", ""));
        if (redirect.matches("https?://[\\x21-\\x7e]+")) {
            exchange.answer(
                    "Location",
                    redirect + (redirect.contains("?") ? "&" : "?") + "bucket=" + bucket.name() + "&key="
                            + PercentCoding.encode(exchange.key(), false) + "&etag="
                            + PercentCoding.encode(object.quotedEtag(), false));
            exchange.answer(303);
            return;
        }
        switch (fields.getOrDefault("success_action_status", "204")) {
            case "200" -> exchange.answer(200);
            case "201" ->
                exchange.answer(201, ObjectAnswers.posted(location, bucket.name(), exchange.key(), object.etag()));
            default -> exchange.answer(204);
        }
    }
}

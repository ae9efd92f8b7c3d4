package io.moorage.api.s3.encryption;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.Headers;
import io.moorage.client.EntryReader;
import io.moorage.protocol.v1.Entry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which key an object is encrypted by, and whether a request may read it. Nothing that asks for encryption succeeds without it.
 * Thread-safe.
 */
public final class Encryption {
    private static final String SSE = "x-amz-server-side-encryption";
    private static final String AES256 = "AES256";

    private final ClusterKeys keys;

    public Encryption(ClusterKeys keys) {
        this.keys = keys;
    }

    /** Whether the cluster has a key of its own. */
    public boolean hasClusterKey() {
        return keys.current().isPresent();
    }

    /** @throws S3Exception NotImplemented, if the cluster has no key */
    public void requireClusterKey() {
        if (!hasClusterKey()) {
            throw S3Exception.notImplemented("Server side encryption with a key of the cluster needs one: set"
                    + " s3.encryption-keys-file of the API server, or encrypt with a key of your own (SSE-C).");
        }
    }

    /**
     * What a new object is to be sealed by.
     *
     * @param byDefault whether its bucket encrypts what nothing is said of
     * @return empty: nothing
     * @throws S3Exception for what is not understood, and for what cannot be done
     */
    public Optional<Seal> ofNew(Headers headers, boolean byDefault) {
        Optional<CustomerKey> customer = customerKey(headers);
        Optional<String> algorithm = algorithm(headers);
        if (customer.isPresent()) {
            if (algorithm.isPresent()) {
                throw S3Exception.invalidArgument(
                        "Server Side Encryption with Customer provided key is incompatible with the encryption method"
                                + " specified",
                        SSE,
                        algorithm.get());
            }
            ObjectKey key = ObjectKey.random();
            return Optional.of(new Seal(
                    new SealedContent(
                            SealedContent.Kind.CUSTOMER,
                            "",
                            key.wrap(customer.get().octets()),
                            List.of()),
                    key,
                    customer.get().headers()));
        }
        return algorithm.isPresent() || byDefault ? Optional.of(byCluster()) : Optional.empty();
    }

    private Seal byCluster() {
        requireClusterKey();
        String id = keys.current().orElseThrow();
        ObjectKey key = ObjectKey.random();
        return new Seal(
                new SealedContent(
                        SealedContent.Kind.CLUSTER, id, key.wrap(keys.find(id).orElseThrow()), List.of()),
                key,
                Map.of(SSE, AES256));
    }

    /** AES256, if that is asked for. */
    private static Optional<String> algorithm(Headers headers) {
        for (String name : headers.names()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(SSE) && !lower.equals(SSE) && !lower.startsWith(CustomerKey.OWN)) {
                throw S3Exception.notImplemented(
                        "There is no key management service: leave " + lower + " out, and encrypt with AES256.");
            }
        }
        Optional<String> algorithm = headers.first(SSE);
        algorithm.ifPresent(value -> {
            if (value.startsWith("aws:")) {
                throw S3Exception.notImplemented("There is no key management service: " + SSE + " '" + value
                        + "' cannot be had; encrypt with AES256.");
            }
            if (!value.equals(AES256)) {
                throw new S3Exception(S3ErrorCode.INVALID_ENCRYPTION_ALGORITHM)
                        .with("ArgumentName", SSE)
                        .with("ArgumentValue", value);
            }
        });
        return algorithm;
    }

    /** The key that a request brings for its own object. */
    public static Optional<CustomerKey> customerKey(Headers headers) {
        return CustomerKey.of(headers, CustomerKey.OWN);
    }

    /** The key that a request brings for the object that it copies. */
    public static Optional<CustomerKey> sourceKey(Headers headers) {
        return CustomerKey.of(headers, CustomerKey.OF_SOURCE);
    }

    /**
     * What the parts of an upload are sealed by.
     *
     * @param upload what was said when it was begun; empty: nothing
     * @param headers of the part
     * @throws S3Exception InvalidRequest if they do not fit each other
     */
    public Optional<Seal> ofPart(Optional<SealedContent> upload, Headers headers) {
        Optional<CustomerKey> customer = customerKey(headers);
        if (customer.isPresent()
                && upload.filter(it -> it.kind() == SealedContent.Kind.CUSTOMER).isEmpty()) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "The multipart upload was not initiated with a customer provided key: leave the encryption"
                            + " parameters out.");
        }
        return upload.map(content -> {
            if (content.kind() == SealedContent.Kind.CUSTOMER && customer.isEmpty()) {
                throw new S3Exception(
                        S3ErrorCode.INVALID_REQUEST,
                        "The multipart upload initiate requested encryption. Subsequent part requests must include the"
                                + " appropriate encryption parameters.");
            }
            ObjectKey key = unwrap(content, customer)
                    .orElseThrow(() -> new S3Exception(
                            S3ErrorCode.INVALID_REQUEST,
                            "The provided encryption parameters did not match the ones used originally."));
            return new Seal(content, key, headers(content, customer));
        });
    }

    /** What answers say of an object's encryption. */
    public static Map<String, String> headers(SealedContent content, Optional<CustomerKey> customer) {
        return content.kind() == SealedContent.Kind.CLUSTER
                ? Map.of(SSE, AES256)
                : customer.map(CustomerKey::headers).orElse(Map.of());
    }

    /**
     * What is kept of an object's encryption, once it is known that the request may read it.
     *
     * @param customer the key that it brings
     * @throws S3Exception InvalidRequest if a key is missing, or needless; AccessDenied if it is another one
     */
    public Optional<SealedContent> check(Entry entry, Optional<CustomerKey> customer) {
        return open(entry, customer).map(Opened::content);
    }

    private record Opened(SealedContent content, ObjectKey key) {}

    private Optional<Opened> open(Entry entry, Optional<CustomerKey> customer) {
        Optional<SealedContent> content = SealedContent.of(entry);
        boolean needed =
                content.filter(it -> it.kind() == SealedContent.Kind.CUSTOMER).isPresent();
        if (customer.isPresent() && !needed) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST, "The encryption parameters are not applicable to this object.");
        }
        if (customer.isEmpty() && needed) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "The object was stored using a form of Server Side Encryption. The correct parameters must be"
                            + " provided to retrieve the object.");
        }
        return content.map(it -> {
            ObjectKey key = unwrap(it, customer)
                    .orElseThrow(() -> new S3Exception(
                            S3ErrorCode.ACCESS_DENIED,
                            "Access Denied: the provided encryption key is not the one of this object."));
            if (it.sealedSize() != entry.getSize()) {
                throw new S3Exception(
                        S3ErrorCode.INTERNAL_ERROR,
                        "The object was encrypted, and then changed by other means than S3: it cannot be read any"
                                + " more.");
            }
            return new Opened(it, key);
        });
    }

    private Optional<ObjectKey> unwrap(SealedContent content, Optional<CustomerKey> customer) {
        byte[] by = content.kind() == SealedContent.Kind.CUSTOMER
                ? customer.orElseThrow().octets()
                : keys.find(content.keyId())
                        .orElseThrow(() -> new S3Exception(
                                S3ErrorCode.SERVICE_UNAVAILABLE,
                                "The object is encrypted by the cluster's key '" + content.keyId()
                                        + "', which this server does not have: put it into its"
                                        + " s3.encryption-keys-file."));
        return ObjectKey.unwrap(content.wrapped(), by);
    }

    /**
     * The same entry, to be read as the bytes that were put.
     *
     * @param customer the key that the request brings
     * @throws S3Exception as {@link #check}
     */
    public EntryReader opening(EntryReader reader, Optional<CustomerKey> customer) {
        return open(reader.entry(), customer)
                .<EntryReader>map(opened ->
                        new OpeningReader(reader, opened.key(), opened.content().sizes()))
                .orElse(reader);
    }

    /**
     * Whether an object can be copied without being read: it is not encrypted and is not to be, or its key can be kept.
     *
     * @param content of the source, as it was checked
     * @param headers of the request
     * @param wanted of the copy
     */
    public boolean keeps(Optional<SealedContent> content, Headers headers, Optional<Seal> wanted) {
        if (content.isEmpty() || wanted.isEmpty()) {
            return content.isEmpty() && wanted.isEmpty();
        }
        if (content.get().kind() != wanted.get().content().kind()) {
            return false;
        }
        return content.get().kind() == SealedContent.Kind.CLUSTER
                ? keys.current().filter(content.get().keyId()::equals).isPresent()
                : customerKey(headers).equals(sourceKey(headers));
    }
}

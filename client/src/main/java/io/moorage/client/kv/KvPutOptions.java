package io.moorage.client.kv;

/**
 * How to write a key. Immutable.
 *
 * @param contentType may be empty
 * @param leaseId the key is deleted when this lease ends; 0 = it stays
 * @param returnPrevious answer with what was there before
 */
public record KvPutOptions(String contentType, long leaseId, boolean returnPrevious) {
    public static final KvPutOptions DEFAULT = new KvPutOptions("", 0, true);

    public KvPutOptions withLease(long id) {
        return new KvPutOptions(contentType, id, returnPrevious);
    }
}

package io.moorage.node.store.kv;

/** The disk below the store failed. The replica must stop: what is in memory may not be what is on disk. */
public final class StoreIoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreIoException(String message, Throwable cause) {
        super(message, cause);
    }
}

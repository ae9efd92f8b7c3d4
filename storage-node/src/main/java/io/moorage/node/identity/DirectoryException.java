package io.moorage.node.identity;

/** The storage directory cannot be used; the message says why and what to do. */
public final class DirectoryException extends Exception {
    private static final long serialVersionUID = 1L;

    public DirectoryException(String message, Throwable cause) {
        super(message, cause);
    }
}

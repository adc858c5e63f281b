package dev.terrane.compute.proxy;

/** A peer sent what HTTP/1.1 does not allow, or what is allowed but refused because parties may read it differently. */
final class MalformedMessageException extends Exception {
    /** What a client is answered when the message is its request. */
    final int status;

    MalformedMessageException(String message) {
        this(400, message);
    }

    MalformedMessageException(int status, String message) {
        super(message);
        this.status = status;
    }
}

package dev.terrane.gateway.protocol;

/** A message does not follow its protocol; each protocol turns it into its own error code. */
final class MalformedInputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedInputException(String message) {
        super(message, null, false, false);
    }
}

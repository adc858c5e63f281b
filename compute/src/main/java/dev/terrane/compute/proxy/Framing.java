package dev.terrane.compute.proxy;

/** How a message's body is told from what follows it (RFC 9112, section 6.3). */
sealed interface Framing {
    /** There is no body. */
    record None() implements Framing {}

    /** So many bytes. */
    record Length(long bytes) implements Framing {}

    /** Chunks, the last of which is empty. */
    record Chunked() implements Framing {}

    /** Everything until the connection ends; responses only. */
    record UntilClose() implements Framing {}

    Framing NONE = new None();
    Framing CHUNKED = new Chunked();
    Framing UNTIL_CLOSE = new UntilClose();
}

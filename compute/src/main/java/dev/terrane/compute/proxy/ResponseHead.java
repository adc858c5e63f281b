package dev.terrane.compute.proxy;

/**
 * A response without its body.
 *
 * @param keepAlive whether the target lets the connection stay
 */
record ResponseHead(int status, String reason, Headers headers, Framing framing, boolean keepAlive) {}

package dev.terrane.gateway.protocol;

/**
 * An HTTP response to be sent. The answer to HEAD carries the headers of GET and an empty body.
 *
 * @param status the HTTP status
 */
public record WireResponse(int status, Headers headers, WireBody body) {}

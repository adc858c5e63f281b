package dev.terrane.compute.proxy;

/**
 * A request without its body.
 *
 * @param target in origin form ({@code /path?query}), or {@code *}
 * @param host from the target when it had one, else from the Host field; empty when an HTTP/1.0 request has none
 * @param version11 HTTP/1.1, else HTTP/1.0
 * @param keepAlive whether the client expects the connection to stay
 * @param webSocket whether an upgrade to a WebSocket is asked for
 */
record RequestHead(
        String method,
        String target,
        String host,
        boolean version11,
        Headers headers,
        Framing framing,
        boolean keepAlive,
        boolean webSocket) {
    String path() {
        int question = target.indexOf('?');
        return question < 0 ? target : target.substring(0, question);
    }

    String query() {
        int question = target.indexOf('?');
        return question < 0 ? "" : target.substring(question + 1);
    }

    boolean hasBody() {
        return !(framing instanceof Framing.None);
    }

    /** Whether doing it again can't do more (RFC 9110, section 9.2.2), and it can be sent again because there is no body. */
    boolean isRepeatable() {
        return !hasBody()
                && !webSocket
                && switch (method) {
                    case "GET", "HEAD", "OPTIONS", "PUT", "DELETE" -> true;
                    default -> false;
                };
    }

    /** Whether it is repeatable and asks for no change at all. */
    boolean isSafe() {
        return isRepeatable() && !method.equals("PUT") && !method.equals("DELETE");
    }
}

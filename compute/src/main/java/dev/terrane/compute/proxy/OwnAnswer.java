package dev.terrane.compute.proxy;

import dev.terrane.kernel.balancer.Action;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * An answer that the balancer gives by itself.
 *
 * @param location of a redirection
 * @param contentType empty for none
 */
record OwnAnswer(int status, Optional<String> location, String contentType, byte[] body) {
    private static final int LONGEST_LOCATION = 8 * 1024;

    /** An error with the small page that AWS's balancers send. */
    static OwnAnswer error(int status) {
        return page(status, Optional.empty());
    }

    static OwnAnswer fixed(Action.FixedResponse action) {
        return new OwnAnswer(
                action.statusCode(),
                Optional.empty(),
                action.contentType(),
                action.messageBody().getBytes(StandardCharsets.UTF_8));
    }

    /** A redirection; 507 when its location would be longer than 8 KB. */
    static OwnAnswer redirect(Action.Redirect action, RequestHead request, String protocol, int port) {
        Redirected to = new Redirected(request, protocol, port);
        String scheme = to.fill(action.protocol()).toLowerCase(Locale.ROOT);
        String query = to.fill(action.query());
        String location = scheme + "://" + to.fill(action.host()) + ":" + to.fill(action.port())
                + to.fill(action.path()) + (query.isEmpty() ? "" : "?" + query);
        return location.length() > LONGEST_LOCATION ? error(507) : page(action.statusCode(), Optional.of(location));
    }

    private static OwnAnswer page(int status, Optional<String> location) {
        String title = status + " " + reason(status);
        String html = "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title
                + "</h1></center>\r\n</body>\r\n</html>\r\n";
        return new OwnAnswer(status, location, "text/html", html.getBytes(StandardCharsets.US_ASCII));
    }

    /** The whole answer's head. */
    String head(boolean close) {
        StringBuilder head = new StringBuilder(256);
        head.append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(reason(status))
                .append("\r\nServer: awselb/2.0\r\n");
        if (!contentType.isEmpty()) {
            head.append("Content-Type: ").append(contentType).append("\r\n");
        }
        // A 204 has no body, and so no length (RFC 9110, section 8.6).
        if (status != 204) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        location.ifPresent(to -> head.append("Location: ").append(to).append("\r\n"));
        return head.append(close ? "Connection: close\r\n\r\n" : "Connection: keep-alive\r\n\r\n")
                .toString();
    }

    boolean hasBody() {
        return status != 204 && status != 304;
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 202 -> "Accepted";
            case 204 -> "No Content";
            case 301 -> "Moved Permanently";
            case 302 -> "Found";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Not Allowed";
            case 408 -> "Request Time-out";
            case 414 -> "Request-URI Too Large";
            case 429 -> "Too Many Requests";
            case 463 -> "Too Many Forwarded Addresses";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Temporarily Unavailable";
            case 504 -> "Gateway Time-out";
            case 505 -> "HTTP Version Not Supported";
            case 507 -> "Insufficient Storage";
            default -> "Status";
        };
    }

    private record Redirected(RequestHead request, String protocol, int port) {
        String fill(String text) {
            if (!text.contains("#{")) {
                return text;
            }
            return text.replace("#{protocol}", protocol)
                    .replace("#{port}", Integer.toString(port))
                    .replace("#{host}", RuleMatcher.withoutPort(request.host()))
                    .replace("#{path}", request.path().replaceFirst("^/", ""))
                    .replace("#{query}", request.query());
        }
    }
}

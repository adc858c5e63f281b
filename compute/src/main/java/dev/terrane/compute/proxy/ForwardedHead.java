package dev.terrane.compute.proxy;

import dev.terrane.kernel.balancer.BalancerSettings;
import dev.terrane.kernel.balancer.BalancerSettings.ForwardedFor;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/** Writes the heads that go on to targets and back to clients, without what concerns one connection only. */
final class ForwardedHead {
    /** What a Connection field may not have left out: the message would mean something else without it. */
    private static final Set<String> NEVER_NOMINATED =
            Set.of("host", "content-length", "transfer-encoding", "cookie", "authorization");

    private static final int MOST_FORWARDED_ADDRESSES = 30;

    private ForwardedHead() {}

    /** @throws MalformedMessageException with 463 when the request came by more than 30 addresses */
    static byte[] request(
            RequestHead request,
            BalancerSettings settings,
            String clientAddress,
            String protocol,
            int port,
            InstantSource clock)
            throws MalformedMessageException {
        StringBuilder head = new StringBuilder(1024);
        head.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
        head.append("X-Forwarded-Proto: ")
                .append(protocol)
                .append("\r\nX-Forwarded-Port: ")
                .append(port);
        head.append("\r\nHost: ").append(request.host()).append("\r\n");
        forwardedFor(head, request.headers(), settings.forwardedFor(), clientAddress);
        head.append("X-Amzn-Trace-Id: ")
                .append(traceId(request.headers(), clock))
                .append("\r\n");
        Set<String> nominated = nominated(request.headers());
        for (int i = 0; i < request.headers().size(); i++) {
            String name = request.headers().name(i);
            String lower = name.toLowerCase(Locale.ROOT);
            boolean left = switch (lower) {
                case "host",
                        "content-length",
                        "x-forwarded-for",
                        "x-forwarded-proto",
                        "x-forwarded-port",
                        "x-amzn-trace-id" -> true;
                default -> ofConnection(lower) || nominated.contains(lower);
            };
            if (!left && !(settings.dropInvalidHeaderFields() && !isPlainName(name))) {
                head.append(name)
                        .append(": ")
                        .append(request.headers().value(i))
                        .append("\r\n");
            }
        }
        switch (request.framing()) {
            case Framing.Length length ->
                head.append("Content-Length: ").append(length.bytes()).append("\r\n");
            case Framing.Chunked chunked -> head.append("Transfer-Encoding: chunked\r\n");
            case Framing.None none -> {
                if (request.headers().count("Content-Length") > 0) {
                    head.append("Content-Length: 0\r\n");
                }
            }
            case Framing.UntilClose untilClose -> throw new IllegalStateException("A request has an end");
        }
        if (request.webSocket()) {
            head.append("Connection: upgrade\r\nUpgrade: websocket\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * @param chunked whether the body goes to the client in chunks
     * @param more header lines of the balancer's own
     */
    static byte[] response(ResponseHead response, boolean chunked, boolean close, String more) {
        StringBuilder head = new StringBuilder(512);
        head.append("HTTP/1.1 ")
                .append(response.status())
                .append(' ')
                .append(response.reason())
                .append("\r\n");
        boolean noLength = response.status() < 200 || response.status() == 204;
        Set<String> nominated = nominated(response.headers());
        for (int i = 0; i < response.headers().size(); i++) {
            String name = response.headers().name(i);
            String lower = name.toLowerCase(Locale.ROOT);
            if (!ofConnection(lower) && !nominated.contains(lower) && !(noLength && lower.equals("content-length"))) {
                head.append(name)
                        .append(": ")
                        .append(response.headers().value(i))
                        .append("\r\n");
            }
        }
        head.append(more);
        if (response.status() == 101) {
            head.append("Connection: upgrade\r\nUpgrade: websocket\r\n");
        } else if (chunked) {
            head.append("Transfer-Encoding: chunked\r\n");
        }
        if (response.status() >= 200) {
            head.append(close ? "Connection: close\r\n" : "Connection: keep-alive\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void forwardedFor(StringBuilder head, Headers headers, ForwardedFor mode, String clientAddress)
            throws MalformedMessageException {
        if (mode == ForwardedFor.REMOVE) {
            return;
        }
        String former = String.join(", ", headers.all("X-Forwarded-For"));
        if (former.split(",", -1).length > MOST_FORWARDED_ADDRESSES) {
            throw new MalformedMessageException(463, "Too many forwarded addresses");
        }
        if (mode == ForwardedFor.APPEND) {
            former = former.isEmpty() ? clientAddress : former + ", " + clientAddress;
        }
        if (!former.isEmpty()) {
            head.append("X-Forwarded-For: ").append(former).append("\r\n");
        }
    }

    /**
     * The request's trace id, with ours added.
     *
     * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html">Request tracing</a>
     */
    private static String traceId(Headers headers, InstantSource clock) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        String id = "1-" + hex.toHexDigits((int) clock.instant().getEpochSecond()) + "-"
                + hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextInt());
        String former = headers.first("X-Amzn-Trace-Id").orElse("");
        if (former.isEmpty()) {
            return "Root=" + id;
        }
        List<String> fields = List.of(former.split(";"));
        if (fields.stream().noneMatch(field -> field.strip().startsWith("Root="))) {
            return "Root=" + id + ";" + former;
        }
        return "Self=" + id + ";"
                + fields.stream()
                        .filter(field -> !field.strip().startsWith("Self="))
                        .collect(Collectors.joining(";"));
    }

    private static boolean ofConnection(String lower) {
        return switch (lower) {
            case "connection",
                    "keep-alive",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "http2-settings" -> true;
            default -> false;
        };
    }

    private static Set<String> nominated(Headers headers) {
        List<String> fields = headers.all("Connection");
        if (fields.isEmpty()) {
            return Set.of();
        }
        return fields.stream()
                .flatMap(field -> List.of(field.split(",")).stream())
                .map(token -> token.strip().toLowerCase(Locale.ROOT))
                .filter(token -> !NEVER_NOMINATED.contains(token))
                .collect(Collectors.toSet());
    }

    private static boolean isPlainName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '-' && !Character.isLetterOrDigit(c)) {
                return false;
            }
        }
        return true;
    }
}

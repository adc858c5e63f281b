package dev.terrane.compute.proxy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Reads heads of messages by the strict rules of RFC 9112. Whatever two parties could read differently (folded lines, white space before a colon,
 * several lengths, a length beside a transfer coding) is refused, so that no request can be smuggled past the rules.
 */
final class HeadParser {
    private static final int MAXIMUM_LINE = 16 * 1024;
    private static final boolean[] TOKEN = new boolean[128];

    static {
        for (char c = '0'; c <= 'z'; c++) {
            TOKEN[c] = Character.isLetterOrDigit(c);
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    private final byte[] bytes;
    private final int end;
    private int position;

    private HeadParser(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    /** Reads a request's head from {@code start} to {@code end}, its empty line included. */
    static RequestHead request(byte[] bytes, int start, int end) throws MalformedMessageException {
        return new HeadParser(bytes, start, end).request();
    }

    /** Reads the head of the response to a request of this method. */
    static ResponseHead response(byte[] bytes, int start, int end, String method) throws MalformedMessageException {
        return new HeadParser(bytes, start, end).response(method);
    }

    private RequestHead request() throws MalformedMessageException {
        String line = line(414, "The request line is too long");
        int first = line.indexOf(' ');
        int second = line.indexOf(' ', first + 1);
        if (first < 1 || second < 0 || line.indexOf(' ', second + 1) >= 0) {
            throw new MalformedMessageException("Not a request line");
        }
        String method = line.substring(0, first);
        requireToken(method);
        String target = line.substring(first + 1, second);
        requireVisible(target);
        String version = line.substring(second + 1);
        boolean version11 = version.equals("HTTP/1.1");
        if (!version11 && !version.equals("HTTP/1.0")) {
            throw new MalformedMessageException(
                    version.matches("HTTP/[0-9]\\.[0-9]") ? 505 : 400, "Not a version that is spoken: " + version);
        }
        if (method.equals("TRACE")) {
            throw new MalformedMessageException(405, "TRACE is not supported");
        }
        Headers headers = headers();
        List<String> hosts = headers.all("Host");
        if (hosts.size() > 1 || (hosts.isEmpty() && version11)) {
            throw new MalformedMessageException("A request has one Host field");
        }
        String host = hosts.isEmpty() ? "" : hosts.getFirst();
        if (!target.startsWith("/") && !(target.equals("*") && method.equals("OPTIONS"))) {
            String lower = target.toLowerCase(Locale.ROOT);
            int scheme = lower.startsWith("http://") ? 7 : lower.startsWith("https://") ? 8 : -1;
            if (scheme < 0) {
                throw new MalformedMessageException("Not a request target");
            }
            int path = indexOfAny(target, scheme, "/?");
            host = target.substring(scheme, path);
            target = path == target.length() ? "/" : target.substring(path);
            target = target.startsWith("?") ? "/" + target : target;
        }
        requireHost(host);
        boolean upgrade = headers.hasToken("Connection", "upgrade");
        boolean webSocket = version11
                && upgrade
                && method.equals("GET")
                && headers.first("Upgrade").orElse("").equalsIgnoreCase("websocket");
        Framing framing = requestFraming(headers, version11);
        boolean keepAlive = version11 && !headers.hasToken("Connection", "close");
        return new RequestHead(
                method,
                target,
                host,
                version11,
                headers,
                framing,
                keepAlive,
                webSocket && framing instanceof Framing.None);
    }

    private static Framing requestFraming(Headers headers, boolean version11) throws MalformedMessageException {
        List<String> codings = headers.all("Transfer-Encoding");
        List<String> lengths = headers.all("Content-Length");
        if (codings.isEmpty()) {
            if (lengths.isEmpty()) {
                return Framing.NONE;
            }
            long length = length(lengths);
            return length == 0 ? Framing.NONE : new Framing.Length(length);
        }
        if (!lengths.isEmpty() || !version11) {
            throw new MalformedMessageException("A transfer coding beside a length, or in HTTP/1.0");
        }
        if (codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
            throw new MalformedMessageException(501, "Not a transfer coding that is supported");
        }
        return Framing.CHUNKED;
    }

    private ResponseHead response(String method) throws MalformedMessageException {
        String line = line(502, "The status line is too long");
        boolean version11 = line.startsWith("HTTP/1.1 ");
        if ((!version11 && !line.startsWith("HTTP/1.0 ")) || line.length() < 12) {
            throw new MalformedMessageException("Not a status line");
        }
        int status = 0;
        for (int i = 9; i < 12; i++) {
            int digit = line.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new MalformedMessageException("Not a status");
            }
            status = status * 10 + digit;
        }
        if (status < 100 || (line.length() > 12 && line.charAt(12) != ' ')) {
            throw new MalformedMessageException("Not a status");
        }
        String reason = line.length() > 13 ? line.substring(13) : "";
        requireFieldValue(reason);
        Headers headers = headers();
        Framing framing = responseFraming(headers, status, method);
        boolean keepAlive = version11
                ? !headers.hasToken("Connection", "close")
                : headers.hasToken("Connection", "keep-alive") && headers.count("Transfer-Encoding") == 0;
        return new ResponseHead(
                status, reason, headers, framing, keepAlive && !(framing instanceof Framing.UntilClose));
    }

    private static Framing responseFraming(Headers headers, int status, String method)
            throws MalformedMessageException {
        List<String> codings = headers.all("Transfer-Encoding");
        List<String> lengths = headers.all("Content-Length");
        if (!codings.isEmpty() && !lengths.isEmpty()) {
            throw new MalformedMessageException("A transfer coding beside a length");
        }
        long length = lengths.isEmpty() ? -1 : length(lengths);
        if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
            return Framing.NONE;
        }
        if (!codings.isEmpty()) {
            if (codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
                throw new MalformedMessageException("Not a transfer coding that is supported");
            }
            return Framing.CHUNKED;
        }
        if (length < 0) {
            return Framing.UNTIL_CLOSE;
        }
        return length == 0 ? Framing.NONE : new Framing.Length(length);
    }

    private static long length(List<String> lengths) throws MalformedMessageException {
        String length = lengths.getFirst();
        if (lengths.size() > 1 || length.isEmpty() || length.length() > 18) {
            throw new MalformedMessageException("Not one length");
        }
        for (int i = 0; i < length.length(); i++) {
            if (length.charAt(i) < '0' || length.charAt(i) > '9') {
                throw new MalformedMessageException("Not a length: " + length);
            }
        }
        return Long.parseLong(length);
    }

    private Headers headers() throws MalformedMessageException {
        Headers headers = new Headers();
        while (true) {
            String line = line(400, "A header field is too long");
            if (line.isEmpty()) {
                if (position != end) {
                    throw new MalformedMessageException("An empty line within the head");
                }
                return headers;
            }
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new MalformedMessageException("Not a header field");
            }
            String name = line.substring(0, colon);
            requireToken(name);
            int from = colon + 1;
            int to = line.length();
            while (from < to && isBlank(line.charAt(from))) {
                from++;
            }
            while (from < to && isBlank(line.charAt(to - 1))) {
                to--;
            }
            String value = line.substring(from, to);
            requireFieldValue(value);
            headers.add(name, value);
        }
    }

    private String line(int status, String tooLong) throws MalformedMessageException {
        int start = position;
        int at = start;
        while (bytes[at] != '\n') {
            at++;
        }
        if (at - start > MAXIMUM_LINE) {
            throw new MalformedMessageException(status, tooLong);
        }
        position = at + 1;
        return new String(bytes, start, at - 1 - start, StandardCharsets.ISO_8859_1);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static int indexOfAny(String text, int from, String characters) {
        int at = from;
        while (at < text.length() && characters.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    private static void requireToken(String text) throws MalformedMessageException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 128 || !TOKEN[c]) {
                throw new MalformedMessageException("Not a token: " + text);
            }
        }
    }

    private static void requireVisible(String text) throws MalformedMessageException {
        if (text.isEmpty()) {
            throw new MalformedMessageException("Not a request target");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 127 || c == '#') {
                throw new MalformedMessageException("A character that a request target can't have");
            }
        }
    }

    private static void requireHost(String host) throws MalformedMessageException {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c <= ' ' || c >= 127 || "/?#@\\\"<>,".indexOf(c) >= 0) {
                throw new MalformedMessageException("Not a host");
            }
        }
    }

    private static void requireFieldValue(String value) throws MalformedMessageException {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 127) {
                throw new MalformedMessageException("A control character in a header field");
            }
        }
    }
}

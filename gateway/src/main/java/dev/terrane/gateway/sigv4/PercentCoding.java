package dev.terrane.gateway.sigv4;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Optional;

/** RFC 3986 percent coding as SigV4 wants it: only unreserved characters stay, digits are upper case. */
final class PercentCoding {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private PercentCoding() {}

    static boolean unreserved(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    /** Encodes all but the unreserved characters and slashes, percent signs included. */
    static String encodePath(String path) {
        StringBuilder out = new StringBuilder(path.length() + 16);
        for (byte b : path.getBytes(UTF_8)) {
            append(out, b, true);
        }
        return out.toString();
    }

    /** The same path with each character coded as SigV4 wants it, but not a second time; an encoded slash stays one. */
    static String normalizePath(String path) {
        return recode(path, true, false);
    }

    /** The same query part with each character coded as SigV4 wants it; a plus is a space. */
    static String normalizeQuery(String part) {
        return recode(part, false, true);
    }

    private static String recode(String text, boolean keepSlash, boolean plusIsSpace) {
        int clean = 0;
        while (clean < text.length() && (unreserved(text.charAt(clean)) || (keepSlash && text.charAt(clean) == '/'))) {
            clean++;
        }
        if (clean == text.length()) {
            return text;
        }
        byte[] bytes = text.getBytes(UTF_8);
        StringBuilder out = new StringBuilder(bytes.length + 16).append(text, 0, clean);
        for (int i = clean; i < bytes.length; i++) {
            if (bytes[i] == '%'
                    && i + 2 < bytes.length
                    && HexFormat.isHexDigit(bytes[i + 1])
                    && HexFormat.isHexDigit(bytes[i + 2])) {
                int value = HexFormat.fromHexDigit(bytes[i + 1]) << 4 | HexFormat.fromHexDigit(bytes[i + 2]);
                append(out, (byte) value, false);
                i += 2;
            } else if (plusIsSpace && bytes[i] == '+') {
                out.append("%20");
            } else {
                append(out, bytes[i], keepSlash);
            }
        }
        return out.toString();
    }

    private static void append(StringBuilder out, byte b, boolean keepSlash) {
        if (unreserved(b) || (keepSlash && b == '/')) {
            out.append((char) b);
        } else {
            out.append('%').append(HEX.toHighHexDigit(b)).append(HEX.toLowHexDigit(b));
        }
    }

    /** The text of a normalized part. */
    static String decode(String encoded) {
        if (encoded.indexOf('%') < 0) {
            return encoded;
        }
        byte[] out = new byte[encoded.length()];
        int length = 0;
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                out[length++] = (byte) HexFormat.fromHexDigits(encoded, i + 1, i + 3);
                i += 2;
            } else {
                out[length++] = (byte) c;
            }
        }
        return new String(out, 0, length, UTF_8);
    }

    /** The path without dot segments and repeated slashes, or nothing if there is nothing to take out. */
    static Optional<String> withoutDotSegments(String path) {
        if (!path.contains("//") && !path.contains("/.")) {
            return Optional.empty();
        }
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = path.split("/", -1);
        for (String segment : segments) {
            if (segment.equals("..")) {
                kept.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                kept.addLast(segment);
            }
        }
        String last = segments[segments.length - 1];
        boolean folder = last.isEmpty() || last.equals(".") || last.equals("..");
        String joined = "/" + String.join("/", kept);
        return Optional.of(folder && !kept.isEmpty() ? joined + "/" : joined);
    }
}

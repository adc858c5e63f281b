package dev.terrane.ec2;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A request to the instance metadata service, as HTTP/1.1 writes it; a body is read over. */
record MetadataRequest(String method, String path, boolean closes, Map<String, String> headers) {
    private static final int LONGEST_HEAD = 16 * 1024;
    private static final int LONGEST_BODY = 64 * 1024;

    /** It is not HTTP, or too long. */
    static final class Malformed extends Exception {
        private Malformed(String message) {
            super(message, null, false, false);
        }
    }

    /** Reads the next request; empty when the connection is closed before one. */
    static Optional<MetadataRequest> read(InputStream in) throws IOException, Malformed {
        int[] left = {LONGEST_HEAD};
        String first = line(in, left);
        if (first.isEmpty()) {
            return Optional.empty();
        }
        String[] words = first.split(" ", -1);
        if (words.length != 3 || !words[1].startsWith("/") || !words[2].startsWith("HTTP/1.")) {
            throw new Malformed("Not an HTTP request");
        }
        Map<String, String> headers = new HashMap<>();
        String line = line(in, left);
        while (!line.isEmpty()) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new Malformed("Not a header");
            }
            headers.putIfAbsent(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
            line = line(in, left);
        }
        skipBody(in, headers);
        String connection = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
        boolean closes = words[2].equals("HTTP/1.0") ? !connection.equals("keep-alive") : connection.equals("close");
        int query = words[1].indexOf('?');
        return Optional.of(new MetadataRequest(
                words[0], query < 0 ? words[1] : words[1].substring(0, query), closes, Map.copyOf(headers)));
    }

    private static void skipBody(InputStream in, Map<String, String> headers) throws IOException, Malformed {
        if (headers.containsKey("transfer-encoding")) {
            throw new Malformed("No body is expected");
        }
        String length = headers.getOrDefault("content-length", "0");
        if (!length.matches("\\d{1,5}") || Integer.parseInt(length) > LONGEST_BODY) {
            throw new Malformed("No such body is expected");
        }
        in.skipNBytes(Integer.parseInt(length));
    }

    private static String line(InputStream in, int[] left) throws IOException, Malformed {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (left[0]-- == 0) {
                throw new Malformed("The head is too long");
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            default -> "Internal Server Error";
        };
    }
}

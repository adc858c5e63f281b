package dev.terrane.gateway.sigv4;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a signature covers of an HTTP request, exactly as it was received: nothing decoded, nothing reordered. */
public interface SignedRequest {
    /** The method, in the case received. */
    String method();

    /** The path of the request line, still percent-encoded, without the query. */
    String rawPath();

    /** The query without its question mark, still percent-encoded; empty if there is none. */
    String rawQuery();

    /** The names of all headers received, in lower case, each once. HTTP/2's {@code :authority} counts as {@code host}. */
    Set<String> headerNames();

    /** The values of one header, by its lower-case name, in the order received; empty if it was not sent. */
    List<String> headers(String lowerCaseName);

    /** A request from values at hand; header names may be in any case. */
    static SignedRequest of(String method, String rawPath, String rawQuery, Map<String, List<String>> headers) {
        Map<String, List<String>> lowered = new TreeMap<>();
        headers.forEach(
                (name, values) -> lowered.computeIfAbsent(name.toLowerCase(Locale.ROOT), absent -> new ArrayList<>())
                        .addAll(values));
        return new OfValues(method, rawPath, rawQuery, lowered);
    }

    /** The plain form of {@link SignedRequest#of}. */
    record OfValues(String method, String rawPath, String rawQuery, Map<String, List<String>> byName)
            implements SignedRequest {
        public OfValues {
            Map<String, List<String>> copy = new TreeMap<>();
            byName.forEach((name, values) -> copy.put(name, List.copyOf(values)));
            byName = copy;
        }

        @Override
        public Set<String> headerNames() {
            return byName.keySet();
        }

        @Override
        public List<String> headers(String lowerCaseName) {
            return byName.getOrDefault(lowerCaseName, List.of());
        }
    }
}

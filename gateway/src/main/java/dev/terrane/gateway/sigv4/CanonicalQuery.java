package dev.terrane.gateway.sigv4;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A query's parameters, in SigV4's coding. */
final class CanonicalQuery {
    static final String SIGNATURE = "X-Amz-Signature";

    /** Both encoded; in UTF-8 percent coding the order of characters is the order of bytes. */
    private record Parameter(String name, String value) implements Comparable<Parameter> {
        @Override
        public int compareTo(Parameter other) {
            int byName = name.compareTo(other.name);
            return byName != 0 ? byName : value.compareTo(other.value);
        }
    }

    private final List<Parameter> parameters;

    private CanonicalQuery(List<Parameter> parameters) {
        this.parameters = parameters;
    }

    static CanonicalQuery of(String rawQuery) {
        if (rawQuery.isEmpty()) {
            return new CanonicalQuery(List.of());
        }
        List<Parameter> found = new ArrayList<>();
        int start = 0;
        while (start <= rawQuery.length()) {
            int end = rawQuery.indexOf('&', start);
            if (end < 0) {
                end = rawQuery.length();
            }
            if (end > start) {
                int equals = rawQuery.indexOf('=', start);
                boolean valued = equals >= 0 && equals < end;
                String name = rawQuery.substring(start, valued ? equals : end);
                String value = valued ? rawQuery.substring(equals + 1, end) : "";
                found.add(new Parameter(PercentCoding.normalizeQuery(name), PercentCoding.normalizeQuery(value)));
            }
            start = end + 1;
        }
        found.sort(null);
        return new CanonicalQuery(found);
    }

    /** The decoded value of the first parameter of this name. */
    Optional<String> first(String name) {
        for (Parameter parameter : parameters) {
            if (parameter.name.equals(name)) {
                return Optional.of(PercentCoding.decode(parameter.value));
            }
        }
        return Optional.empty();
    }

    int count(String name) {
        int count = 0;
        for (Parameter parameter : parameters) {
            if (parameter.name.equals(name)) {
                count++;
            }
        }
        return count;
    }

    /** What the signature covers: everything but the signature itself. */
    String withoutSignature() {
        if (parameters.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder();
        boolean first = true;
        for (Parameter parameter : parameters) {
            if (!parameter.name.equals(SIGNATURE)) {
                if (!first) {
                    out.append('&');
                }
                first = false;
                out.append(parameter.name).append('=').append(parameter.value);
            }
        }
        return out.toString();
    }
}

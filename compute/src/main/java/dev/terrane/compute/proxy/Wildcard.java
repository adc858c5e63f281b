package dev.terrane.compute.proxy;

import java.util.Locale;

/** A pattern in which {@code *} stands for any characters or none and {@code ?} for exactly one. */
final class Wildcard {
    private final String pattern;
    private final boolean ignoreCase;

    Wildcard(String pattern, boolean ignoreCase) {
        this.pattern = ignoreCase ? pattern.toLowerCase(Locale.ROOT) : pattern;
        this.ignoreCase = ignoreCase;
    }

    boolean matches(String given) {
        String text = ignoreCase ? given.toLowerCase(Locale.ROOT) : given;
        int at = 0;
        int in = 0;
        int star = -1;
        int resume = 0;
        while (at < text.length()) {
            // The star comes first: a star in the text must not be taken for a literal match of a star in the pattern.
            if (in < pattern.length() && pattern.charAt(in) == '*') {
                star = in++;
                resume = at;
            } else if (in < pattern.length() && (pattern.charAt(in) == '?' || pattern.charAt(in) == text.charAt(at))) {
                in++;
                at++;
            } else if (star >= 0) {
                in = star + 1;
                at = ++resume;
            } else {
                return false;
            }
        }
        while (in < pattern.length() && pattern.charAt(in) == '*') {
            in++;
        }
        return in == pattern.length();
    }
}

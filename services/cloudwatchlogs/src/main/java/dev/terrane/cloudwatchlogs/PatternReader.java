package dev.terrane.cloudwatchlogs;

import static dev.terrane.cloudwatchlogs.LogErrors.invalid;

import java.util.function.IntPredicate;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;

/** Goes through the text of a filter pattern. */
final class PatternReader {
    private final String text;
    private int at;

    PatternReader(String text) {
        this.text = text;
    }

    InvalidParameterException malformed() {
        return invalid("Invalid filter pattern");
    }

    boolean ended() {
        skipSpace();
        return at >= text.length();
    }

    void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    boolean take(String expected) {
        skipSpace();
        return takeHere(expected);
    }

    boolean takeHere(String expected) {
        if (text.startsWith(expected, at)) {
            at += expected.length();
            return true;
        }
        return false;
    }

    /** Takes a word of letters in any case, not followed by more of them. */
    boolean takeWord(String word) {
        skipSpace();
        int end = at + word.length();
        if (text.regionMatches(true, at, word, 0, word.length())
                && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)))) {
            at = end;
            return true;
        }
        return false;
    }

    void require(String expected) {
        if (!take(expected)) {
            throw malformed();
        }
    }

    String taking(IntPredicate allowed) {
        int from = at;
        while (at < text.length() && allowed.test(text.charAt(at))) {
            at++;
        }
        return text.substring(from, at);
    }

    /** The rest of a quoted text or expression, whose first quote was taken; a backslash keeps a quote from ending it. */
    String until(char quote, boolean unescape) {
        StringBuilder found = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == quote) {
                return found.toString();
            }
            if (c == '\\' && at < text.length() && (unescape || text.charAt(at) == quote)) {
                c = text.charAt(at++);
            }
            found.append(c);
        }
        throw malformed();
    }
}

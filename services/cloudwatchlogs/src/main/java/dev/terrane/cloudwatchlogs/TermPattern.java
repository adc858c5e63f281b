package dev.terrane.cloudwatchlogs;

import java.util.ArrayList;
import java.util.List;

/**
 * Terms that a message has all of; of those with a question mark it has one; of those with a minus none. As AWS documents, question marks
 * count only where all terms have one.
 */
record TermPattern(List<TextMatch> all, List<TextMatch> any, List<TextMatch> none) implements FilterPattern {
    static TermPattern parse(String pattern) {
        List<TextMatch> all = new ArrayList<>();
        List<TextMatch> any = new ArrayList<>();
        List<TextMatch> none = new ArrayList<>();
        PatternReader reader = new PatternReader(pattern);
        while (!reader.ended()) {
            if (reader.takeHere("?")) {
                any.add(term(reader));
            } else if (reader.takeHere("-")) {
                none.add(term(reader));
            } else {
                all.add(term(reader));
            }
        }
        return new TermPattern(List.copyOf(all), List.copyOf(any), List.copyOf(none));
    }

    private static TextMatch term(PatternReader reader) {
        if (reader.takeHere("\"")) {
            return TextMatch.containing(reader.until('"', true));
        }
        if (reader.takeHere("%")) {
            return TextMatch.expression(reader.until('%', false));
        }
        // A term with other characters than these is to be quoted.
        String term = reader.taking(c -> Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '*' || c > 127);
        boolean atEnd = reader.peek() == '\0' || Character.isWhitespace(reader.peek());
        if (term.isEmpty() || !atEnd) {
            throw reader.malformed();
        }
        return TextMatch.containing(term);
    }

    @Override
    public boolean matches(String message) {
        if (all.isEmpty() && none.isEmpty()) {
            return any.isEmpty() || any.stream().anyMatch(term -> term.test(message));
        }
        return all.stream().allMatch(term -> term.test(message))
                && none.stream().noneMatch(term -> term.test(message));
    }
}

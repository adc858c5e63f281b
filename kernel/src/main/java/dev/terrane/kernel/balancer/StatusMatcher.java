package dev.terrane.kernel.balancer;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The HTTP statuses that mean success, as AWS writes them: {@code 200}, {@code 200,202}, {@code 200-299,301}. */
public record StatusMatcher(List<Range> ranges) {
    private static final Pattern RANGE = Pattern.compile("([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?");

    /** Statuses from first to last, both included. */
    public record Range(int first, int last) {
        public Range {
            if (first > last) {
                throw new IllegalArgumentException("Not a range: " + first + "-" + last);
            }
        }
    }

    public StatusMatcher {
        ranges = List.copyOf(ranges);
    }

    /** @throws IllegalArgumentException when the text is no list of statuses and ranges */
    public static StatusMatcher parse(String text) {
        List<Range> ranges = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher range = RANGE.matcher(part.strip());
            if (!range.matches()) {
                throw new IllegalArgumentException("Not a list of statuses: " + text);
            }
            int first = Integer.parseInt(range.group(1));
            ranges.add(new Range(first, range.group(2) == null ? first : Integer.parseInt(range.group(2))));
        }
        return new StatusMatcher(ranges);
    }

    public boolean matches(int status) {
        return ranges.stream().anyMatch(range -> range.first() <= status && status <= range.last());
    }
}

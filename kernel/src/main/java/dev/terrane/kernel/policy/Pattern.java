package dev.terrane.kernel.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A text of a policy that is compared with a text of the request: with or without wildcards, with or without policy
 * variables, compiled once. See "IAM policy elements: Variables and tags" in the IAM user guide.
 */
public final class Pattern {
    private static final int ANY = -1;
    private static final int ONE = -2;
    /** Wildcards within one of an ARN's first five segments, which stay within it. */
    private static final int ANY_WITHIN = -3;

    private static final int ONE_WITHIN = -4;
    private static final int FIRST_VARIABLE = -16;

    /** What wildcards and case mean in a text. */
    enum Kind {
        /** Every character stands for itself. */
        EXACT,
        EXACT_FOLDED,
        /** {@code *} and {@code ?} are wildcards. */
        WILD,
        WILD_FOLDED,
        /** Wildcards in the middle of an ARN's segment don't reach beyond its colon. */
        RESOURCE,
        /** The six parts of an ARN are compared one by one. */
        ARN
    }

    private record Variable(String key, Optional<String> fallback) {}

    private final String text;
    private final Kind kind;
    private final int[] tokens;
    private final List<Variable> variables;
    private final boolean segmented;
    /** The characters before the first wildcard and after the last: most patterns that don't match differ there. */
    private final String prefix;

    private final String suffix;
    private final boolean literal;

    private Pattern(String text, Kind kind, int[] tokens, List<Variable> variables) {
        this.text = text;
        this.kind = kind;
        this.tokens = tokens;
        this.variables = variables;
        boolean within = false;
        for (int token : tokens) {
            within |= token == ANY_WITHIN || token == ONE_WITHIN;
        }
        this.segmented = within;
        int start = 0;
        while (start < tokens.length && tokens[start] >= 0) {
            start++;
        }
        int end = tokens.length;
        while (end > start && tokens[end - 1] >= 0) {
            end--;
        }
        this.prefix = literal(tokens, 0, start);
        this.suffix = literal(tokens, end, tokens.length);
        this.literal = start == tokens.length;
    }

    /**
     * Compiles a text.
     *
     * @param variables whether <code>${…}</code> is a policy variable, as from version 2012-10-17 on
     * @throws IllegalArgumentException when a variable is written wrongly
     */
    static Pattern compile(String text, Kind kind, boolean variables) {
        boolean wild = kind != Kind.EXACT && kind != Kind.EXACT_FOLDED;
        boolean fold = kind == Kind.EXACT_FOLDED || kind == Kind.WILD_FOLDED;
        List<Integer> tokens = new ArrayList<>(text.length());
        List<Variable> found = new ArrayList<>();
        int colons = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (variables && c == '$' && i + 1 < text.length() && text.charAt(i + 1) == '{') {
                int end = text.indexOf('}', i);
                if (end < 0) {
                    throw new IllegalArgumentException("The policy variable in " + text + " is not closed");
                }
                String inside = text.substring(i + 2, end);
                if (inside.equals("*") || inside.equals("?") || inside.equals("$")) {
                    tokens.add((int) inside.charAt(0));
                } else {
                    tokens.add(FIRST_VARIABLE - found.size());
                    found.add(variable(inside, text));
                }
                i = end;
                continue;
            }
            if (c == ':') {
                colons++;
            }
            boolean within = kind == Kind.RESOURCE && colons < 5;
            if (wild && c == '*') {
                // The last character of a segment "can expand to match beyond the colon boundaries".
                boolean last = i + 1 == text.length() || text.charAt(i + 1) == ':';
                tokens.add(within && !last ? ANY_WITHIN : ANY);
            } else if (wild && c == '?') {
                tokens.add(within ? ONE_WITHIN : ONE);
            } else {
                tokens.add((int) (fold ? Character.toLowerCase(c) : c));
            }
        }
        int[] compiled = tokens.stream().mapToInt(Integer::intValue).toArray();
        return new Pattern(text, kind, compiled, List.copyOf(found));
    }

    private static Variable variable(String inside, String text) {
        int comma = inside.indexOf(',');
        String key = (comma < 0 ? inside : inside.substring(0, comma)).strip();
        if (key.isEmpty() || key.chars().anyMatch(Character::isWhitespace) || key.contains("{")) {
            throw new IllegalArgumentException("The policy variable in " + text + " has no valid name");
        }
        if (comma < 0) {
            return new Variable(AuthorizationRequest.fold(key), Optional.empty());
        }
        String value = inside.substring(comma + 1).strip();
        if (value.length() < 2 || !value.startsWith("'") || !value.endsWith("'")) {
            throw new IllegalArgumentException(
                    "The default value of the policy variable in " + text + " must stand in single quotes");
        }
        return new Variable(AuthorizationRequest.fold(key), Optional.of(value.substring(1, value.length() - 1)));
    }

    /** The text as the policy has it. */
    public String text() {
        return text;
    }

    @Override
    public String toString() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Pattern that
                && text.equals(that.text)
                && kind == that.kind
                && variables.equals(that.variables);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The value as {@link #matches} wants it. */
    String prepared(String value) {
        return kind == Kind.EXACT_FOLDED ? AuthorizationRequest.fold(value) : value;
    }

    /** Whether every variable has a value in the request, or a default. */
    boolean resolvable(AuthorizationRequest request) {
        return variables.isEmpty() || expand(request) != null;
    }

    private static String literal(int[] tokens, int from, int to) {
        StringBuilder text = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            text.append((char) tokens[i]);
        }
        return text.toString();
    }

    /** Whether the value matches; never when a variable has no value. For folded kinds, the value must be folded. */
    boolean matches(String value, AuthorizationRequest request) {
        if (kind != Kind.ARN) {
            if (literal) {
                return value.equals(prefix);
            }
            if (value.length() < prefix.length() + suffix.length()
                    || !value.startsWith(prefix)
                    || !value.endsWith(suffix)) {
                return false;
            }
        }
        int[] pattern = tokens;
        if (!variables.isEmpty()) {
            int[] expanded = expand(request);
            if (expanded == null) {
                return false;
            }
            pattern = expanded;
        }
        return switch (kind) {
            case EXACT, WILD, EXACT_FOLDED, WILD_FOLDED -> greedy(pattern, 0, pattern.length, value, 0, value.length());
            case RESOURCE ->
                segmented ? thorough(pattern, value) : greedy(pattern, 0, pattern.length, value, 0, value.length());
            case ARN -> byParts(pattern, value);
        };
    }

    private int @Nullable [] expand(AuthorizationRequest request) {
        int[] expanded = new int[tokens.length + 64];
        int length = 0;
        for (int token : tokens) {
            String value = null;
            if (token <= FIRST_VARIABLE) {
                Variable variable = variables.get(FIRST_VARIABLE - token);
                List<String> values = request.values(variable.key());
                if (values.size() == 1) {
                    value = values.getFirst();
                } else if (variable.fallback().isPresent() && values.isEmpty()) {
                    value = variable.fallback().get();
                } else {
                    return null;
                }
                if (kind == Kind.EXACT_FOLDED || kind == Kind.WILD_FOLDED) {
                    value = AuthorizationRequest.fold(value);
                }
            }
            int added = value == null ? 1 : value.length();
            if (length + added > expanded.length) {
                expanded = Arrays.copyOf(expanded, (length + added) * 2);
            }
            if (value == null) {
                expanded[length++] = token;
            } else {
                for (int i = 0; i < value.length(); i++) {
                    expanded[length++] = value.charAt(i);
                }
            }
        }
        return Arrays.copyOf(expanded, length);
    }

    /** Linear in practice: only the last {@code *} is ever taken back. */
    private static boolean greedy(int[] pattern, int p, int patternEnd, String value, int v, int valueEnd) {
        int star = -1;
        int resume = 0;
        while (v < valueEnd) {
            if (p < patternEnd && pattern[p] == ANY) {
                star = p++;
                resume = v;
            } else if (p < patternEnd && (pattern[p] == value.charAt(v) || pattern[p] == ONE)) {
                p++;
                v++;
            } else if (star >= 0) {
                p = star + 1;
                v = ++resume;
            } else {
                return false;
            }
        }
        while (p < patternEnd && pattern[p] == ANY) {
            p++;
        }
        return p == patternEnd;
    }

    /** All positions at once, for patterns that mix wildcards of different reach. */
    private static boolean thorough(int[] pattern, String value) {
        boolean[] at = new boolean[pattern.length + 1];
        at[0] = true;
        skipStars(pattern, at);
        for (int v = 0; v < value.length(); v++) {
            char c = value.charAt(v);
            boolean[] next = new boolean[at.length];
            for (int p = 0; p < pattern.length; p++) {
                if (!at[p]) {
                    continue;
                }
                switch (pattern[p]) {
                    case ANY -> next[p] = true;
                    case ANY_WITHIN -> next[p] |= c != ':';
                    case ONE -> next[p + 1] = true;
                    case ONE_WITHIN -> next[p + 1] |= c != ':';
                    default -> next[p + 1] |= pattern[p] == c;
                }
            }
            skipStars(pattern, next);
            at = next;
        }
        return at[pattern.length];
    }

    private static void skipStars(int[] pattern, boolean[] at) {
        for (int p = 0; p < pattern.length; p++) {
            if (at[p] && (pattern[p] == ANY || pattern[p] == ANY_WITHIN)) {
                at[p + 1] = true;
            }
        }
    }

    private static boolean byParts(int[] pattern, String value) {
        int p = 0;
        int v = 0;
        for (int part = 0; part < 5; part++) {
            int patternEnd = p;
            while (patternEnd < pattern.length && pattern[patternEnd] != ':') {
                patternEnd++;
            }
            int valueEnd = value.indexOf(':', v);
            if (valueEnd < 0) {
                return false;
            }
            if (patternEnd == pattern.length) {
                // A lone "*" stands for every ARN; anything else without six parts is none.
                return part == 0 && pattern.length == 1 && pattern[0] == ANY;
            }
            if (!greedy(pattern, p, patternEnd, value, v, valueEnd)) {
                return false;
            }
            p = patternEnd + 1;
            v = valueEnd + 1;
        }
        return greedy(pattern, p, pattern.length, value, v, value.length());
    }
}

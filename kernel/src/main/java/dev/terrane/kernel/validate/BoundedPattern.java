package dev.terrane.kernel.validate;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model's regular expression. AWS's services hold the whole value against it. Some expressions backtrack without end on
 * hostile input: after a number of steps that no honest value needs, a value counts as not matching.
 */
public final class BoundedPattern {
    private static final int FREE_STEPS = 20_000;
    private static final int STEPS_PER_CHARACTER = 50;

    private final String source;
    private final Pattern pattern;
    private final boolean openEnded;

    /** @throws java.util.regex.PatternSyntaxException when it is not a regular expression */
    public BoundedPattern(String source) {
        this.source = source;
        this.pattern = Pattern.compile(source);
        // Who writes the one anchor and not the other means a beginning.
        this.openEnded = source.startsWith("^") && !source.contains("$") && !source.contains("|^");
    }

    String source() {
        return source;
    }

    /** Whether the whole value matches. */
    public boolean matches(String value) {
        Matcher matcher = pattern.matcher(new CountedText(value, FREE_STEPS, STEPS_PER_CHARACTER));
        try {
            return openEnded ? matcher.lookingAt() : matcher.matches();
        } catch (CountedText.TooManySteps | StackOverflowError e) {
            return false;
        }
    }
}

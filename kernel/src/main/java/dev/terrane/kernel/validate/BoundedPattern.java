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
        Matcher matcher = pattern.matcher(new CountedSequence(value));
        try {
            return openEnded ? matcher.lookingAt() : matcher.matches();
        } catch (TooManySteps | StackOverflowError e) {
            return false;
        }
    }

    private static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManySteps() {
            super("Too many steps", null, false, false);
        }
    }

    /** Every step of the matcher looks at a character. */
    private static final class CountedSequence implements CharSequence {
        private final String text;
        private int left;

        CountedSequence(String text) {
            this.text = text;
            this.left = (int) Math.min(Integer.MAX_VALUE, FREE_STEPS + (long) STEPS_PER_CHARACTER * text.length());
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw new TooManySteps();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}

package dev.terrane.cloudwatchlogs;

import static dev.terrane.cloudwatchlogs.LogErrors.invalid;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** How a pattern looks at a piece of text. */
interface TextMatch {
    boolean test(String text);

    /** Text that contains a term, in the same case. */
    static TextMatch containing(String term) {
        return text -> text.contains(term);
    }

    /** Text that is equal, where {@code *} stands for any text. */
    static TextMatch like(String wanted) {
        if (wanted.indexOf('*') < 0) {
            return wanted::equals;
        }
        String[] parts = wanted.split("\\*", -1);
        return text -> {
            int at = parts[0].length();
            int end = text.length() - parts[parts.length - 1].length();
            if (!text.startsWith(parts[0]) || end < at || !text.endsWith(parts[parts.length - 1])) {
                return false;
            }
            for (int i = 1; i < parts.length - 1; i++) {
                int found = text.indexOf(parts[i], at);
                if (found < 0 || found + parts[i].length() > end) {
                    return false;
                }
                at = found + parts[i].length();
            }
            return true;
        };
    }

    /** Text in which a regular expression finds something. One that goes back and forth without end counts as not finding. */
    static TextMatch expression(String regex) {
        Pattern pattern;
        try {
            pattern = Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw invalid("Invalid character(s) in regular expression '" + regex + "'");
        }
        return text -> {
            try {
                return pattern.matcher(new CountedText(text)).find();
            } catch (CountedText.TooManySteps | StackOverflowError e) {
                return false;
            }
        };
    }

    /** Every step of a matcher looks at a character; after a number of them that no honest expression needs it is stopped. */
    final class CountedText implements CharSequence {
        private static final int FREE_STEPS = 100_000;
        private static final int STEPS_PER_CHARACTER = 200;
        private final String text;
        private long left;

        CountedText(String text) {
            this.text = text;
            this.left = FREE_STEPS + (long) STEPS_PER_CHARACTER * text.length();
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

        static final class TooManySteps extends RuntimeException {
            private static final long serialVersionUID = 1L;

            TooManySteps() {
                super("Too many steps", null, false, false);
            }
        }
    }
}

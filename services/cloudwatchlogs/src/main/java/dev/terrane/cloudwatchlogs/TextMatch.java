package dev.terrane.cloudwatchlogs;

import static dev.terrane.cloudwatchlogs.LogErrors.invalid;

import dev.terrane.kernel.validate.CountedText;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** How a pattern looks at a piece of text. */
interface TextMatch {
    /** What an expression may look at. */
    int FREE_STEPS = 100_000;

    int STEPS_PER_CHARACTER = 200;

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
                return pattern.matcher(new CountedText(text, FREE_STEPS, STEPS_PER_CHARACTER))
                        .find();
            } catch (CountedText.TooManySteps | StackOverflowError e) {
                return false;
            }
        };
    }
}

package dev.terrane.ssm;

import java.util.Locale;
import java.util.regex.Pattern;

/** What may be a label of a version ("Working with parameter labels"). */
final class Labels {
    static final int MOST = 10;

    private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9_.\\-]{1,100}");

    private Labels() {}

    static boolean valid(String label) {
        String lower = label.toLowerCase(Locale.ROOT);
        return FORM.matcher(label).matches()
                && !Character.isDigit(label.charAt(0))
                && !lower.startsWith("aws")
                && !lower.startsWith("ssm");
    }
}

package dev.terrane.kernel.resource;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;

/** What messages say of names that nobody knows: shortened, with what a misspelt one may have meant. */
public final class Nearest {
    private Nearest() {}

    /** A hint to the name that is nearest: {@code " (did you mean QueueName?)"}; empty where none is near. */
    public static String hint(String name, Collection<String> names) {
        if (name.length() > 200) {
            return "";
        }
        int most = Math.max(2, name.length() / 4);
        return names.stream()
                .filter(other -> Math.abs(other.length() - name.length()) <= most)
                .map(other -> Map.entry(other, distance(folded(name), folded(other))))
                .filter(entry -> entry.getValue() <= most)
                .min(Comparator.comparingInt(Map.Entry<String, Integer>::getValue)
                        .thenComparing(Map.Entry::getKey))
                .map(entry -> " (did you mean " + entry.getKey() + "?)")
                .orElse("");
    }

    /** A name as messages show it: not longer than a line. */
    public static String shown(String name) {
        return name.length() <= 100 ? name : name.substring(0, 100) + "...";
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** How many letters must be added, left out, changed or swapped with their neighbour. */
    private static int distance(String one, String other) {
        int[][] rows = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                rows[i][j] = i == 0 ? j : j == 0 ? i : next(rows, one, other, i, j);
            }
        }
        return rows[one.length()][other.length()];
    }

    private static int next(int[][] rows, String one, String other, int i, int j) {
        int changed = rows[i - 1][j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        int least = Math.min(changed, Math.min(rows[i - 1][j], rows[i][j - 1]) + 1);
        boolean swapped =
                i > 1 && j > 1 && one.charAt(i - 1) == other.charAt(j - 2) && one.charAt(i - 2) == other.charAt(j - 1);
        return swapped ? Math.min(least, rows[i - 2][j - 2] + 1) : least;
    }
}

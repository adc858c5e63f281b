package dev.terrane.codebuild;

import java.util.List;
import java.util.regex.Pattern;

/** The patterns of a build specification: {@code *} within a folder, {@code **} over folders, {@code ?} for one character. */
final class Globs {
    private final List<Pattern> patterns;

    Globs(List<String> globs) {
        patterns = globs.stream().map(Globs::pattern).toList();
    }

    /** Whether one of them takes a path relative to the base folder. */
    boolean match(String path) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(path).matches());
    }

    private static Pattern pattern(String glob) {
        String plain = glob.startsWith("./") ? glob.substring(2) : glob;
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (plain.startsWith("**/", i)) {
                regex.append("(?:[^/]+/)*+");
                i += 2;
            } else if (plain.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else if (c == '*') {
                regex.append("[^/]*");
            } else if (c == '?') {
                regex.append("[^/]");
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}

package dev.terrane.codecommit;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path of Git's smart HTTP protocol below a repository's clone URL.
 *
 * @param repository the repository's name
 * @param action {@code info/refs}, {@code git-upload-pack} or {@code git-receive-pack}
 */
record GitPath(String repository, String action) {
    /** What precedes the repository's name in a clone URL. */
    static final String PREFIX = "/v1/repos/";

    private static final Pattern PATH =
            Pattern.compile("/v1/repos/([^/]+)/(info/refs|git-upload-pack|git-receive-pack)");

    static Optional<GitPath> parse(String path) {
        Matcher matcher = PATH.matcher(path);
        return matcher.matches() ? Optional.of(new GitPath(matcher.group(1), matcher.group(2))) : Optional.empty();
    }

    /** The repository's own path, which clients sign. */
    String base() {
        return PREFIX + repository;
    }
}

package dev.terrane.codecommit;

import java.util.regex.Pattern;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codecommit.model.BranchNameRequiredException;
import software.amazon.awssdk.services.codecommit.model.InvalidBranchNameException;
import software.amazon.awssdk.services.codecommit.model.InvalidPathException;
import software.amazon.awssdk.services.codecommit.model.InvalidRepositoryDescriptionException;
import software.amazon.awssdk.services.codecommit.model.InvalidRepositoryNameException;
import software.amazon.awssdk.services.codecommit.model.PathRequiredException;
import software.amazon.awssdk.services.codecommit.model.RepositoryNameRequiredException;

/** What repositories, branches and files may be called. See "Quotas in AWS CodeCommit". */
final class Names {
    private static final Pattern REPOSITORY = Pattern.compile("[\\w.-]{1,100}");
    private static final Pattern OBJECT_ID = Pattern.compile("[0-9a-f]{40}");
    private static final int BRANCH_LENGTH = 256;
    private static final int PATH_LENGTH = 4096;
    private static final int DESCRIPTION_LENGTH = 1000;

    private Names() {}

    /** A repository's name, checked. */
    static String repository(@Nullable String name) {
        if (name == null || name.isEmpty()) {
            throw RepositoryNameRequiredException.builder()
                    .message("A repository name is required")
                    .build();
        }
        if (!REPOSITORY.matcher(name).matches() || name.endsWith(".git")) {
            throw InvalidRepositoryNameException.builder()
                    .message("The repository name " + name + " is not valid: it has 1 to 100 letters, digits, periods,"
                            + " underscores and dashes, and does not end in .git")
                    .build();
        }
        return name;
    }

    /** A repository's description, checked; empty where there is none. */
    static String description(@Nullable String text) {
        if (text == null) {
            return "";
        }
        if (text.length() > DESCRIPTION_LENGTH) {
            throw InvalidRepositoryDescriptionException.builder()
                    .message("A repository description has at most " + DESCRIPTION_LENGTH + " characters")
                    .build();
        }
        return text;
    }

    /** A branch's name without {@code refs/heads/}, checked. */
    static String branch(@Nullable String name) {
        if (name == null || name.isEmpty()) {
            throw BranchNameRequiredException.builder()
                    .message("A branch name is required")
                    .build();
        }
        if (name.length() > BRANCH_LENGTH || isObjectId(name) || !Repository.isValidRefName(RefRecord.HEADS + name)) {
            throw InvalidBranchNameException.builder()
                    .message("The branch name " + name + " is not valid")
                    .build();
        }
        return name;
    }

    /** A file's path, checked: relative, without empty, dot or {@code .git} segments. */
    static String path(@Nullable String path) {
        if (path == null || path.isEmpty()) {
            throw PathRequiredException.builder().message("A path is required").build();
        }
        String relative = path.startsWith("/") ? path.substring(1) : path;
        if (path.length() > PATH_LENGTH || !isPath(relative)) {
            throw InvalidPathException.builder()
                    .message("The path " + path + " is not valid")
                    .build();
        }
        return relative;
    }

    /** A folder's path without slashes around it, checked; the root is empty. */
    static String folder(String path) {
        String inner = path.equals("/") ? "" : path;
        inner = inner.startsWith("/") ? inner.substring(1) : inner;
        inner = inner.endsWith("/") ? inner.substring(0, inner.length() - 1) : inner;
        return inner.isEmpty() ? "" : path(inner);
    }

    private static boolean isPath(String path) {
        for (String segment : path.split("/", -1)) {
            if (segment.isEmpty()
                    || segment.equals(".")
                    || segment.equals("..")
                    || segment.equalsIgnoreCase(".git")
                    || segment.indexOf('\0') >= 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether a text is the full id of an object. */
    static boolean isObjectId(String text) {
        return OBJECT_ID.matcher(text).matches();
    }

    /** The id, or the zero id where the text is none. */
    static ObjectId objectId(String text) {
        return isObjectId(text) ? ObjectId.fromString(text) : ObjectId.zeroId();
    }
}

package dev.terrane.codecommit;

import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codecommit.model.CommitDoesNotExistException;
import software.amazon.awssdk.services.codecommit.model.CommitIdRequiredException;
import software.amazon.awssdk.services.codecommit.model.InvalidCommitException;
import software.amazon.awssdk.services.codecommit.model.InvalidCommitIdException;

/** How a request names a commit: by its full id, a branch, a tag, HEAD, or a reference in full. */
final class Specifiers {
    private Specifiers() {}

    /** A full commit id, checked. */
    static ObjectId commitId(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            throw CommitIdRequiredException.builder()
                    .message("A commit ID is required")
                    .build();
        }
        if (!Names.isObjectId(text)) {
            throw InvalidCommitIdException.builder()
                    .message("The commit ID " + text + " is not valid: it is the full SHA-1 of a commit")
                    .build();
        }
        return ObjectId.fromString(text);
    }

    /** Whether an object is there and is a commit. */
    static boolean isCommit(GitRepository git, ObjectId id) throws IOException {
        try (RevWalk walk = new RevWalk(git)) {
            return find(walk, id).isPresent();
        }
    }

    /** The commit of an id, a tag's included. */
    static Optional<RevCommit> find(RevWalk walk, ObjectId id) throws IOException {
        try {
            return Optional.of(walk.parseCommit(id));
        } catch (MissingObjectException | IncorrectObjectTypeException e) {
            return Optional.empty();
        }
    }

    /** The commit that a specifier names.
     *
     * @param specifier where null, the default branch's tip
     * @throws CommitDoesNotExistException when there is none
     * @throws InvalidCommitException when it cannot be one
     */
    static RevCommit resolve(GitRepository git, RevWalk walk, @Nullable String specifier) throws IOException {
        String name = specifier == null || specifier.isEmpty() ? "HEAD" : specifier;
        if (name.length() > 512 || name.chars().anyMatch(c -> c <= ' ' || c == ':' || c == '^' || c == '~')) {
            throw InvalidCommitException.builder()
                    .message("The commit specifier " + name + " is not valid")
                    .build();
        }
        Optional<ObjectId> id = Names.isObjectId(name) ? Optional.of(ObjectId.fromString(name)) : named(git, name);
        Optional<RevCommit> commit = id.isPresent() ? find(walk, id.get()) : Optional.empty();
        return commit.orElseThrow(() -> CommitDoesNotExistException.builder()
                .message("Commit " + name + " does not exist")
                .build());
    }

    private static Optional<ObjectId> named(GitRepository git, String name) throws IOException {
        for (String full : new String[] {name, RefRecord.HEADS + name, RefRecord.TAGS + name}) {
            Ref ref = full.equals("HEAD") || full.startsWith("refs/")
                    ? git.getRefDatabase().exactRef(full)
                    : null;
            if (ref != null && ref.getObjectId() != null) {
                return Optional.of(ref.getObjectId());
            }
        }
        return Optional.empty();
    }
}

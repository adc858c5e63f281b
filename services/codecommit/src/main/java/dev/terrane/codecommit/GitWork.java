package dev.terrane.codecommit;

import dev.terrane.kernel.call.Call;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/** Opens the repository that a request names, for the time of one operation. */
final class GitWork {
    private final GitStorage storage;
    private final Repositories repositories;

    GitWork(GitStorage storage, Repositories repositories) {
        this.storage = storage;
        this.repositories = repositories;
    }

    /** What an operation does with a repository. */
    @FunctionalInterface
    interface Work<T> {
        T with(GitRepository git, RevWalk walk) throws IOException;
    }

    <T> T in(@Nullable String repositoryName, Work<T> work) {
        RepositoryRecord repository = repositories.require(repositoryName);
        try (GitRepository git = storage.open(Call.current().scope(), repository);
                RevWalk walk = new RevWalk(git)) {
            return work.with(git, walk);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

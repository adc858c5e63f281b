package dev.terrane.codecommit;

import dev.terrane.kernel.call.Scope;
import java.io.IOException;
import org.eclipse.jgit.internal.storage.dfs.DfsRepository;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryBuilder;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;

/** A repository as JGit sees it, for one piece of work on one thread; see {@link GitStorage#open}. */
final class GitRepository extends DfsRepository {
    private final Scope scope;
    private final RepositoryRecord repository;
    private final GitObjects objects;
    private final GitRefs refs;
    private Runnable alongside = () -> {};

    GitRepository(GitStorage storage, Scope scope, RepositoryRecord repository) {
        super(new Builder().setRepositoryDescription(new DfsRepositoryDescription(repository.repositoryId())));
        this.scope = scope;
        this.repository = repository;
        this.objects = new GitObjects(this, storage);
        this.refs = new GitRefs(this, storage);
        GitStorage.uploadSwitches().forEach((name, on) -> getConfig().setBoolean("uploadpack", null, name, on));
    }

    Scope scope() {
        return scope;
    }

    /** The repository as it was when the work began. */
    RepositoryRecord repository() {
        return repository;
    }

    /** Has something written in the same commit as the references that this work changes. */
    void alongside(Runnable work) {
        alongside = work;
    }

    Runnable alongside() {
        return alongside;
    }

    @Override
    public GitObjects getObjectDatabase() {
        return objects;
    }

    @Override
    public GitRefs getRefDatabase() {
        return refs;
    }

    @Override
    protected void doClose() {
        objects.abandon();
        super.doClose();
    }

    private static final class Builder extends DfsRepositoryBuilder<Builder, GitRepository> {
        @Override
        public GitRepository build() throws IOException {
            throw new IOException("A repository is opened by its storage");
        }
    }
}

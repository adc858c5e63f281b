package dev.terrane.codecommit;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.store.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import software.amazon.awssdk.services.codecommit.model.*;

/** Branches, and which of them is the default one. */
final class Branches {
    private static final int LIST_PAGE = 1_000;

    private final CodeCommitTables tables;
    private final GitStorage storage;
    private final Repositories repositories;
    private final Clock clock;

    Branches(CodeCommitTables tables, GitStorage storage, Repositories repositories, Clock clock) {
        this.tables = tables;
        this.storage = storage;
        this.repositories = repositories;
        this.clock = clock;
    }

    static BranchDoesNotExistException missing(String branch) {
        return BranchDoesNotExistException.builder()
                .message("Branch " + branch + " does not exist")
                .build();
    }

    CreateBranchResponse create(CreateBranchRequest request) {
        RepositoryRecord repository = repositories.require(request.repositoryName());
        Scope scope = Call.current().scope();
        String branch = Names.branch(request.branchName());
        String ref = RefRecord.HEADS + branch;
        try (GitRepository git = storage.open(scope, repository)) {
            ObjectId commit = Specifiers.commitId(request.commitId());
            if (!Specifiers.isCommit(git, commit)) {
                throw CommitDoesNotExistException.builder()
                        .message("Commit " + request.commitId() + " does not exist")
                        .build();
            }
            RefChange change = RefChange.of(git, ref, ObjectId.zeroId(), commit);
            return switch (new Publication(storage, git)
                    .publish(List.of(change), true)
                    .getFirst()) {
                case DONE -> CreateBranchResponse.builder().build();
                case STALE ->
                    throw BranchNameExistsException.builder()
                            .message("Branch " + branch + " already exists")
                            .build();
                case NAME_CONFLICT ->
                    throw InvalidBranchNameException.builder()
                            .message("Branch " + branch + " conflicts with a branch whose name begins or ends it")
                            .build();
                case GONE, ABORTED -> throw Repositories.missing(repository.name());
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    GetBranchResponse get(GetBranchRequest request) {
        RepositoryRecord repository = repositories.require(request.repositoryName());
        String branch = Names.branch(request.branchName());
        RefRecord ref = tables.ref(Call.current().scope(), repository.repositoryId(), RefRecord.HEADS + branch)
                .orElseThrow(() -> missing(branch));
        return GetBranchResponse.builder().branch(describe(ref)).build();
    }

    private static BranchInfo describe(RefRecord ref) {
        return BranchInfo.builder()
                .branchName(ref.name().substring(RefRecord.HEADS.length()))
                .commitId(ref.objectId())
                .build();
    }

    ListBranchesResponse list(ListBranchesRequest request) {
        RepositoryRecord repository = repositories.require(request.repositoryName());
        String listing = "branches/" + repository.repositoryId();
        Page<RefRecord> page = tables.refs(
                Call.current().scope(),
                repository.repositoryId(),
                RefRecord.HEADS,
                repositories.cursor(listing, request.nextToken()),
                LIST_PAGE);
        return ListBranchesResponse.builder()
                .branches(page.values().stream()
                        .map(ref -> ref.name().substring(RefRecord.HEADS.length()))
                        .toList())
                .nextToken(repositories.token(listing, page.next()))
                .build();
    }

    DeleteBranchResponse delete(DeleteBranchRequest request) {
        RepositoryRecord repository = repositories.require(request.repositoryName());
        Scope scope = Call.current().scope();
        String branch = Names.branch(request.branchName());
        if (branch.equals(repository.defaultBranch())) {
            throw DefaultBranchCannotBeDeletedException.builder()
                    .message("Branch " + branch + " is the default branch of " + repository.name()
                            + " and cannot be deleted")
                    .build();
        }
        Optional<RefRecord> deleted = tables.transact(() -> {
            Optional<RefRecord> ref = tables.ref(scope, repository.repositoryId(), RefRecord.HEADS + branch);
            ref.ifPresent(there -> remove(scope, repository, there));
            return ref;
        });
        return DeleteBranchResponse.builder()
                .deletedBranch(deleted.map(Branches::describe).orElse(null))
                .build();
    }

    private void remove(Scope scope, RepositoryRecord repository, RefRecord ref) {
        ObjectId from = ObjectId.fromString(ref.objectId());
        try (GitRepository git = storage.open(scope, repository)) {
            new Publication(storage, git)
                    .publish(List.of(new RefChange(ref.name(), from, ObjectId.zeroId(), ObjectId.zeroId())), true);
        }
    }

    UpdateDefaultBranchResponse makeDefault(UpdateDefaultBranchRequest request) {
        Scope scope = Call.current().scope();
        String branch = Names.branch(request.defaultBranchName());
        tables.transact(() -> {
            RepositoryRecord repository = repositories.require(request.repositoryName());
            if (tables.ref(scope, repository.repositoryId(), RefRecord.HEADS + branch)
                    .isEmpty()) {
                throw missing(branch);
            }
            tables.update(scope, repository.withDefaultBranch(branch, clock.instant()));
            return branch;
        });
        return UpdateDefaultBranchResponse.builder().build();
    }
}

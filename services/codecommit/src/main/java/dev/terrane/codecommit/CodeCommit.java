package dev.terrane.codecommit;

import dev.terrane.kernel.service.Platform;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.codecommit.model.*;

/** CodeCommit's operations: a table of contents. */
final class CodeCommit implements CodeCommitClient {
    private final Repositories repositories;
    private final Branches branches;
    private final Tags tags;
    private final Commits commits;
    private final CommitWriting writing;
    private final Files files;
    private final Differences differences;

    CodeCommit(Platform platform, GitStorage storage, Upkeep upkeep) {
        CodeCommitTables tables = storage.tables();
        repositories = new Repositories(
                tables, storage.keys(), upkeep, platform.pages(), platform.clock(), platform.endpoint());
        branches = new Branches(tables, storage, repositories, platform.clock());
        tags = new Tags(tables, repositories);
        GitWork work = new GitWork(storage, repositories);
        commits = new Commits(work, repositories);
        writing = new CommitWriting(work, storage, upkeep, platform.clock());
        files = new Files(work);
        differences = new Differences(work, repositories);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Nothing of its own to release: storage and threads end with the server.
    }

    @Override
    public CreateRepositoryResponse createRepository(CreateRepositoryRequest request) {
        return repositories.create(request);
    }

    @Override
    public GetRepositoryResponse getRepository(GetRepositoryRequest request) {
        return repositories.get(request);
    }

    @Override
    public BatchGetRepositoriesResponse batchGetRepositories(BatchGetRepositoriesRequest request) {
        return repositories.batchGet(request);
    }

    @Override
    public ListRepositoriesResponse listRepositories(ListRepositoriesRequest request) {
        return repositories.list(request);
    }

    @Override
    public DeleteRepositoryResponse deleteRepository(DeleteRepositoryRequest request) {
        return repositories.delete(request);
    }

    @Override
    public UpdateRepositoryNameResponse updateRepositoryName(UpdateRepositoryNameRequest request) {
        return repositories.rename(request);
    }

    @Override
    public UpdateRepositoryDescriptionResponse updateRepositoryDescription(UpdateRepositoryDescriptionRequest request) {
        return repositories.describeAs(request);
    }

    @Override
    public UpdateRepositoryEncryptionKeyResponse updateRepositoryEncryptionKey(
            UpdateRepositoryEncryptionKeyRequest request) {
        return repositories.changeKey(request);
    }

    @Override
    public CreateBranchResponse createBranch(CreateBranchRequest request) {
        return branches.create(request);
    }

    @Override
    public GetBranchResponse getBranch(GetBranchRequest request) {
        return branches.get(request);
    }

    @Override
    public ListBranchesResponse listBranches(ListBranchesRequest request) {
        return branches.list(request);
    }

    @Override
    public DeleteBranchResponse deleteBranch(DeleteBranchRequest request) {
        return branches.delete(request);
    }

    @Override
    public UpdateDefaultBranchResponse updateDefaultBranch(UpdateDefaultBranchRequest request) {
        return branches.makeDefault(request);
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        return tags.tag(request);
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        return tags.untag(request);
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return tags.list(request);
    }

    @Override
    public GetCommitResponse getCommit(GetCommitRequest request) {
        return commits.get(request);
    }

    @Override
    public BatchGetCommitsResponse batchGetCommits(BatchGetCommitsRequest request) {
        return commits.batchGet(request);
    }

    @Override
    public ListFileCommitHistoryResponse listFileCommitHistory(ListFileCommitHistoryRequest request) {
        return commits.history(request);
    }

    @Override
    public CreateCommitResponse createCommit(CreateCommitRequest request) {
        return writing.create(request);
    }

    @Override
    public PutFileResponse putFile(PutFileRequest request) {
        return writing.putFile(request);
    }

    @Override
    public DeleteFileResponse deleteFile(DeleteFileRequest request) {
        return writing.deleteFile(request);
    }

    @Override
    public GetFileResponse getFile(GetFileRequest request) {
        return files.get(request);
    }

    @Override
    public GetFolderResponse getFolder(GetFolderRequest request) {
        return files.folder(request);
    }

    @Override
    public GetBlobResponse getBlob(GetBlobRequest request) {
        return files.blob(request);
    }

    @Override
    public GetDifferencesResponse getDifferences(GetDifferencesRequest request) {
        return differences.get(request);
    }

    @Override
    public GetRepositoryTriggersResponse getRepositoryTriggers(GetRepositoryTriggersRequest request) {
        return repositories.triggers(request);
    }
}

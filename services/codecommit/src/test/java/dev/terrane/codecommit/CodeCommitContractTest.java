package dev.terrane.codecommit;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kms.KmsService;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Exceptions;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.kms.KmsClient;

final class CodeCommitContractTest extends ServiceContractSuite<CodeCommitClient> {
    CodeCommitContractTest() {
        super(CodeCommitClient.class);
    }

    @Override
    protected TestServer start() {
        return TestServer.with(KmsService::new, CodeCommitService::new);
    }

    @Override
    protected Names example(CodeCommitClient client, String name) {

        String arn = client.createRepository(r -> r.repositoryName(name).tags(Map.of("made", "here")))
                .repositoryMetadata()
                .arn();
        String commit = client.putFile(r -> r.repositoryName(name)
                        .branchName("main")
                        .filePath("README.md")
                        .fileContent(SdkBytes.fromUtf8String(name)))
                .commitId();
        client.createBranch(r -> r.repositoryName(name).branchName("next").commitId(commit));
        String blob = client.getFile(r -> r.repositoryName(name).filePath("README.md"))
                .blobId();
        return Names.of("repositoryName", name)
                .and("repositoryNames", name)
                .and("branchName", "main")
                .and("GetBranch.repositoryName", name)
                .and("GetBranch.branchName", "next")
                .and("CreateBranch.branchName", "next")
                .and("DeleteBranch.branchName", "next")
                .and("filePath", "README.md")
                .and("folderPath", "/")
                .and("commitId", commit)
                .and("commitIds", commit)
                .and("parentCommitId", commit)
                .and("PutFile.parentCommitId", commit)
                .and("CreateCommit.parentCommitId", commit)
                .and("afterCommitSpecifier", "main")
                .and("blobId", blob)
                .and("defaultBranchName", "main")
                .and("oldName", name)
                .and("newName", "renamed-" + name)
                .and("kmsKeyId", key())
                .and("resourceArn", arn);
    }

    @Override
    protected Missing missing() {
        return Missing.none()
                .and("repositoryName", "none", "RepositoryDoesNotExistException")
                .and("oldName", "none", "RepositoryDoesNotExistException")
                .and("GetBranch.branchName", "none", "BranchDoesNotExistException")
                .and("defaultBranchName", "none", "BranchDoesNotExistException")
                .and("PutFile.branchName", "none", "BranchDoesNotExistException")
                .and("DeleteFile.branchName", "none", "BranchDoesNotExistException")
                .and("CreateCommit.branchName", "none", "BranchDoesNotExistException")
                .and("GetFile.filePath", "none", "FileDoesNotExistException")
                .and("DeleteFile.filePath", "none", "FileDoesNotExistException")
                .and("folderPath", "none", "FolderDoesNotExistException")
                .and(
                        "commitId",
                        "0123456789012345678901234567890123456789",
                        "CommitIdDoesNotExistException",
                        "CommitDoesNotExistException")
                .and("afterCommitSpecifier", "none", "CommitDoesNotExistException")
                .and("blobId", "0123456789012345678901234567890123456789", "BlobIdDoesNotExistException")
                .and(
                        "resourceArn",
                        Arn.of("codecommit", TestServer.REGION, TestServer.ACCOUNT, "none")
                                .toString(),
                        "RepositoryDoesNotExistException");
    }

    private String key() {
        return server().client(KmsClient.class).listKeys(r -> r.limit(1)).keys().stream()
                .map(k -> k.keyArn())
                .findFirst()
                .orElseGet(() -> server().client(KmsClient.class)
                        .createKey(r -> {})
                        .keyMetadata()
                        .arn());
    }

    @Override
    protected Set<String> codes() {
        return Set.of(
                "PathRequiredException",
                "FileDoesNotExistException",
                "InvalidPathException",
                "InvalidContinuationTokenException");
    }

    @Override
    protected void exceptions(Exceptions except) {
        except.to(
                        "not-found",
                        "DeleteRepository.repositoryName",
                        "one that is deleted already is no error, as documented")
                .to("not-found", "CreateCommit.repositoryName", "that there is no change is seen first")
                .to("not-found", "CreateCommit.branchName", "that there is no change is seen first");
    }
}

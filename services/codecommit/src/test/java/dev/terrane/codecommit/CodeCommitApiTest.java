package dev.terrane.codecommit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.codecommit.model.*;

/** CodeCommit's operations, through the SDK's interface. */
class CodeCommitApiTest {
    @TempDir
    Path folder;

    private CodeCommitServer server;
    private CodeCommitClient client;

    @BeforeEach
    void serve() throws IOException {
        server = new CodeCommitServer(folder);
        client = server.client();
        client.createRepository(r -> r.repositoryName("demo")
                .repositoryDescription("A demonstration")
                .tags(Map.of("team", "blue")));
    }

    @AfterEach
    void end() {
        server.close();
    }

    private static SdkBytes bytes(String text) {
        return SdkBytes.fromString(text, UTF_8);
    }

    private PutFileResponse put(String path, String content, String parent) {
        return client.putFile(r -> r.repositoryName("demo")
                .branchName("main")
                .filePath(path)
                .fileContent(bytes(content))
                .parentCommitId(parent.isEmpty() ? null : parent)
                .commitMessage("Put " + path)
                .name("Alice")
                .email("alice@example.com"));
    }

    @Test
    void repositoryIsDescribed() {
        RepositoryMetadata made =
                client.getRepository(r -> r.repositoryName("demo")).repositoryMetadata();
        assertThat(made.arn()).isEqualTo(Repositories.arn(CodeCommitServer.SCOPE, "demo"));
        assertThat(made.accountId()).isEqualTo(CodeCommitServer.SCOPE.account());
        assertThat(made.cloneUrlHttp()).startsWith("http://127.0.0.1:").endsWith("/v1/repos/demo");
        assertThat(made.repositoryDescription()).isEqualTo("A demonstration");
        assertThat(made.defaultBranch()).isNull();
        assertThat(made.creationDate()).isEqualTo(server.clock.instant());
        assertThat(client.listTagsForResource(r -> r.resourceArn(made.arn())).tags())
                .containsExactly(Map.entry("team", "blue"));
        assertThat(client.getRepositoryTriggers(r -> r.repositoryName("demo")).triggers())
                .isEmpty();
    }

    @Test
    void repositoryNamesAreCheckedAndUnique() {
        assertThatThrownBy(() -> client.createRepository(r -> r.repositoryName("demo")))
                .isInstanceOf(RepositoryNameExistsException.class);
        assertThatThrownBy(() -> client.createRepository(r -> r.repositoryName("a b")))
                .isInstanceOf(InvalidRepositoryNameException.class);
        assertThatThrownBy(() -> client.createRepository(r -> r.repositoryName("a.git")))
                .isInstanceOf(InvalidRepositoryNameException.class);
        assertThatThrownBy(() ->
                        client.createRepository(r -> r.repositoryName("x").repositoryDescription("d".repeat(1001))))
                .isInstanceOf(InvalidRepositoryDescriptionException.class);
        assertThatThrownBy(
                        () -> client.createRepository(r -> r.repositoryName("x").tags(Map.of("aws:x", "y"))))
                .isInstanceOf(InvalidSystemTagUsageException.class);
        assertThatThrownBy(() -> client.getRepository(r -> r.repositoryName("absent")))
                .isInstanceOf(RepositoryDoesNotExistException.class);
    }

    @Test
    void keyThatCannotBeUsedIsRefusedAndNothingIsMade() {
        assertThatThrownBy(() ->
                        client.createRepository(r -> r.repositoryName("locked").kmsKeyId("alias/mine")))
                .isInstanceOf(EncryptionKeyUnavailableException.class);
        assertThatThrownBy(() -> client.getRepository(r -> r.repositoryName("locked")))
                .isInstanceOf(RepositoryDoesNotExistException.class);
    }

    @Test
    void renamedRepositoryKeepsItsContentAndId() {
        put("a.txt", "a", "");
        String id = client.getRepository(r -> r.repositoryName("demo"))
                .repositoryMetadata()
                .repositoryId();
        server.clock.advance(Duration.ofMinutes(1));

        client.updateRepositoryName(r -> r.oldName("demo").newName("renamed"));
        client.updateRepositoryDescription(r -> r.repositoryName("renamed").repositoryDescription("New"));

        RepositoryMetadata renamed =
                client.getRepository(r -> r.repositoryName("renamed")).repositoryMetadata();
        assertThat(renamed.repositoryId()).isEqualTo(id);
        assertThat(renamed.repositoryDescription()).isEqualTo("New");
        assertThat(renamed.lastModifiedDate()).isEqualTo(server.clock.instant());
        assertThat(client.getFile(r -> r.repositoryName("renamed").filePath("a.txt"))
                        .fileContent()
                        .asUtf8String())
                .isEqualTo("a");
        assertThatThrownBy(() -> client.getRepository(r -> r.repositoryName("demo")))
                .isInstanceOf(RepositoryDoesNotExistException.class);
    }

    @Test
    void deletedRepositoryIsGoneAndDeletingItAgainSaysSo() {
        put("a.txt", "a", "");
        assertThat(client.deleteRepository(r -> r.repositoryName("demo")).repositoryId())
                .isNotNull();
        assertThat(client.deleteRepository(r -> r.repositoryName("demo")).repositoryId())
                .isNull();
        client.createRepository(r -> r.repositoryName("demo"));
        assertThat(client.listBranches(r -> r.repositoryName("demo")).branches())
                .isEmpty();
    }

    @Test
    void repositoriesAreListedInOrderAndInBatches() {
        IntStream.range(0, 3).forEach(i -> {
            server.clock.advance(Duration.ofSeconds(1));
            client.createRepository(r -> r.repositoryName("r" + i));
        });
        assertThat(client.listRepositories(
                                r -> r.sortBy(SortByEnum.LAST_MODIFIED_DATE).order(OrderEnum.DESCENDING))
                        .repositories())
                .extracting(RepositoryNameIdPair::repositoryName)
                .containsExactly("r2", "r1", "r0", "demo");
        BatchGetRepositoriesResponse batch =
                client.batchGetRepositories(r -> r.repositoryNames("r1", "absent", "demo"));
        assertThat(batch.repositories())
                .extracting(RepositoryMetadata::repositoryName)
                .containsExactly("r1", "demo");
        assertThat(batch.repositoriesNotFound()).containsExactly("absent");
        assertThatThrownBy(() -> client.listRepositories(r -> r.nextToken("forged")))
                .isInstanceOf(InvalidContinuationTokenException.class);
        assertThatThrownBy(() -> client.listRepositories(r -> r.sortBy("size")))
                .isInstanceOf(InvalidSortByException.class);
        assertThatThrownBy(() -> client.batchGetRepositories(r -> r.repositoryNames(java.util.List.of())))
                .isInstanceOf(RepositoryNamesRequiredException.class);
    }

    @Test
    void tagsAreAddedAndTakenAway() {
        String arn = Repositories.arn(CodeCommitServer.SCOPE, "demo");
        client.tagResource(r -> r.resourceArn(arn).tags(Map.of("team", "red", "stage", "test")));
        client.untagResource(r -> r.resourceArn(arn).tagKeys("stage", "absent"));
        assertThat(client.listTagsForResource(r -> r.resourceArn(arn)).tags()).isEqualTo(Map.of("team", "red"));
        assertThat(server.service.resourceTags(arn)).isEqualTo(Map.of("team", "red"));
        Map<String, String> many = new java.util.HashMap<>();
        IntStream.range(0, 50).forEach(i -> many.put("k" + i, "v"));
        assertThatThrownBy(() -> client.tagResource(r -> r.resourceArn(arn).tags(many)))
                .isInstanceOf(TooManyTagsException.class);
        assertThatThrownBy(() -> client.listTagsForResource(r -> r.resourceArn("nonsense")))
                .isInstanceOf(InvalidResourceArnException.class);
    }

    @Test
    void firstFileMakesTheBranchAndTheNextNeedsItsTip() {
        PutFileResponse first = put("docs/a.txt", "one", "");
        assertThat(client.getRepository(r -> r.repositoryName("demo"))
                        .repositoryMetadata()
                        .defaultBranch())
                .isEqualTo("main");
        assertThatThrownBy(() -> put("docs/a.txt", "two", "")).isInstanceOf(ParentCommitIdRequiredException.class);
        PutFileResponse second = put("docs/a.txt", "two", first.commitId());
        assertThatThrownBy(() -> put("docs/a.txt", "three", first.commitId()))
                .isInstanceOf(ParentCommitIdOutdatedException.class);
        assertThatThrownBy(() -> put("docs/a.txt", "two", second.commitId()))
                .isInstanceOf(SameFileContentException.class);
        assertThatThrownBy(() -> put("docs", "x", second.commitId()))
                .isInstanceOf(FileNameConflictsWithDirectoryNameException.class);
        assertThatThrownBy(() -> put("docs/a.txt/b", "x", second.commitId()))
                .isInstanceOf(DirectoryNameConflictsWithFileNameException.class);
        assertThatThrownBy(() -> put("../a", "x", second.commitId())).isInstanceOf(InvalidPathException.class);
        assertThatThrownBy(() -> put("big", "x".repeat((6 << 20) + 1), second.commitId()))
                .isInstanceOf(FileContentSizeLimitExceededException.class);
        assertThatThrownBy(() -> client.putFile(r -> r.repositoryName("demo")
                        .branchName("other")
                        .filePath("x")
                        .fileContent(bytes("x"))
                        .parentCommitId(second.commitId())))
                .isInstanceOf(BranchDoesNotExistException.class);

        Commit commit = client.getCommit(r -> r.repositoryName("demo").commitId(second.commitId()))
                .commit();
        assertThat(commit.parents()).containsExactly(first.commitId());
        assertThat(commit.treeId()).isEqualTo(second.treeId());
        assertThat(commit.message()).isEqualTo("Put docs/a.txt");
        assertThat(commit.author().email()).isEqualTo("alice@example.com");
        assertThat(commit.author().date()).isEqualTo(server.clock.instant().getEpochSecond() + " +0000");
        assertThat(server.events("referenceUpdated"))
                .singleElement()
                .satisfies(event -> assertThat(event)
                        .containsEntry("oldCommitId", first.commitId())
                        .containsEntry("commitId", second.commitId()));
    }

    @Test
    void commitChangesManyFilesAtOnce() {
        String start = put("a/one.txt", "one", "").commitId();
        String next = put("b/two.txt", "two", start).commitId();

        CreateCommitResponse made = client.createCommit(r -> r.repositoryName("demo")
                .branchName("main")
                .parentCommitId(next)
                .commitMessage("Many")
                .keepEmptyFolders(true)
                .putFiles(
                        PutFileEntry.builder()
                                .filePath("run.sh")
                                .fileContent(bytes("#!/bin/sh"))
                                .fileMode(FileModeTypeEnum.EXECUTABLE)
                                .build(),
                        PutFileEntry.builder()
                                .filePath("c/moved.txt")
                                .sourceFile(s -> s.filePath("b/two.txt").isMove(true))
                                .build())
                .deleteFiles(DeleteFileEntry.builder().filePath("a/one.txt").build()));

        assertThat(made.filesAdded())
                .extracting(FileMetadata::absolutePath)
                .containsExactlyInAnyOrder("run.sh", "c/moved.txt", "a/.gitkeep", "b/.gitkeep");
        assertThat(made.filesDeleted())
                .extracting(FileMetadata::absolutePath)
                .containsExactlyInAnyOrder("a/one.txt", "b/two.txt");
        GetFolderResponse root = client.getFolder(r -> r.repositoryName("demo").folderPath("/"));
        assertThat(root.subFolders()).extracting(Folder::absolutePath).containsExactly("a", "b", "c");
        assertThat(root.files()).singleElement().satisfies(file -> {
            assertThat(file.relativePath()).isEqualTo("run.sh");
            assertThat(file.fileMode()).isEqualTo(FileModeTypeEnum.EXECUTABLE);
        });
        GetFileResponse moved = client.getFile(
                r -> r.repositoryName("demo").commitSpecifier("refs/heads/main").filePath("c/moved.txt"));
        assertThat(moved.fileContent().asUtf8String()).isEqualTo("two");
        assertThat(client.getBlob(r -> r.repositoryName("demo").blobId(moved.blobId()))
                        .content()
                        .asUtf8String())
                .isEqualTo("two");
    }

    @Test
    void commitThatMakesNoSenseIsRefused() {
        String tip = put("a.txt", "a", "").commitId();
        PutFileEntry same =
                PutFileEntry.builder().filePath("a.txt").fileContent(bytes("a")).build();
        assertThatThrownBy(() -> commit(tip, same)).isInstanceOf(NoChangeException.class);
        assertThatThrownBy(() -> commit(tip)).isInstanceOf(FileEntryRequiredException.class);
        assertThatThrownBy(() -> commit(tip, same, same)).isInstanceOf(SamePathRequestException.class);
        assertThatThrownBy(
                        () -> commit(tip, PutFileEntry.builder().filePath("b").build()))
                .isInstanceOf(SourceFileOrContentRequiredException.class);
        assertThatThrownBy(() -> commit(
                        tip,
                        PutFileEntry.builder()
                                .filePath("b")
                                .fileContent(bytes(""))
                                .build(),
                        PutFileEntry.builder()
                                .filePath("b/c")
                                .fileContent(bytes(""))
                                .build()))
                .isInstanceOf(PutFileEntryConflictException.class);
        assertThatThrownBy(() -> commit(
                        tip,
                        PutFileEntry.builder()
                                .filePath("b")
                                .sourceFile(s -> s.filePath("absent"))
                                .build()))
                .isInstanceOf(FileDoesNotExistException.class);
        assertThatThrownBy(() -> client.deleteFile(r -> r.repositoryName("demo")
                        .branchName("main")
                        .parentCommitId(tip)
                        .filePath("absent")))
                .isInstanceOf(FileDoesNotExistException.class);
        assertThat(client.getBranch(r -> r.repositoryName("demo").branchName("main"))
                        .branch()
                        .commitId())
                .isEqualTo(tip);
    }

    private void commit(String tip, PutFileEntry... files) {
        client.createCommit(r ->
                r.repositoryName("demo").branchName("main").parentCommitId(tip).putFiles(files));
    }

    @Test
    void branchesAreMadeAndDeletedButNotTheDefaultOne() {
        String tip = put("a.txt", "a", "").commitId();
        client.createBranch(
                r -> r.repositoryName("demo").branchName("feature/x").commitId(tip));
        assertThatThrownBy(() -> client.createBranch(
                        r -> r.repositoryName("demo").branchName("feature/x").commitId(tip)))
                .isInstanceOf(BranchNameExistsException.class);
        assertThatThrownBy(() -> client.createBranch(
                        r -> r.repositoryName("demo").branchName("y").commitId("0".repeat(39) + "1")))
                .isInstanceOf(CommitDoesNotExistException.class);
        assertThatThrownBy(() -> client.createBranch(
                        r -> r.repositoryName("demo").branchName("a..b").commitId(tip)))
                .isInstanceOf(InvalidBranchNameException.class);
        assertThatThrownBy(
                        () -> client.deleteBranch(r -> r.repositoryName("demo").branchName("main")))
                .isInstanceOf(DefaultBranchCannotBeDeletedException.class);
        client.updateDefaultBranch(r -> r.repositoryName("demo").defaultBranchName("feature/x"));
        assertThat(client.deleteBranch(r -> r.repositoryName("demo").branchName("main"))
                        .deletedBranch()
                        .commitId())
                .isEqualTo(tip);
        assertThat(client.deleteBranch(r -> r.repositoryName("demo").branchName("main"))
                        .deletedBranch())
                .isNull();
        assertThat(server.events("referenceDeleted")).hasSize(1);
        assertThatThrownBy(() -> client.getBranch(r -> r.repositoryName("demo").branchName("main")))
                .isInstanceOf(BranchDoesNotExistException.class);
        assertThatThrownBy(() ->
                        client.updateDefaultBranch(r -> r.repositoryName("demo").defaultBranchName("main")))
                .isInstanceOf(BranchDoesNotExistException.class);
    }

    @Test
    void differencesArePaged() {
        String first = put("src/a.txt", "a", "").commitId();
        String second = put("src/b.txt", "b", first).commitId();
        String third = put("src/a.txt", "changed", second).commitId();
        String fourth = client.deleteFile(r -> r.repositoryName("demo")
                        .branchName("main")
                        .parentCommitId(third)
                        .filePath("src/b.txt"))
                .commitId();

        assertThat(differences(first, third)).containsExactly("M src/a.txt", "A src/b.txt");
        assertThat(differences(third, fourth)).containsExactly("D src/b.txt");
        assertThat(client.getDifferences(r -> r.repositoryName("demo").afterCommitSpecifier("main"))
                        .differences())
                .singleElement()
                .satisfies(d -> assertThat(d.changeType()).isEqualTo(ChangeTypeEnum.A));
        GetDifferencesResponse page = client.getDifferences(r -> r.repositoryName("demo")
                .beforeCommitSpecifier(first)
                .afterCommitSpecifier(third)
                .maxResults(1));
        assertThat(page.differences()).hasSize(1);
        GetDifferencesResponse rest = client.getDifferences(r -> r.repositoryName("demo")
                .beforeCommitSpecifier(first)
                .afterCommitSpecifier(third)
                .maxResults(1)
                .nextToken(page.nextToken()));
        assertThat(rest.differences().getFirst().afterBlob().path()).isEqualTo("src/b.txt");
        assertThat(rest.nextToken()).isNull();
        assertThat(client.getDifferences(r -> r.repositoryName("demo")
                                .beforeCommitSpecifier(first)
                                .afterCommitSpecifier(third)
                                .afterPath("src/b.txt"))
                        .differences())
                .hasSize(1);
        assertThatThrownBy(() -> client.getDifferences(r ->
                        r.repositoryName("demo").afterCommitSpecifier("main").afterPath("absent")))
                .isInstanceOf(PathDoesNotExistException.class);
        assertThatThrownBy(() ->
                        client.getDifferences(r -> r.repositoryName("demo").afterCommitSpecifier("absent")))
                .isInstanceOf(CommitDoesNotExistException.class);
    }

    private java.util.List<String> differences(String before, String after) {
        return client
                .getDifferences(r ->
                        r.repositoryName("demo").beforeCommitSpecifier(before).afterCommitSpecifier(after))
                .differences()
                .stream()
                .map(d -> d.changeType() + " " + (d.afterBlob() != null ? d.afterBlob() : d.beforeBlob()).path())
                .toList();
    }

    @Test
    void historyOfAFileNamesTheCommitsThatChangedIt() {
        String first = put("a.txt", "1", "").commitId();
        String other = put("b.txt", "1", first).commitId();
        server.clock.advance(Duration.ofMinutes(1));
        String last = put("a.txt", "2", other).commitId();

        ListFileCommitHistoryResponse history =
                client.listFileCommitHistory(r -> r.repositoryName("demo").filePath("a.txt"));

        assertThat(history.revisionDag())
                .extracting(version -> version.commit().commitId())
                .containsExactly(last, first);
        assertThat(history.revisionDag().getLast().revisionChildren()).containsExactly(last);
        assertThat(history.revisionDag().getFirst().commit().parents()).containsExactly(other);
        assertThatThrownBy(() -> client.listFileCommitHistory(
                        r -> r.repositoryName("demo").filePath("absent")))
                .isInstanceOf(FileDoesNotExistException.class);
    }

    @Test
    void commitsAreReadInBatches() {
        String tip = put("a.txt", "1", "").commitId();
        BatchGetCommitsResponse batch =
                client.batchGetCommits(r -> r.repositoryName("demo").commitIds(tip, "f".repeat(40), "short"));
        assertThat(batch.commits()).extracting(Commit::commitId).containsExactly(tip);
        assertThat(batch.errors())
                .extracting(BatchGetCommitsError::errorCode)
                .containsExactly("CommitDoesNotExistException", "InvalidCommitIdException");
        assertThatThrownBy(() -> client.getCommit(r -> r.repositoryName("demo").commitId("f".repeat(40))))
                .isInstanceOf(CommitIdDoesNotExistException.class);
        assertThatThrownBy(() -> client.getBlob(r -> r.repositoryName("demo").blobId(tip)))
                .isInstanceOf(BlobIdDoesNotExistException.class);
    }
}

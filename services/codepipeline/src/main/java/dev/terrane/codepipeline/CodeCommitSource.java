package dev.terrane.codepipeline;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Authorizer;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.kernel.workflow.Steps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.codecommit.model.BlobMetadata;
import software.amazon.awssdk.services.codecommit.model.Commit;
import software.amazon.awssdk.services.codecommit.model.GetDifferencesResponse;
import software.amazon.awssdk.services.codecommit.model.UserInfo;
import software.amazon.awssdk.services.codepipeline.model.SourceRevisionType;

/**
 * The head of a CodeCommit branch, or the commit that the execution was started with.
 *
 * @see <a href="https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeCommit.html">CodeCommit source action</a>
 */
final class CodeCommitSource implements ActionRun {
    private static final String SUBMODULE = "160000";

    private final CodePipelineTables tables;
    private final Roles roles;
    private final ArtifactFiles artifacts;
    private final Authorizer authorizer;

    CodeCommitSource(CodePipelineTables tables, Roles roles, ArtifactFiles artifacts, Authorizer authorizer) {
        this.tables = tables;
        this.roles = roles;
        this.artifacts = artifacts;
        this.authorizer = authorizer;
    }

    /** The commit whose tree is the artifact. */
    record Head(String id, String message, String authorDate, String committerDate, Instant committed) {}

    @Override
    public ActionOutcome run(Steps steps, ActionRecord action) throws InterruptedException {
        String repository = action.resolved().getOrDefault("RepositoryName", "");
        String branch = action.resolved().getOrDefault("BranchName", "");
        Head head = steps.step("head", Head.class, () -> head(action, repository, branch));
        boolean refers = action.setting("OutputArtifactFormat")
                .filter(ActionSettings.CLONE_REF::equals)
                .isPresent();
        ArtifactRecord artifact = steps.step(
                "archive",
                ArtifactRecord.class,
                () -> refers ? refer(action, repository, branch, head) : archive(action, repository, head));
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("RepositoryName", repository);
        variables.put("BranchName", branch);
        variables.put("CommitId", head.id());
        variables.put("CommitMessage", head.message());
        variables.put("AuthorDate", head.authorDate());
        variables.put("CommitterDate", head.committerDate());
        RevisionRecord revision = new RevisionRecord(
                action.name(), artifact.name(), head.id(), head.message(), url(repository, head), head.committed());
        return ActionOutcome.found(revision, artifact, variables);
    }

    private static String url(String repository, Head head) {
        return "https://console.aws.amazon.com/codesuite/codecommit/repositories/%s/commit/%s"
                .formatted(repository, head.id());
    }

    private Head head(ActionRecord action, String repository, String branch) {
        CodeCommitClient client = roles.client(CodeCommitClient.class, action);
        String id = override(action)
                .orElseGet(
                        () -> client.getBranch(r -> r.repositoryName(repository).branchName(branch))
                                .branch()
                                .commitId());
        Commit commit =
                client.getCommit(r -> r.repositoryName(repository).commitId(id)).commit();
        String committed = date(commit.committer());
        return new Head(
                commit.commitId(),
                commit.message() == null ? "" : commit.message().strip(),
                date(commit.author()),
                committed,
                committed.isEmpty() ? Call.current().time() : Instant.parse(committed));
    }

    private Optional<String> override(ActionRecord action) {
        return tables.execution(Call.current().scope(), action.execution()).orElseThrow().origin().overrides().stream()
                .filter(o -> o.actionName().equals(action.name()) && o.revisionType() == SourceRevisionType.COMMIT_ID)
                .map(o -> o.revisionValue())
                .findFirst();
    }

    /** CodeCommit gives dates as Git has them: seconds and a zone. */
    private static String date(@Nullable UserInfo user) {
        if (user == null || user.date() == null) {
            return "";
        }
        String seconds = user.date().split(" ", 2)[0];
        try {
            return Instant.ofEpochSecond(Long.parseLong(seconds)).toString();
        } catch (NumberFormatException e) {
            return user.date();
        }
    }

    /** A reference in place of the sources, for builds that clone the repository themselves. */
    private ArtifactRecord refer(ActionRecord action, String repository, String branch, Head head) throws IOException {
        String clone = roles.client(CodeCommitClient.class, action)
                .getRepository(r -> r.repositoryName(repository))
                .repositoryMetadata()
                .cloneUrlHttp();
        ArtifactRecord artifact = artifacts.place(action, outputName(action), head.id(), clone);
        byte[] reference = RecordCodec.json()
                .writeValueAsBytes(Map.of(
                        "ProviderType", "CodeCommit",
                        "RepositoryName", repository,
                        "BranchName", branch,
                        "CommitId", head.id(),
                        "CloneUrl", clone));
        return ArtifactFiles.inTemporaryFile(file -> {
            Files.write(file, reference);
            artifacts.write(action, artifact, file, head.message());
            return artifact;
        });
    }

    private static String outputName(ActionRecord action) {
        return action.declaration().outputArtifacts().getFirst().name();
    }

    /** The commit's tree as a ZIP. AWS reads it by the permission UploadArchive, for which there is no operation. */
    private ArtifactRecord archive(ActionRecord action, String repository, Head head) throws IOException {
        Call asRole = roles.callAs(action);
        String arn = Arn.of("codecommit", asRole.region(), asRole.account(), repository)
                .toString();
        authorizer.authorize(asRole, "codecommit:UploadArchive", arn, Map.of());
        authorizer.record(
                asRole,
                "codecommit.amazonaws.com",
                "UploadArchive",
                false,
                List.of(arn),
                Map.of("repositoryName", repository, "commitId", head.id()));
        ArtifactRecord artifact = artifacts.place(action, outputName(action), head.id(), "");
        return ArtifactFiles.inTemporaryFile(file -> {
            pack(repository, head, file);
            artifacts.write(action, artifact, file, head.message());
            return artifact;
        });
    }

    private void pack(String repository, Head head, Path file) throws IOException {
        CodeCommitClient client = roles.upkeep(CodeCommitClient.class);
        try (ZipWriter zip = new ZipWriter(Files.newOutputStream(file))) {
            String next = null;
            do {
                String from = next;
                GetDifferencesResponse page = client.getDifferences(r -> r.repositoryName(repository)
                        .afterCommitSpecifier(head.id())
                        .nextToken(from));
                for (var difference : page.differences()) {
                    add(zip, client, repository, difference.afterBlob());
                }
                next = page.nextToken();
            } while (next != null);
        }
    }

    /** Submodules are empty folders in an archive, which a ZIP need not have. */
    private static void add(ZipWriter zip, CodeCommitClient client, String repository, BlobMetadata file)
            throws IOException {
        if (file.mode().equals(SUBMODULE)) {
            return;
        }
        byte[] content = client.getBlob(r -> r.repositoryName(repository).blobId(file.blobId()))
                .content()
                .asByteArray();
        zip.add(file.path(), Integer.parseInt(file.mode(), 8), content);
    }
}

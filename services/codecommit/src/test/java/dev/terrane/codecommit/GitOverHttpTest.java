package dev.terrane.codecommit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;

/** What a real Git client sees. */
class GitOverHttpTest {
    @TempDir
    Path folder;

    private CodeCommitServer server;
    private CodeCommitClient client;
    private String url;

    @BeforeEach
    void serve() throws IOException {
        server = new CodeCommitServer(folder.resolve("server"));
        client = server.client();
        url = client.createRepository(r -> r.repositoryName("demo"))
                .repositoryMetadata()
                .cloneUrlHttp()
                .replace("http://", "http://alice-at-1:s3cret%2B%2F%3D@");
    }

    @AfterEach
    void end() {
        server.close();
    }

    private GitClient pushed() {
        GitClient work = GitClient.init(folder.resolve("work"), url);
        work.commit("README.md", "one\n");
        work.commit("src/main.txt", "two\n");
        work.git("push", "-q", "origin", "main");
        return work;
    }

    private Optional<String> tip(String branch) {
        return server.call(() -> new CodeCommitTables(server.store())
                .ref(CodeCommitServer.SCOPE, repositoryId(), "refs/heads/" + branch)
                .map(RefRecord::objectId));
    }

    private String repositoryId() {
        return client.getRepository(r -> r.repositoryName("demo"))
                .repositoryMetadata()
                .repositoryId();
    }

    @Test
    void firstPushMakesTheDefaultBranchAndACloneHasTheSameHistory() {
        GitClient work = pushed();
        String head = work.git("rev-parse", "HEAD");

        GitClient clone = GitClient.clone(folder.resolve("clone"), url);

        assertThat(clone.git("rev-parse", "HEAD")).isEqualTo(head);
        assertThat(clone.git("fsck", "--full", "--strict")).isEmpty();
        assertThat(client.getRepository(r -> r.repositoryName("demo"))
                        .repositoryMetadata()
                        .defaultBranch())
                .isEqualTo("main");
        assertThat(client.getBranch(r -> r.repositoryName("demo").branchName("main"))
                        .branch()
                        .commitId())
                .isEqualTo(head);
    }

    @Test
    void pushEmitsTheStateChangeEventAndIsRecorded() {
        GitClient work = pushed();
        String before = work.git("rev-parse", "HEAD");
        String after = work.commit("README.md", "three\n");
        work.git("push", "-q", "origin", "main");

        assertThat(server.events("referenceCreated"))
                .singleElement()
                .satisfies(event -> assertThat(event)
                        .containsEntry("commitId", before)
                        .containsEntry("repositoryName", "demo")
                        .containsEntry("repositoryId", repositoryId())
                        .containsEntry("referenceType", "branch")
                        .containsEntry("referenceName", "main")
                        .containsEntry("referenceFullName", "refs/heads/main")
                        .containsEntry("callerUserArn", CodeCommitServer.ALICE.arn())
                        .containsEntry("source", "aws.codecommit")
                        .containsEntry("detail-type", "CodeCommit Repository State Change")
                        .doesNotContainKey("oldCommitId"));
        assertThat(server.events("referenceUpdated"))
                .singleElement()
                .satisfies(event ->
                        assertThat(event).containsEntry("oldCommitId", before).containsEntry("commitId", after));
        assertThat(server.trail).contains("GitPush " + Repositories.arn(CodeCommitServer.SCOPE, "demo"));
    }

    @Test
    void fetchBringsWhatOthersPushed() {
        GitClient work = pushed();
        GitClient other = GitClient.clone(folder.resolve("other"), url);
        String head = work.commit("README.md", "three\n");
        work.git("push", "-q", "origin", "main");

        other.git("pull", "-q");

        assertThat(other.git("rev-parse", "HEAD")).isEqualTo(head);
    }

    @Test
    void olderProtocolsFetchToo() {
        GitClient work = pushed();
        for (String version : List.of("0", "1")) {
            GitClient clone = GitClient.clone(folder.resolve("v" + version), url, "-c", "protocol.version=" + version);
            assertThat(clone.git("rev-parse", "HEAD")).isEqualTo(work.git("rev-parse", "HEAD"));
        }
    }

    @Test
    void shallowCloneDeepens() {
        pushed();
        GitClient clone = GitClient.clone(folder.resolve("shallow"), url, "--depth", "1");
        assertThat(clone.git("rev-list", "--count", "HEAD")).isEqualTo("1");
        clone.git("fetch", "-q", "--unshallow");
        assertThat(clone.git("rev-list", "--count", "HEAD")).isEqualTo("2");
        assertThat(clone.git("fsck")).isEmpty();
    }

    @Test
    void partialCloneFetchesFilesWhenTheyAreNeeded() throws IOException {
        pushed();
        GitClient clone = GitClient.clone(folder.resolve("partial"), url, "--filter=blob:none", "--no-checkout");
        assertThat(clone.git("rev-list", "--objects", "--all", "--missing=print"))
                .contains("?");
        clone.git("checkout", "-q", "main");
        assertThat(Files.readString(clone.folder().resolve("src/main.txt"))).isEqualTo("two\n");
    }

    @Test
    void forcedPushReplacesHistoryAndPlainPushDoesNot() {
        GitClient work = pushed();
        GitClient other = GitClient.clone(folder.resolve("other"), url);
        other.git("commit", "-q", "--amend", "-m", "Rewritten");
        String rewritten = other.git("rev-parse", "HEAD");

        assertThat(other.attempt("push", "origin", "main").output()).contains("non-fast-forward");
        assertThat(tip("main")).contains(work.git("rev-parse", "HEAD"));
        other.git("push", "-q", "--force", "origin", "main");
        assertThat(tip("main")).contains(rewritten);
    }

    @Test
    void branchesAndTagsComeAndGo() {
        GitClient work = pushed();
        work.git("tag", "-a", "v1", "-m", "First");
        work.git("push", "-q", "origin", "v1", "main:feature/one");
        assertThat(work.git("ls-remote", "origin"))
                .contains("refs/heads/feature/one")
                .contains("refs/tags/v1^{}");
        assertThat(client.listBranches(r -> r.repositoryName("demo")).branches())
                .containsExactly("feature/one", "main");

        work.git("push", "-q", "origin", "--delete", "feature/one", "v1");
        assertThat(work.git("ls-remote", "origin")).doesNotContain("feature/one", "v1");
        assertThat(server.events("referenceDeleted")).hasSize(2);
        assertThat(work.attempt("push", "origin", "--delete", "main").output())
                .contains("remote rejected", "deletion of the default branch prohibited");
    }

    @Test
    void ofTwoPushesAtOnceOneWins() throws Exception {
        pushed();
        GitClient one = GitClient.clone(folder.resolve("one"), url);
        GitClient two = GitClient.clone(folder.resolve("two"), url);
        String first = one.commit("one.txt", "1\n");
        String second = two.commit("two.txt", "2\n");
        Callable<Integer> pushOne = () -> one.attempt("push", "origin", "main").status();
        Callable<Integer> pushTwo = () -> two.attempt("push", "origin", "main").status();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> ends = threads.invokeAll(List.of(pushOne, pushTwo));
            assertThat(List.of(ends.get(0).get(), ends.get(1).get())).containsExactlyInAnyOrder(0, 1);
            assertThat(tip("main")).contains(ends.get(0).get() == 0 ? first : second);
        }
        assertThat(GitClient.clone(folder.resolve("after"), url).git("fsck", "--full"))
                .isEmpty();
    }

    @Test
    void wrongPasswordIsAskedForAgainAndNothingIsShown() throws Exception {
        pushed();
        String bare = url.replaceAll("//.*@", "//");
        HttpResponse<String> nobody = get(bare + "/info/refs?service=git-upload-pack", "");
        assertThat(nobody.statusCode()).isEqualTo(401);
        assertThat(nobody.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Basic realm=");
        assertThat(get(bare + "/info/refs?service=git-upload-pack", "alice-at-1:wrong")
                        .statusCode())
                .isEqualTo(401);
        assertThat(get(bare + "/info/refs", "alice-at-1:" + CodeCommitServer.PASSWORD)
                        .statusCode())
                .isEqualTo(403);
        assertThat(get(
                                bare.replace("demo", "absent") + "/info/refs?service=git-upload-pack",
                                "alice-at-1:" + CodeCommitServer.PASSWORD)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void compressedRequestsAreRead() throws Exception {
        pushed();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(body)) {
            zip.write("0014command=ls-refs\n0000".getBytes(StandardCharsets.UTF_8));
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(url.replaceAll("//.*@", "//") + "/git-upload-pack"))
                            .header("Content-Type", "application/x-git-upload-pack-request")
                            .header("Content-Encoding", "gzip")
                            .header("Git-Protocol", "version=2")
                            .header(
                                    "Authorization",
                                    "Basic "
                                            + Base64.getEncoder()
                                                    .encodeToString(("alice-at-1:" + CodeCommitServer.PASSWORD)
                                                            .getBytes(StandardCharsets.UTF_8)))
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("refs/heads/main");
        }
    }

    private static HttpResponse<String> get(String url, String credentials) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
            if (!credentials.isEmpty()) {
                request.header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
            }
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void callerWithoutPermissionNeitherPullsNorPushes() {
        GitClient work = pushed();
        String head = work.git("rev-parse", "HEAD");
        work.commit("README.md", "denied\n");
        server.policy = question -> Optional.of("alice is not authorized to perform: " + question);

        assertThat(work.attempt("fetch", "origin").output()).contains("403");
        assertThat(work.attempt("push", "origin", "main").output()).contains("403");
        assertThat(tip("main")).contains(head);
    }

    @Test
    void referenceThatThePolicyDeniesIsRejectedAndOthersAreNot() {
        GitClient work = pushed();
        String head = work.git("rev-parse", "HEAD");
        work.commit("README.md", "three\n");
        server.policy = question -> question.endsWith(" refs/heads/main")
                ? Optional.of("alice is not authorized to perform: codecommit:GitPush")
                : Optional.empty();

        GitClient.Result result = work.attempt("push", "origin", "main", "main:feature");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("remote rejected", "not authorized to perform: codecommit:GitPush");
        assertThat(tip("main")).contains(head);
        assertThat(tip("feature")).isPresent();
        assertThat(work.attempt("push", "--atomic", "origin", "main", "main:other")
                        .status())
                .isEqualTo(1);
        assertThat(tip("other")).isEmpty();
    }

    @Test
    void cutOffPushLeavesNothing() throws Exception {
        pushed();
        int packs = packs();
        byte[] garbage = new byte[100_000];
        new Random(1).nextBytes(garbage);
        String line = "0".repeat(40) + " " + "1".repeat(40) + " refs/heads/broken\0 report-status\n";
        String text = "%04x%s0000PACK\0\0\0\2\0\0\0\5".formatted(line.length() + 4, line);
        byte[] head = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] body = java.util.Arrays.copyOf(head, head.length + garbage.length);
        System.arraycopy(garbage, 0, body, head.length, garbage.length);
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(url.replaceAll("//.*@", "//") + "/git-receive-pack"))
                            .header("Content-Type", "application/x-git-receive-pack-request")
                            .header(
                                    "Authorization",
                                    "Basic "
                                            + Base64.getEncoder()
                                                    .encodeToString(("alice-at-1:" + CodeCommitServer.PASSWORD)
                                                            .getBytes(StandardCharsets.UTF_8)))
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.body()).contains("unpack ").doesNotContain("unpack ok");
        }
        assertThat(tip("broken")).isEmpty();
        assertThat(packs()).isEqualTo(packs);
        assertThat(unreferenced()).isZero();
    }

    private int packs() {
        return new CodeCommitTables(server.store())
                .packs(CodeCommitServer.SCOPE, repositoryId())
                .size();
    }

    private int unreferenced() {
        return new CodeCommitTables(server.store())
                .unreferencedBefore(java.time.Instant.MAX)
                .records()
                .size();
    }

    @Test
    void largeHistoryStreamsThroughInParts() throws Exception {
        GitClient work = pushed();
        Random random = new Random(7);
        for (int i = 0; i < 3; i++) {
            byte[] bytes = new byte[5 << 20];
            random.nextBytes(bytes);
            Files.write(work.folder().resolve("large" + i + ".bin"), bytes);
        }
        work.git("add", "-A");
        work.git("commit", "-q", "-m", "Large files");
        work.git("push", "-q", "origin", "main");

        GitClient clone = GitClient.clone(folder.resolve("clone"), url);

        assertThat(clone.git("fsck", "--full")).isEmpty();
        assertThat(Files.mismatch(
                        work.folder().resolve("large2.bin"), clone.folder().resolve("large2.bin")))
                .isEqualTo(-1);
    }
}

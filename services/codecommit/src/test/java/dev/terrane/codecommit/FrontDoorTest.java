package dev.terrane.codecommit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.audit.AuditRecord;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.identity.Credential;
import dev.terrane.testkit.TestIdentities;
import dev.terrane.testkit.TestServer;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.codecommit.model.EncryptionKeyUnavailableException;

/** The whole way of a push: HTTP, credentials, policies, storage, events, trail. */
class FrontDoorTest {
    private static final Scope SCOPE = new Scope(TestServer.ACCOUNT, TestServer.REGION);

    /** The example of "Limit pushes and merges to branches in AWS CodeCommit". */
    private static final String NOT_TO_MAIN = """
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Action":"codecommit:*","Resource":"*"},
              {"Effect":"Deny","Action":["codecommit:GitPush","codecommit:DeleteBranch","codecommit:PutFile"],
               "Resource":"*",
               "Condition":{"StringEqualsIfExists":{"codecommit:References":["refs/heads/main"]},
                            "Null":{"codecommit:References":"false"}}}]}
            """;

    @TempDir
    Path folder;

    private final TestServer server = TestServer.with(CodeCommitService::new);

    @BeforeEach
    void create() {
        server.client(CodeCommitClient.class).createRepository(r -> r.repositoryName("demo"));
        server.identities()
                .gitCredential("admin-git", "pass", server.administrator().principal());
    }

    @AfterEach
    void end() {
        server.close();
    }

    private String url(String user, String password) {
        return server.url().toString().replace("://", "://" + encode(user) + ":" + encode(password) + "@")
                + "/v1/repos/demo";
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private GitClient pushed(String url) {
        GitClient work = GitClient.init(folder.resolve("work"), url);
        work.commit("README.md", "one\n");
        work.git("push", "-q", "origin", "main");
        return work;
    }

    @Test
    void pushSurvivesARestartWithItsEventAndItsTrail() {
        GitClient work = pushed(url("admin-git", "pass"));
        server.awaitEvents("CodeCommit Repository State Change", 1);

        server.restart();

        GitClient clone = GitClient.clone(folder.resolve("clone"), url("admin-git", "pass"));
        assertThat(clone.git("rev-parse", "HEAD")).isEqualTo(work.git("rev-parse", "HEAD"));
        assertThat(clone.git("fsck", "--full")).isEmpty();
        assertThat(server.trail())
                .extracting(AuditRecord::eventName)
                .contains("GitPush", "GitPull", "CreateRepository");
        assertThat(server.trail())
                .filteredOn(entry -> entry.eventName().equals("GitPush"))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.resources()).containsExactly(Repositories.arn(SCOPE, "demo"));
                    assertThat(entry.principal())
                            .isEqualTo(server.administrator().principal());
                    assertThat(entry.requestParameters()).contains("refs/heads/main");
                });
        assertThat(server.faults()).isEmpty();
    }

    @Test
    void accessKeySignsForGitAsTheCommandLineHelperDoes() {
        Credential key = server.administrator();
        pushed(url(key.accessKeyId(), password(key)));
        assertThat(server.client(CodeCommitClient.class)
                        .getBranch(r -> r.repositoryName("demo").branchName("main"))
                        .branch()
                        .commitId())
                .hasSize(40);
        GitClient other = new GitClient(folder.resolve("other"));
        GitClient.Result wrong = other.attempt(
                "ls-remote", url(key.accessKeyId(), password(key).replaceAll("[0-9a-f]{8}$", "00000000")));
        assertThat(wrong.status()).isNotZero();
        assertThat(wrong.output()).contains("Authentication failed");
    }

    @Test
    void accessKeySignsForTheRegionOfTheRepository() {
        String role = server.identities()
                .role(TestServer.ACCOUNT, "far", "codebuild.amazonaws.com", TestIdentities.EVERYTHING);
        server.platform()
                .clients()
                .client(CodeCommitClient.class, new Actor.Role(role, "codebuild.amazonaws.com", "s"), "eu-west-1")
                .createRepository(r -> r.repositoryName("demo"));
        Credential key = server.administrator();
        pushed(url(key.accessKeyId(), password(key)));
        GitClient other = new GitClient(folder.resolve("other"));
        assertThat(other.git("ls-remote", url(key.accessKeyId(), password(key, "us-east-1"))))
                .contains("refs/heads/main");
        assertThat(other.git("ls-remote", url(key.accessKeyId(), password(key, "eu-west-1"))))
                .isEmpty();
        assertThat(other.attempt("ls-remote", url(key.accessKeyId(), password(key, "ap-east-1")))
                        .output())
                .contains("Authentication failed");
        assertThat(other.attempt("ls-remote", url("admin-git", "pass")).output())
                .as("a user name and password say no region")
                .contains("409");
    }

    private String password(Credential key) {
        return password(key, TestServer.REGION);
    }

    /** A SigV4 signature of the method GIT and the repository's path, after the time. */
    private String password(Credential key, String region) {
        String time = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss")
                .format(server.clock().instant().atOffset(ZoneOffset.UTC));
        String scope = time.substring(0, 8) + "/" + region + "/codecommit/aws4_request";
        String canonical = "GIT\n/v1/repos/demo\n\nhost:127.0.0.1\n\nhost\n";
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(UTF_8));
            String toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n"
                    + HexFormat.of().formatHex(hash);
            byte[] signature = ("AWS4" + key.secret()).getBytes(UTF_8);
            for (String part : scope.split("/")) {
                signature = hmac(signature, part);
            }
            return time + "Z" + HexFormat.of().formatHex(hmac(signature, toSign));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }

    @Test
    void policyOnReferencesKeepsPushesFromABranch() {
        GitClient work = pushed(url("admin-git", "pass"));
        Principal limited =
                server.identities().user(TestServer.ACCOUNT, "bob", NOT_TO_MAIN).principal();
        server.identities().gitCredential("bob-git", "pass", limited);
        work.git("remote", "set-url", "origin", url("bob-git", "pass"));
        work.commit("README.md", "two\n");

        GitClient.Result main = work.attempt("push", "origin", "main");
        assertThat(main.status()).isNotZero();
        assertThat(main.output()).contains("remote rejected", "codecommit:GitPush");
        work.git("push", "-q", "origin", "main:feature");
        assertThat(server.client(CodeCommitClient.class)
                        .listBranches(r -> r.repositoryName("demo"))
                        .branches())
                .containsExactly("feature", "main");
    }

    @Test
    void callerWithoutRightsIsDeniedByApiAndByGit() {
        CodeCommitClient nobody =
                server.clientWith(CodeCommitClient.class, TestIdentities.EVERYTHING.replace("Allow", "Deny"));
        assertThatThrownBy(() -> nobody.getRepository(r -> r.repositoryName("demo")))
                .isInstanceOf(AwsServiceException.class)
                .hasMessageContaining("codecommit:GetRepository");
        Principal reader =
                server.identities().user(TestServer.ACCOUNT, "reader", """
                        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"codecommit:GitPull","Resource":"*"}]}
                        """).principal();
        server.identities().gitCredential("reader-git", "pass", reader);
        GitClient work = pushed(url("admin-git", "pass"));
        GitClient clone = GitClient.clone(folder.resolve("clone"), url("reader-git", "pass"));
        clone.commit("x", "y");
        assertThat(clone.attempt("push", "origin", "main").output()).contains("403");
        assertThat(work.git("ls-remote", "origin", "main")).doesNotContain(clone.git("rev-parse", "HEAD"));
    }

    @Test
    void keyOfAnAbsentKmsIsRefused() {
        assertThatThrownBy(() -> server.client(CodeCommitClient.class)
                        .createRepository(r -> r.repositoryName("x").kmsKeyId("alias/mine")))
                .isInstanceOf(EncryptionKeyUnavailableException.class);
    }
}

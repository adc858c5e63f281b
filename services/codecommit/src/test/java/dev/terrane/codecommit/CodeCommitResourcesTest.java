package dev.terrane.codecommit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kms.KmsService;
import dev.terrane.s3.S3Service;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.ResourceExample;
import dev.terrane.testkit.resource.ResourceTypeSuite;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;

class CodeCommitResourcesTest extends ResourceTypeSuite {
    /** More than one commit by API takes. */
    private static final int FILES = 150;

    @Override
    protected TestServer start() {
        return TestServer.with(KmsService::new, S3Service::new, CodeCommitService::new);
    }

    @Override
    protected List<String> spaces() {
        return List.of("AWS::CodeCommit::");
    }

    @Override
    protected List<ResourceExample> examples(TestServer on) {
        String key = on.client(KmsClient.class).createKey().keyMetadata().arn();
        code(on);
        return List.of(
                ResourceExample.of("AWS::CodeCommit::Repository", "{'RepositoryName':'plain'}")
                        .then("{'RepositoryName':'renamed','RepositoryDescription':'What it is'," + "'KmsKeyId':'" + key
                                + "','Tags':[{'Key':'a','Value':'1'},{'Key':'b','Value':'2'}]}")
                        .then("{'RepositoryName':'renamed','Tags':[{'Key':'b','Value':'3'}]}"),
                ResourceExample.of(
                                "AWS::CodeCommit::Repository",
                                "{'RepositoryName':'app','KmsKeyId':'" + key + "',"
                                        + "'Code':{'BranchName':'trunk','S3':{'Bucket':'code','Key':'app.zip'}}}")
                        .unreadable("Code"));
    }

    private static void code(TestServer on) {
        S3Client s3 = on.client(S3Client.class);
        s3.createBucket(r -> r.bucket("code"));
        s3.putObject(r -> r.bucket("code").key("app.zip"), RequestBody.fromBytes(zip()));
    }

    private static byte[] zip() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < FILES; i++) {
                zip.putNextEntry(new ZipEntry("src/file" + i));
                zip.write(("content " + i).getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Test
    void theCodeOfATemplateIsTheRepositorysFirst() {
        TestServer server = server();
        code(server);
        String id = made(
                "AWS::CodeCommit::Repository",
                "{'RepositoryName':'app','Code':{'S3':{'Bucket':'code','Key':'app.zip'}}}");

        CodeCommitClient codecommit = server.client(CodeCommitClient.class);
        assertThat(codecommit.getRepository(r -> r.repositoryName("app")).repositoryMetadata())
                .satisfies(found -> {
                    assertThat(found.repositoryId()).isEqualTo(id);
                    assertThat(found.defaultBranch()).isEqualTo("main");
                });
        assertThat(codecommit
                        .getFolder(r -> r.repositoryName("app").folderPath("src"))
                        .files())
                .hasSize(FILES);
        assertThat(codecommit
                        .getFile(r -> r.repositoryName("app").filePath("src/file149"))
                        .fileContent()
                        .asUtf8String())
                .isEqualTo("content 149");
    }
}

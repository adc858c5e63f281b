package dev.terrane.codecommit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kms.KmsService;
import dev.terrane.testkit.TestServer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.kms.KmsClient;

class KmsTest {
    @Test
    void aRepositoryIsEncryptedUnderTheAwsManagedKey() {
        try (TestServer server = TestServer.with(KmsService::new, CodeCommitService::new)) {
            CodeCommitClient codecommit = server.client(CodeCommitClient.class);
            String key = codecommit
                    .createRepository(r -> r.repositoryName("app"))
                    .repositoryMetadata()
                    .kmsKeyId();
            codecommit.putFile(r -> r.repositoryName("app")
                    .branchName("main")
                    .filePath("readme")
                    .fileContent(SdkBytes.fromUtf8String("hello")));
            server.restart();

            assertThat(server.client(CodeCommitClient.class)
                            .getFile(r -> r.repositoryName("app").filePath("readme"))
                            .fileContent()
                            .asUtf8String())
                    .isEqualTo("hello");
            assertThat(server.client(KmsClient.class)
                            .describeKey(r -> r.keyId("alias/aws/codecommit"))
                            .keyMetadata()
                            .arn())
                    .isEqualTo(key);
            assertThat(server.faults()).isEmpty();
        }
    }
}

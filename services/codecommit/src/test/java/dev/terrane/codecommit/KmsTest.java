package dev.terrane.codecommit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kms.KmsService;
import dev.terrane.testkit.TestServer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.codecommit.model.EncryptionKeyAccessDeniedException;
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

    /** The key's policy need only name the account: the caller's own right to the key decides, as for AWS. */
    @Test
    void aCustomersKeyIsUsedInTheNameOfTheCaller() {
        try (TestServer server = TestServer.with(KmsService::new, CodeCommitService::new)) {
            KmsClient kms = server.client(KmsClient.class);
            String key = kms.createKey().keyMetadata().arn();
            CodeCommitClient owner = server.client(CodeCommitClient.class);
            owner.createRepository(r -> r.repositoryName("app").kmsKeyId(key));
            owner.putFile(r -> r.repositoryName("app")
                    .branchName("main")
                    .filePath("readme")
                    .fileContent(SdkBytes.fromUtf8String("hello")));

            CodeCommitClient without = server.clientWith(
                    CodeCommitClient.class,
                    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"codecommit:*\",\"Resource\":\"*\"}}");
            assertThatThrownBy(
                            () -> without.getFile(r -> r.repositoryName("app").filePath("readme")))
                    .isInstanceOf(EncryptionKeyAccessDeniedException.class)
                    .hasMessageContaining("kms:Decrypt");
            assertThatThrownBy(() -> without.createRepository(
                            r -> r.repositoryName("other").kmsKeyId(key)))
                    .isInstanceOf(EncryptionKeyAccessDeniedException.class)
                    .hasMessageContaining("kms:GenerateDataKey");

            CodeCommitClient reader = server.clientWith(CodeCommitClient.class, """
                    {"Version":"2012-10-17","Statement":[
                    {"Effect":"Allow","Action":"codecommit:*","Resource":"*"},
                    {"Effect":"Allow","Action":"kms:Decrypt","Resource":"%s","Condition":
                    {"StringEquals":{"kms:ViaService":"codecommit.us-east-1.amazonaws.com"}}}]}""".formatted(key));
            assertThat(reader.getFile(r -> r.repositoryName("app").filePath("readme"))
                            .fileContent()
                            .asUtf8String())
                    .isEqualTo("hello");
            assertThat(server.faults()).isEmpty();
        }
    }
}

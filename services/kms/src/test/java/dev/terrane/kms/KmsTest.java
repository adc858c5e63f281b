package dev.terrane.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.terrane.testkit.TestServer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;

/** What tests of KMS share: a server, an administrator's client. */
abstract class KmsTest {
    final TestServer server = TestServer.with(KmsService::new);
    KmsClient kms = server.client(KmsClient.class);

    @AfterEach
    void end() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    void restart() {
        server.restart();
        kms = server.client(KmsClient.class);
    }

    String newKey() {
        return kms.createKey().keyMetadata().keyId();
    }

    SdkBytes encrypted(String keyId, String text) {
        return kms.encrypt(r -> r.keyId(keyId).plaintext(SdkBytes.fromUtf8String(text)))
                .ciphertextBlob();
    }

    String decrypted(SdkBytes blob) {
        return kms.decrypt(r -> r.ciphertextBlob(blob)).plaintext().asUtf8String();
    }

    static String arn(String keyId) {
        return "arn:aws:kms:us-east-1:123456789012:key/" + keyId;
    }

    static AwsServiceException refused(String code, ThrowingCallable call) {
        AwsServiceException error = catchThrowableOfType(AwsServiceException.class, call);
        assertThat(error).as("refused with " + code).isNotNull();
        assertThat(error.awsErrorDetails().errorCode()).isEqualTo(code);
        return error;
    }
}

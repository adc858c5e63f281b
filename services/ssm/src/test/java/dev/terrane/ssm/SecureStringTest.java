package dev.terrane.ssm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.terrane.kms.KmsService;
import dev.terrane.testkit.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterTier;
import software.amazon.awssdk.services.ssm.model.ParameterType;

class SecureStringTest {
    private static final String SSM_ONLY =
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"ssm:*\",\"Resource\":\"*\"}]}";

    private final TestServer server = TestServer.with(KmsService::new, SsmService::new);
    private final SsmClient ssm = server.client(SsmClient.class);

    @AfterEach
    void end() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private static String read(SsmClient client, String name) {
        return client.getParameter(r -> r.name(name).withDecryption(true))
                .parameter()
                .value();
    }

    @Test
    void aSecretValueIsEncryptedUntilItIsToBeDecrypted() {
        ssm.putParameter(r -> r.name("/app/password").value("hunter2").type(ParameterType.SECURE_STRING));

        assertThat(ssm.getParameter(r -> r.name("/app/password")).parameter().value())
                .doesNotContain("hunter2");
        assertThat(read(ssm, "/app/password")).isEqualTo("hunter2");
        assertThat(read(server.clientWith(SsmClient.class, SSM_ONLY), "/app/password"))
                .isEqualTo("hunter2");
        assertThat(ssm.describeParameters().parameters().getFirst().keyId()).isEqualTo("alias/aws/ssm");
    }

    @Test
    void whoMayNotUseTheKeyReadsNothing() {
        String key = server.client(KmsClient.class).createKey().keyMetadata().keyId();
        ssm.putParameter(r -> r.name("/own")
                .value("hunter2")
                .type(ParameterType.SECURE_STRING)
                .keyId(key));
        assertThat(read(ssm, "/own")).isEqualTo("hunter2");

        AwsServiceException denied = catchThrowableOfType(
                AwsServiceException.class, () -> read(server.clientWith(SsmClient.class, SSM_ONLY), "/own"));

        assertThat(denied.awsErrorDetails().errorCode()).isEqualTo("AccessDeniedException");
        AwsServiceException unknown = catchThrowableOfType(
                AwsServiceException.class,
                () -> ssm.putParameter(r -> r.name("/bad")
                        .value("x")
                        .type(ParameterType.SECURE_STRING)
                        .keyId("alias/none")));
        assertThat(unknown.awsErrorDetails().errorCode()).isEqualTo("InvalidKeyId");
    }

    @Test
    void anAdvancedValueMayBeLongerThanKmsEncrypts() {
        String value = "x".repeat(8_000);
        ssm.putParameter(r ->
                r.name("/long").value(value).type(ParameterType.SECURE_STRING).tier(ParameterTier.ADVANCED));
        assertThat(read(ssm, "/long")).isEqualTo(value);
    }
}

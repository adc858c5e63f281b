package dev.terrane.secretsmanager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.terrane.kms.KmsService;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.*;

class SecretsTest {
    private static final String ONE = "11111111-1111-4111-8111-111111111111";
    private static final String TWO = "22222222-2222-4222-8222-222222222222";

    private final TestServer server = TestServer.with(KmsService::new, SecretsManagerService::new);
    private SecretsManagerClient secrets = server.client(SecretsManagerClient.class);

    @AfterEach
    void end() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private static void refused(String code, ThrowingCallable call) {
        AwsServiceException error = catchThrowableOfType(AwsServiceException.class, call);
        assertThat(error).as("refused with " + code).isNotNull();
        assertThat(error.awsErrorDetails().errorCode()).isEqualTo(code);
    }

    private String value(String id) {
        return secrets.getSecretValue(r -> r.secretId(id)).secretString();
    }

    @Test
    void aSecretIsReadByNameAndByArnWithAndWithoutItsSuffix() {
        CreateSecretResponse made = secrets.createSecret(
                r -> r.name("db/main").secretString("hunter2").description("database"));

        assertThat(made.arn()).matches("arn:aws:secretsmanager:us-east-1:123456789012:secret:db/main-[A-Za-z0-9]{6}");
        server.restart();
        secrets = server.client(SecretsManagerClient.class);
        assertThat(value("db/main")).isEqualTo("hunter2");
        assertThat(value(made.arn())).isEqualTo("hunter2");
        assertThat(value(made.arn().substring(0, made.arn().length() - 7))).isEqualTo("hunter2");
        refused("ResourceNotFoundException", () -> value("db/other"));
        refused(
                "ResourceExistsException",
                () -> secrets.createSecret(r -> r.name("db/main").secretString("x")));
        DescribeSecretResponse described = secrets.describeSecret(r -> r.secretId("db/main"));
        assertThat(described.versionIdsToStages()).isEqualTo(Map.of(made.versionId(), List.of("AWSCURRENT")));
        assertThat(described.description()).isEqualTo("database");
    }

    @Test
    void labelsMoveFromVersionToVersion() {
        secrets.createSecret(r -> r.name("s").secretString("one").clientRequestToken(ONE));
        secrets.putSecretValue(r -> r.secretId("s").secretString("two").clientRequestToken(TWO));

        assertThat(value("s")).isEqualTo("two");
        assertThat(secrets.getSecretValue(r -> r.secretId("s").versionStage("AWSPREVIOUS"))
                        .versionId())
                .isEqualTo(ONE);
        PutSecretValueResponse pending = secrets.putSecretValue(r ->
                r.secretId("s").secretBinary(SdkBytes.fromUtf8String("three")).versionStages("AWSPENDING"));
        assertThat(value("s")).isEqualTo("two");
        secrets.updateSecretVersionStage(r -> r.secretId("s")
                .versionStage("AWSCURRENT")
                .removeFromVersionId(TWO)
                .moveToVersionId(pending.versionId()));
        GetSecretValueResponse current = secrets.getSecretValue(r -> r.secretId("s"));
        assertThat(current.secretBinary().asUtf8String()).isEqualTo("three");
        assertThat(current.versionStages()).containsExactly("AWSCURRENT", "AWSPENDING");
        assertThat(secrets.getSecretValue(r -> r.secretId("s").versionStage("AWSPREVIOUS"))
                        .versionId())
                .isEqualTo(TWO);
        assertThat(secrets.listSecretVersionIds(r -> r.secretId("s")).versions())
                .hasSize(2);
        assertThat(secrets.listSecretVersionIds(r -> r.secretId("s").includeDeprecated(true))
                        .versions())
                .hasSize(3);
        refused(
                "InvalidParameterException",
                () -> secrets.updateSecretVersionStage(
                        r -> r.secretId("s").versionStage("AWSCURRENT").moveToVersionId(ONE)));
    }

    @Test
    void aTokenMakesAVersionOnce() {
        secrets.createSecret(r -> r.name("s").secretString("one").clientRequestToken(ONE));
        assertThat(secrets.createSecret(r -> r.name("s").secretString("one").clientRequestToken(ONE))
                        .versionId())
                .isEqualTo(ONE);
        refused(
                "ResourceExistsException",
                () -> secrets.putSecretValue(
                        r -> r.secretId("s").secretString("other").clientRequestToken(ONE)));
    }

    @Test
    void aDeletedSecretComesBackWithinItsWindow() {
        secrets.createSecret(r -> r.name("s").secretString("one"));
        secrets.deleteSecret(r -> r.secretId("s").recoveryWindowInDays(7L));
        refused("InvalidRequestException", () -> value("s"));
        refused(
                "InvalidRequestException",
                () -> secrets.createSecret(r -> r.name("s").secretString("x")));
        assertThat(secrets.listSecrets().secretList()).isEmpty();
        secrets.restoreSecret(r -> r.secretId("s"));
        assertThat(value("s")).isEqualTo("one");

        secrets.deleteSecret(r -> r.secretId("s").recoveryWindowInDays(7L));
        server.advance(Duration.ofDays(8));
        TestServer.await(() -> secrets.listSecrets(r -> r.includePlannedDeletion(true))
                .secretList()
                .isEmpty());
        secrets.createSecret(r -> r.name("s").secretString("new"));
        secrets.deleteSecret(r -> r.secretId("s").forceDeleteWithoutRecovery(true));
        refused("ResourceNotFoundException", () -> value("s"));
    }

    @Test
    void whoMayNotUseTheKeyDoesNotReadTheSecret() {
        String key = server.client(KmsClient.class).createKey().keyMetadata().arn();
        secrets.createSecret(r -> r.name("own").secretString("x").kmsKeyId(key));
        secrets.createSecret(r -> r.name("usual").secretString("y"));
        SecretsManagerClient limited = server.clientWith(
                SecretsManagerClient.class,
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"secretsmanager:*\",\"Resource\":\"*\"}]}");

        assertThat(limited.getSecretValue(r -> r.secretId("usual")).secretString())
                .isEqualTo("y");
        refused("AccessDeniedException", () -> limited.getSecretValue(r -> r.secretId("own")));
        BatchGetSecretValueResponse both = limited.batchGetSecretValue(r -> r.secretIdList("usual", "own", "none"));
        assertThat(both.secretValues())
                .extracting(SecretValueEntry::secretString)
                .containsExactly("y");
        assertThat(both.errors())
                .extracting(APIErrorType::errorCode)
                .containsExactly("AccessDeniedException", "ResourceNotFoundException");
        secrets.updateSecret(r -> r.secretId("own").kmsKeyId("alias/aws/secretsmanager"));
        assertThat(limited.getSecretValue(r -> r.secretId("own")).secretString())
                .isEqualTo("x");
    }

    @Test
    void aResourcePolicyLetsPrincipalsIn() {
        secrets.createSecret(r -> r.name("s").secretString("x"));
        SecretsManagerClient limited = server.clientWith(
                SecretsManagerClient.class,
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}");
        refused("AccessDeniedException", () -> limited.getSecretValue(r -> r.secretId("s")));
        String policy = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":"
                + "{\"AWS\":\"arn:aws:iam::123456789012:user/limited\"},\"Action\":\"secretsmanager:GetSecretValue\","
                + "\"Resource\":\"*\"}]}";
        secrets.putResourcePolicy(r -> r.secretId("s").resourcePolicy(policy));
        assertThat(limited.getSecretValue(r -> r.secretId("s")).secretString()).isEqualTo("x");
        assertThat(secrets.getResourcePolicy(r -> r.secretId("s")).resourcePolicy())
                .isEqualTo(policy);
        String everyone = policy.replace("arn:aws:iam::123456789012:user/limited", "*");
        refused(
                "PublicPolicyException",
                () -> secrets.putResourcePolicy(
                        r -> r.secretId("s").resourcePolicy(everyone).blockPublicPolicy(true)));
        refused(
                "MalformedPolicyDocumentException",
                () -> secrets.putResourcePolicy(r -> r.secretId("s").resourcePolicy("{}")));
        secrets.deleteResourcePolicy(r -> r.secretId("s"));
        refused("AccessDeniedException", () -> limited.getSecretValue(r -> r.secretId("s")));
    }

    @Test
    void secretsAreListedByFiltersInPages() {
        for (int i = 0; i < 3; i++) {
            String name = "app/" + i;
            secrets.createSecret(r -> r.name(name)
                    .tags(Tag.builder().key("team").value("t" + name).build()));
        }
        secrets.createSecret(r -> r.name("other"));
        ListSecretsResponse first = secrets.listSecrets(r -> r.maxResults(2)
                .filters(Filter.builder().key("name").values("app").build()));
        assertThat(first.secretList()).hasSize(2);
        assertThat(secrets.listSecrets(r -> r.maxResults(2)
                                .nextToken(first.nextToken())
                                .filters(Filter.builder()
                                        .key("name")
                                        .values("app")
                                        .build()))
                        .secretList())
                .hasSize(1);
        assertThat(secrets.listSecrets(r -> r.filters(
                                Filter.builder().key("name").values("!app").build()))
                        .secretList())
                .extracting(SecretListEntry::name)
                .containsExactly("other");
        refused("InvalidNextTokenException", () -> secrets.listSecrets(r -> r.nextToken("nonsense")));
    }

    @Test
    void passwordsHaveEachKindOfCharacterUnlessExcluded() {
        assertThat(secrets.getRandomPassword().randomPassword())
                .hasSize(32)
                .matches(".*[a-z].*")
                .matches(".*[A-Z].*")
                .matches(".*[0-9].*");
        assertThat(secrets.getRandomPassword(r ->
                                r.passwordLength(50L).excludePunctuation(true).excludeCharacters("abc0"))
                        .randomPassword())
                .hasSize(50)
                .matches("[d-zA-Z1-9]+");
    }
}

package dev.terrane.ecr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.terrane.kernel.identity.Credential;
import dev.terrane.kms.KmsService;
import dev.terrane.testkit.TestIdentities;
import dev.terrane.testkit.TestServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.*;
import software.amazon.awssdk.services.kms.KmsClient;

class RepositoriesTest {
    private static final String OTHER_ACCOUNT = "210987654321";
    private static final String DIGEST = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private final TestServer server = TestServer.with(KmsService::new, EcrService::new);
    private final EcrClient ecr = server.client(EcrClient.class);

    @AfterEach
    void end() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private static String refused(String code, ThrowingCallable call) {
        AwsServiceException error = catchThrowableOfType(AwsServiceException.class, call);
        assertThat(error).as("refused with " + code).isNotNull();
        assertThat(error.awsErrorDetails().errorCode()).isEqualTo(code);
        return error.awsErrorDetails().errorMessage();
    }

    private Repository described(String name) {
        return server.client(EcrClient.class)
                .describeRepositories(r -> r.repositoryNames(name))
                .repositories()
                .getFirst();
    }

    @Test
    void aRepositoryHasAwsDefaultsAndOutlivesARestart() {
        Repository made =
                ecr.createRepository(r -> r.repositoryName("team/app")).repository();

        assertThat(made.repositoryArn()).isEqualTo("arn:aws:ecr:us-east-1:123456789012:repository/team/app");
        assertThat(made.repositoryUri()).isEqualTo("123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app");
        assertThat(made.registryId()).isEqualTo(TestServer.ACCOUNT);
        assertThat(made.createdAt()).isEqualTo(TestServer.START);
        assertThat(made.imageTagMutability()).isEqualTo(ImageTagMutability.MUTABLE);
        assertThat(made.imageScanningConfiguration().scanOnPush()).isFalse();
        assertThat(made.encryptionConfiguration().encryptionType()).isEqualTo(EncryptionType.AES256);
        server.restart();
        assertThat(described("team/app")).isEqualTo(made);
        assertThat(refused(
                        "RepositoryAlreadyExistsException",
                        () -> server.client(EcrClient.class).createRepository(r -> r.repositoryName("team/app"))))
                .isEqualTo("The repository with name 'team/app' already exists in the registry with id '123456789012'");
    }

    @Test
    void namesAreRefusedInEcrsWords() {
        assertThat(refused("InvalidParameterException", () -> ecr.createRepository(r -> r.repositoryName("Team/App"))))
                .startsWith("Invalid parameter at 'repositoryName' failed to satisfy constraint: "
                        + "'must satisfy regular expression '");
        assertThat(refused("InvalidParameterException", () -> ecr.createRepository(r -> r.repositoryName("a"))))
                .isEqualTo("Invalid parameter at 'repositoryName' failed to satisfy constraint: "
                        + "'must have length greater than or equal to 2'");
        assertThat(refused("RepositoryNotFoundException", () -> ecr.deleteRepository(r -> r.repositoryName("none"))))
                .isEqualTo("The repository with name 'none' does not exist in the registry with id '123456789012'");
    }

    @Test
    void aDeletedRepositoryIsShownOnceMoreAndThenGone() {
        ecr.createRepository(r -> r.repositoryName("app"));

        assertThat(ecr.deleteRepository(r -> r.repositoryName("app").force(true))
                        .repository()
                        .repositoryName())
                .isEqualTo("app");
        assertThat(ecr.describeRepositories().repositories()).isEmpty();
    }

    @Test
    void imageSettingsAreChanged() {
        ecr.createRepository(r -> r.repositoryName("app")
                .imageTagMutability(ImageTagMutability.IMMUTABLE)
                .imageScanningConfiguration(c -> c.scanOnPush(true)));
        assertThat(described("app").imageScanningConfiguration().scanOnPush()).isTrue();

        ImageTagMutabilityExclusionFilter latest = ImageTagMutabilityExclusionFilter.builder()
                .filterType(ImageTagMutabilityExclusionFilterType.WILDCARD)
                .filter("latest*")
                .build();
        ecr.putImageTagMutability(r -> r.repositoryName("app")
                .imageTagMutability(ImageTagMutability.IMMUTABLE_WITH_EXCLUSION)
                .imageTagMutabilityExclusionFilters(latest));
        ecr.putImageScanningConfiguration(
                r -> r.repositoryName("app").imageScanningConfiguration(c -> c.scanOnPush(false)));

        assertThat(described("app").imageTagMutability()).isEqualTo(ImageTagMutability.IMMUTABLE_WITH_EXCLUSION);
        assertThat(described("app").imageTagMutabilityExclusionFilters()).containsExactly(latest);
        assertThat(described("app").imageScanningConfiguration().scanOnPush()).isFalse();
        refused(
                "InvalidParameterException",
                () -> ecr.putImageTagMutability(
                        r -> r.repositoryName("app").imageTagMutability(ImageTagMutability.MUTABLE_WITH_EXCLUSION)));
        refused(
                "InvalidParameterException",
                () -> ecr.putImageTagMutability(r -> r.repositoryName("app")
                        .imageTagMutability(ImageTagMutability.MUTABLE)
                        .imageTagMutabilityExclusionFilters(latest)));
        refused(
                "InvalidParameterException",
                () -> ecr.putImageTagMutability(r -> r.repositoryName("app")
                        .imageTagMutability(ImageTagMutability.IMMUTABLE_WITH_EXCLUSION)
                        .imageTagMutabilityExclusionFilters(
                                latest.toBuilder().filter("a*b*c*").build())));
    }

    @Test
    void theKeyOfARepositoryIsLookedAtWithTheCallersRights() {
        KmsClient kms = server.client(KmsClient.class);
        String key = kms.createKey().keyMetadata().arn();
        kms.createAlias(r -> r.aliasName("alias/images").targetKeyId(key));

        assertThat(create("named", "alias/images").kmsKey()).isEqualTo(key);
        assertThat(create("managed", null).kmsKey()).startsWith("arn:aws:kms:us-east-1:123456789012:key/");
        assertThat(described("named").encryptionConfiguration().encryptionType())
                .isEqualTo(EncryptionType.KMS);

        refused("KmsException", () -> create("none", "alias/none"));
        EcrClient limited = server.clientWith(EcrClient.class, """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:*","Resource":"*"}]}""");
        refused("KmsException", () -> create(limited, "denied", key));
        kms.disableKey(r -> r.keyId(key));
        KmsException disabled = catchThrowableOfType(KmsException.class, () -> create("disabled", key));
        assertThat(disabled.kmsError()).isEqualTo("DisabledException");
        refused(
                "InvalidParameterException",
                () -> ecr.createRepository(r -> r.repositoryName("both")
                        .encryptionConfiguration(
                                c -> c.encryptionType(EncryptionType.AES256).kmsKey(key))));
        assertThat(ecr.describeRepositories().repositories())
                .extracting(Repository::repositoryName)
                .containsExactly("managed", "named");
    }

    private EncryptionConfiguration create(String name, @Nullable String key) {
        return create(ecr, name, key);
    }

    private static EncryptionConfiguration create(EcrClient client, String name, @Nullable String key) {
        return client.createRepository(r -> r.repositoryName(name)
                        .encryptionConfiguration(
                                c -> c.encryptionType(EncryptionType.KMS).kmsKey(key)))
                .repository()
                .encryptionConfiguration();
    }

    @Test
    void aRepositoryPolicyLetsAnotherAccountIn() {
        ecr.createRepository(r -> r.repositoryName("app"));
        Credential stranger = server.identities().user(OTHER_ACCOUNT, "stranger", TestIdentities.EVERYTHING);
        EcrClient other = server.client(EcrClient.class, stranger.principal());
        refused("AccessDeniedException", () -> images(other));

        String policy = """
                {"Version":"2012-10-17","Statement":[{"Sid":"pull","Effect":"Allow",
                 "Principal":{"AWS":"arn:aws:iam::210987654321:root"},"Action":["ecr:ListImages","ecr:BatchGetImage"]}]}""";
        ecr.setRepositoryPolicy(r -> r.repositoryName("app").policyText(policy));

        assertThat(ecr.getRepositoryPolicy(r -> r.repositoryName("app")).policyText())
                .isEqualTo(policy);
        assertThat(images(other)).isEmpty();
        refused(
                "AccessDeniedException",
                () -> other.deleteRepository(r -> r.repositoryName("app").registryId(TestServer.ACCOUNT)));
        ecr.deleteRepositoryPolicy(r -> r.repositoryName("app"));
        refused("AccessDeniedException", () -> images(other));
        refused("RepositoryPolicyNotFoundException", () -> ecr.deleteRepositoryPolicy(r -> r.repositoryName("app")));
    }

    private static List<ImageIdentifier> images(EcrClient client) {
        return client.listImages(r -> r.repositoryName("app").registryId(TestServer.ACCOUNT))
                .imageIds();
    }

    @Test
    void aRepositoryPolicyThatIsNoneIsRefused() {
        ecr.createRepository(r -> r.repositoryName("app"));
        for (String policy : List.of(
                "no JSON",
                "{}",
                // It is about the repository that it is set on.
                "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':'*','Action':'ecr:*','Resource':'*'}]}",
                "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'ecr:*'}]}")) {
            assertThat(refused(
                            "InvalidParameterException",
                            () -> ecr.setRepositoryPolicy(
                                    r -> r.repositoryName("app").policyText(policy.replace('\'', '"')))))
                    .isEqualTo("Invalid parameter at 'PolicyText' failed to satisfy constraint: "
                            + "'Invalid repository policy provided'");
        }
    }

    @Test
    void whoWouldLockHimselfOutMustSayForce() {
        ecr.createRepository(r -> r.repositoryName("app"));
        String policy = """
                {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"ecr:SetRepositoryPolicy"}]}""";

        refused(
                "InvalidParameterException",
                () -> ecr.setRepositoryPolicy(r -> r.repositoryName("app").policyText(policy)));
        ecr.setRepositoryPolicy(r -> r.repositoryName("app").policyText(policy).force(true));
        refused(
                "AccessDeniedException",
                () -> ecr.setRepositoryPolicy(
                        r -> r.repositoryName("app").policyText(policy).force(true)));
    }

    @Test
    void anEmptyRepositorySaysOfEachImageThatItIsNotThere() {
        ecr.createRepository(r -> r.repositoryName("app"));
        ImageIdentifier tag = ImageIdentifier.builder().imageTag("latest").build();
        ImageIdentifier wrong =
                ImageIdentifier.builder().imageDigest("no digest").build();
        ImageIdentifier nothing = ImageIdentifier.builder().build();

        assertThat(ecr.describeImages(r -> r.repositoryName("app")).imageDetails())
                .isEmpty();
        assertThat(ecr.listImages(r -> r.repositoryName("app")).imageIds()).isEmpty();
        assertThat(refused(
                        "ImageNotFoundException",
                        () -> ecr.describeImages(r -> r.repositoryName("app").imageIds(tag))))
                .isEqualTo("The image with imageId {imageDigest:'null', imageTag:'latest'} does not exist within the"
                        + " repository with name 'app' in the registry with id '123456789012'");
        assertThat(ecr.batchGetImage(r -> r.repositoryName("app").imageIds(tag, wrong, nothing))
                        .failures())
                .extracting(ImageFailure::failureCode)
                .containsExactly(
                        ImageFailureCode.IMAGE_NOT_FOUND,
                        ImageFailureCode.INVALID_IMAGE_DIGEST,
                        ImageFailureCode.MISSING_DIGEST_AND_TAG);
        assertThat(ecr.batchDeleteImage(r -> r.repositoryName("app").imageIds(tag))
                        .failures())
                .extracting(ImageFailure::failureReason)
                .containsExactly("Requested image not found");
        BatchCheckLayerAvailabilityResponse layers =
                ecr.batchCheckLayerAvailability(r -> r.repositoryName("app").layerDigests(DIGEST, "no digest"));
        assertThat(layers.layers()).extracting(Layer::layerAvailability).containsExactly(LayerAvailability.UNAVAILABLE);
        assertThat(layers.failures())
                .extracting(LayerFailure::failureCode)
                .containsExactly(LayerFailureCode.INVALID_LAYER_DIGEST);
    }

    @Test
    @SuppressWarnings("deprecation") // as long as the API takes registries
    void theRegistrysPasswordIsTheCallersForTwelveHoursAndSignsNothing() {
        AuthorizationData data = ecr.getAuthorizationToken().authorizationData().getFirst();

        assertThat(data.proxyEndpoint()).isEqualTo("https://123456789012.dkr.ecr.us-east-1.amazonaws.com");
        assertThat(data.expiresAt()).isEqualTo(TestServer.START.plus(Duration.ofHours(12)));
        String[] userAndPassword = decoded(data.authorizationToken()).split(":", 2);
        assertThat(userAndPassword[0]).isEqualTo("AWS");
        String[] session = decoded(userAndPassword[1]).split(":", 2);
        Credential credential =
                server.platform().sessions().open(session[0], session[1]).orElseThrow();
        assertThat(credential.principal()).isEqualTo(server.administrator().principal());
        assertThat(credential.expires()).contains(data.expiresAt());
        assertThat(decoded(userAndPassword[1])).doesNotContain(credential.secret());
        assertThat(ecr.getAuthorizationToken(r -> r.registryIds(OTHER_ACCOUNT))
                        .authorizationData()
                        .getFirst()
                        .proxyEndpoint())
                .isEqualTo("https://210987654321.dkr.ecr.us-east-1.amazonaws.com");
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    @Test
    void theRegistryReplicatesNothing() {
        DescribeRegistryResponse registry = ecr.describeRegistry(r -> {});

        assertThat(registry.registryId()).isEqualTo(TestServer.ACCOUNT);
        assertThat(registry.replicationConfiguration().rules()).isEmpty();
    }
}

package dev.terrane.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AssertionEncryptionModeType;
import software.amazon.awssdk.services.iam.model.EntityAlreadyExistsException;
import software.amazon.awssdk.services.iam.model.GetSamlProviderResponse;
import software.amazon.awssdk.services.iam.model.InvalidInputException;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.SummaryKeyType;

/** SAML providers as an account keeps them. */
final class SamlProvidersTest {
    private final TestServer server = TestServer.with(IamService::new);
    private IamClient iam = server.client(IamClient.class);

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private String create(String name, String metadata) {
        return iam.createSAMLProvider(r -> r.name(name).samlMetadataDocument(metadata))
                .samlProviderArn();
    }

    private GetSamlProviderResponse get(String arn) {
        return iam.getSAMLProvider(r -> r.samlProviderArn(arn));
    }

    private static void refuses(String code, String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(AwsServiceException.class, e -> {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(e.awsErrorDetails().errorMessage()).contains(message);
        });
    }

    @Test
    void aProviderIsKeptWithItsMetadata() {
        String arn = create("Idp", SamlExample.metadata("one"));
        assertThat(arn).isEqualTo("arn:aws:iam::123456789012:saml-provider/Idp");
        server.restart();
        iam = server.client(IamClient.class);
        GetSamlProviderResponse provider = get(arn);
        assertThat(provider.samlMetadataDocument()).isEqualTo(SamlExample.metadata("one"));
        assertThat(provider.createDate()).isEqualTo(TestServer.START);
        assertThat(provider.validUntil()).isEqualTo(TestServer.START.plus(Duration.ofDays(36_525)));
        assertThat(provider.samlProviderUUID()).matches("[A-Z0-9]{22,64}");
        assertThat(iam.listSAMLProviders().samlProviderList())
                .singleElement()
                .satisfies(entry -> assertThat(entry.arn()).isEqualTo(arn));
        assertThat(iam.getAccountSummary().summaryMap().get(SummaryKeyType.PROVIDERS))
                .isEqualTo(1);
        assertThatThrownBy(() -> create("idp", SamlExample.metadata("one")))
                .isInstanceOf(EntityAlreadyExistsException.class);

        String ends = " validUntil=\"2030-01-01T00:00:00Z\"";
        String metadata = SamlExample.metadata("two").replace(".example\">", ".example\"" + ends + ">");
        iam.updateSAMLProvider(r -> r.samlProviderArn(arn).samlMetadataDocument(metadata));
        assertThat(get(arn).validUntil()).isEqualTo(Instant.parse("2030-01-01T00:00:00Z"));
        iam.deleteSAMLProvider(r -> r.samlProviderArn(arn));
        assertThatThrownBy(() -> get(arn))
                .isInstanceOf(NoSuchEntityException.class)
                .hasMessageContaining("Manifest not found for arn " + arn);
    }

    @Test
    void metadataHasAForm() {
        String good = SamlExample.metadata("one");
        for (String bad : new String[] {
            "x".repeat(1_000),
            good.replace("IDPSSODescriptor", "SPSSODescriptor"),
            good.replace("entityID", "other"),
            good.replace("use=\"signing\"", "use=\"encryption\""),
            SamlExample.metadata("one", "", "AAAA" + " ".repeat(400)),
            good.replace("<?xml version=\"1.0\"?>", "<!DOCTYPE a [<!ENTITY b \"c\">]>")
        }) {
            assertThatThrownBy(() -> create("idp", bad))
                    .as(bad)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("Could not parse metadata");
        }
        refuses("ValidationError", "length", () -> create("idp", "<a/>"));
        refuses("ValidationError", "name", () -> create("i dp", good));
        refuses("InvalidInput", "Invalid ARN", () -> get("arn:aws:iam::123456789012:oidc-provider/x"));
    }

    @Test
    void encryptedAssertionsAreRefusedByName() {
        refuses(
                "NotImplemented",
                "AssertionEncryptionMode",
                () -> iam.createSAMLProvider(r -> r.name("idp")
                        .samlMetadataDocument(SamlExample.metadata("one"))
                        .assertionEncryptionMode(AssertionEncryptionModeType.REQUIRED)));
    }
}

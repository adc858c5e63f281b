package dev.terrane.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.testkit.TestServer;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.EntityAlreadyExistsException;
import software.amazon.awssdk.services.iam.model.GetOpenIdConnectProviderResponse;
import software.amazon.awssdk.services.iam.model.InvalidInputException;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.SummaryKeyType;
import software.amazon.awssdk.services.iam.model.Tag;

/** OpenID Connect providers as an account keeps them. */
final class OidcProvidersTest {
    private static final String THUMBPRINT = "990f4193972f2becf12ddeda5237f9c952f20d9e";

    private final TestServer server = TestServer.with(IamService::new);
    private IamClient iam = server.client(IamClient.class);

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private String create(String url) {
        return iam.createOpenIDConnectProvider(
                        r -> r.url(url).clientIDList("sts.amazonaws.com").thumbprintList(THUMBPRINT))
                .openIDConnectProviderArn();
    }

    private GetOpenIdConnectProviderResponse get(String arn) {
        return iam.getOpenIDConnectProvider(r -> r.openIDConnectProviderArn(arn));
    }

    private static void refuses(String code, String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(AwsServiceException.class, e -> {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(e.awsErrorDetails().errorMessage()).contains(message);
        });
    }

    @Test
    void aProviderIsKeptUnderItsUrl() {
        String arn = create("https://gitlab.example/group/a");
        assertThat(arn).isEqualTo("arn:aws:iam::123456789012:oidc-provider/gitlab.example/group/a");
        server.restart();
        iam = server.client(IamClient.class);
        GetOpenIdConnectProviderResponse provider = get(arn);
        assertThat(provider.url()).isEqualTo("gitlab.example/group/a");
        assertThat(provider.clientIDList()).containsExactly("sts.amazonaws.com");
        assertThat(provider.thumbprintList()).containsExactly(THUMBPRINT);
        assertThat(provider.createDate()).isEqualTo(TestServer.START);
        assertThat(iam.listOpenIDConnectProviders().openIDConnectProviderList())
                .singleElement()
                .satisfies(entry -> assertThat(entry.arn()).isEqualTo(arn));
        assertThat(iam.getAccountSummary().summaryMap().get(SummaryKeyType.PROVIDERS))
                .isEqualTo(1);
        assertThatThrownBy(() -> create("https://gitlab.example/group/a"))
                .isInstanceOf(EntityAlreadyExistsException.class)
                .hasMessageContaining("Provider with url https://gitlab.example/group/a already exists.");
        for (int i = 0; i < 2; i++) {
            iam.deleteOpenIDConnectProvider(r -> r.openIDConnectProviderArn(arn));
        }
        assertThatThrownBy(() -> get(arn))
                .isInstanceOf(NoSuchEntityException.class)
                .hasMessageContaining("OpenIDConnect Provider not found for arn " + arn);
    }

    @Test
    void clientIdsAndThumbprintsChange() {
        String arn = create("https://issuer.example");
        for (int i = 0; i < 2; i++) {
            iam.addClientIDToOpenIDConnectProvider(
                    r -> r.openIDConnectProviderArn(arn).clientID("another"));
        }
        assertThat(get(arn).clientIDList()).containsExactly("sts.amazonaws.com", "another");
        for (int i = 0; i < 2; i++) {
            iam.removeClientIDFromOpenIDConnectProvider(
                    r -> r.openIDConnectProviderArn(arn).clientID("sts.amazonaws.com"));
        }
        assertThat(get(arn).clientIDList()).containsExactly("another");
        String other = "A".repeat(40);
        iam.updateOpenIDConnectProviderThumbprint(
                r -> r.openIDConnectProviderArn(arn).thumbprintList(other));
        assertThat(get(arn).thumbprintList()).containsExactly(other);
        refuses(
                "LimitExceeded",
                "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100",
                () -> iam.createOpenIDConnectProvider(r -> r.url("https://many.example")
                        .clientIDList(
                                IntStream.range(0, 101).mapToObj(i -> "id" + i).toList())));
    }

    @Test
    void urlsAndThumbprintsHaveAForm() {
        for (String url : new String[] {
            "http://issuer.example",
            "issuer.example",
            "https://",
            "https://issuer.example?x=1",
            "https://issuer.example#x",
            "https://me@issuer.example",
            "https://issuer example"
        }) {
            assertThatThrownBy(() -> create(url))
                    .as(url)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("Invalid Open ID Connect Provider URL");
        }
        refuses(
                "InvalidInput",
                "fewer than 5 entries",
                () -> iam.createOpenIDConnectProvider(r -> r.url("https://issuer.example")
                        .thumbprintList(IntStream.range(0, 6)
                                .mapToObj(i -> ("" + i).repeat(40))
                                .toList())));
        assertThatThrownBy(() -> iam.createOpenIDConnectProvider(
                        r -> r.url("https://issuer.example").thumbprintList("z".repeat(40))))
                .isInstanceOf(AwsServiceException.class);
        refuses("InvalidInput", "Invalid ARN", () -> get("arn:aws:iam::123456789012:saml-provider/x"));
    }

    @Test
    void tagsDecide() {
        String arn = iam.createOpenIDConnectProvider(r -> r.url("https://issuer.example")
                        .tags(Tag.builder().key("team").value("red").build()))
                .openIDConnectProviderArn();
        IamClient red = server.clientWith(
                IamClient.class,
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"iam:GetOpenIDConnectProvider\","
                        + "\"Resource\":\"" + arn
                        + "\",\"Condition\":{\"StringEquals\":{\"aws:ResourceTag/team\":\"red\"}}}]}");
        assertThat(red.getOpenIDConnectProvider(r -> r.openIDConnectProviderArn(arn))
                        .tags())
                .hasSize(1);
        iam.untagOpenIDConnectProvider(r -> r.openIDConnectProviderArn(arn).tagKeys("team"));
        refuses(
                "AccessDenied",
                "iam:GetOpenIDConnectProvider on resource: " + arn,
                () -> red.getOpenIDConnectProvider(r -> r.openIDConnectProviderArn(arn)));
    }
}

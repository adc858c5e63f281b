package dev.terrane.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.iam.IamService;
import dev.terrane.kernel.call.Principal;
import dev.terrane.sts.LocalProvider.Draft;
import dev.terrane.testkit.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithSamlRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithSamlResponse;
import software.amazon.awssdk.services.sts.model.ExpiredTokenException;
import software.amazon.awssdk.services.sts.model.IdpRejectedClaimException;

/** AssumeRoleWithSAML with a provider that signs here: whose assertions are taken, and what they give. */
final class SamlIdentitiesTest {
    private static final String ROLE = "arn:aws:iam::123456789012:role/staff";
    private static final String PROVIDER = "arn:aws:iam::123456789012:saml-provider/idp";
    private static final String INVALID = "InvalidIdentityToken";

    @TempDir
    Path folder = Path.of("");

    private final TestServer server = TestServer.with(IamService::new, StsService::new);
    private final IamClient iam = server.client(IamClient.class);
    private final StsClient nobody = server.client(StsClient.class, new Principal.Anonymous());
    private LocalProvider provider = unset();

    @SuppressWarnings("NullAway") // set before each test
    private static LocalProvider unset() {
        return null;
    }

    @BeforeEach
    void provider() {
        provider = new LocalProvider(folder);
        iam.createSAMLProvider(r -> r.name("idp").samlMetadataDocument(provider.metadata()));
        iam.createRole(r -> r.roleName("staff").assumeRolePolicyDocument(trust("\"sts:AssumeRoleWithSAML\"", "")));
        iam.attachRolePolicy(r -> r.roleName("staff").policyArn("arn:aws:iam::aws:policy/IAMReadOnlyAccess"));
    }

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private static String trust(String actions, String condition) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\""
                + PROVIDER + "\"},\"Action\":" + actions + condition + "}]}";
    }

    private void trusts(String actions, String condition) {
        iam.updateAssumeRolePolicy(r -> r.roleName("staff").policyDocument(trust(actions, condition)));
    }

    private Draft draft(Consumer<Draft> change) {
        Draft draft = new Draft(server.clock().instant());
        draft.attributes.put(LocalProvider.ATTRIBUTE + "Role", List.of(ROLE + "," + PROVIDER));
        change.accept(draft);
        return draft;
    }

    private String response(Consumer<Draft> change) {
        return LocalProvider.base64(provider.signed(draft(change)));
    }

    private AssumeRoleWithSamlResponse assume(String assertion) {
        return assume(assertion, r -> {});
    }

    private AssumeRoleWithSamlResponse assume(String assertion, Consumer<AssumeRoleWithSamlRequest.Builder> more) {
        return nobody.assumeRoleWithSAML(
                r -> more.accept(r.roleArn(ROLE).principalArn(PROVIDER).samlAssertion(assertion)));
    }

    private Principal.AssumedRole principal(AssumeRoleWithSamlResponse session) {
        return (Principal.AssumedRole) server.platform()
                .sessions()
                .open(session.credentials().accessKeyId(), session.credentials().sessionToken())
                .orElseThrow()
                .principal();
    }

    private static void refuses(String code, String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(AwsServiceException.class, e -> {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(e.awsErrorDetails().errorMessage()).contains(message);
        });
    }

    @Test
    void anAssertionOfTheProviderBeginsASession() throws Exception {
        AssumeRoleWithSamlResponse session = assume(response(d -> {}));
        assertThat(session.assumedRoleUser().arn()).isEqualTo("arn:aws:sts::123456789012:assumed-role/staff/ann");
        assertThat(session.subject()).isEqualTo("ann@example.com");
        assertThat(session.subjectType()).isEqualTo("persistent");
        assertThat(session.issuer()).isEqualTo(LocalProvider.ENTITY);
        assertThat(session.audience()).isEqualTo("https://signin.aws.amazon.com/saml");
        assertThat(session.nameQualifier())
                .isEqualTo(java.util.Base64.getEncoder()
                        .encodeToString(java.security.MessageDigest.getInstance("SHA-1")
                                .digest((LocalProvider.ENTITY + "123456789012/idp")
                                        .getBytes(java.nio.charset.StandardCharsets.UTF_8))));
        assertThat(session.credentials().expiration()).isEqualTo(TestServer.START.plus(Duration.ofHours(1)));
        assertThat(server.client(IamClient.class, principal(session))
                        .listRoles()
                        .roles())
                .hasSize(1);
        assertThat(assume(LocalProvider.base64(provider.signedAround(draft(d -> {})))))
                .isNotNull();
        var record = server.trail().stream()
                .filter(r -> r.eventName().equals("AssumeRoleWithSAML"))
                .findFirst()
                .orElseThrow();
        assertThat(record.principal()).isInstanceOfSatisfying(Principal.Federated.class, user -> {
            assertThat(user.type()).isEqualTo("SAMLUser");
            assertThat(user.userName()).isEqualTo("ann@example.com");
        });
        assertThat(record.requestParameters()).contains("HIDDEN_DUE_TO_SECURITY_REASONS");
    }

    @Test
    void itNeedsNoAwsSignature() {
        server.advance(Duration.between(
                TestServer.START, dev.terrane.kernel.clock.Clock.system().instant()));
        StsClient plain = StsClient.builder()
                .endpointOverride(server.url())
                .region(Region.EU_WEST_1)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .build();
        assertThat(plain.assumeRoleWithSAML(
                                r -> r.roleArn(ROLE).principalArn(PROVIDER).samlAssertion(response(d -> {})))
                        .credentials()
                        .accessKeyId())
                .startsWith("ASIA");
    }

    @Test
    void tamperedForeignAndUnsignedResponsesAreRefused() {
        Document document = provider.signed(draft(d -> {}));
        document.getElementsByTagNameNS("*", "NameID").item(0).setTextContent("eve@example.com");
        refuses(INVALID, "Response signature invalid", () -> assume(LocalProvider.base64(document)));
        Document named = provider.signed(draft(d -> {}));
        Element value =
                (Element) named.getElementsByTagNameNS("*", "AttributeValue").item(0);
        value.setTextContent("root");
        refuses(INVALID, "Response signature invalid", () -> assume(LocalProvider.base64(named)));
        LocalProvider stranger = new LocalProvider(folder.resolve("stranger"));
        refuses(
                INVALID,
                "Response signature invalid",
                () -> assume(LocalProvider.base64(stranger.signed(draft(d -> {})))));
        refuses(
                INVALID,
                "Response signature invalid",
                () -> assume(LocalProvider.base64(draft(d -> {}).xml())));
        refuses(
                INVALID,
                "Issuer not present in specified provider",
                () -> assume(response(d -> d.issuer = "https://elsewhere.example")));
        refuses(INVALID, "Response could not be parsed", () -> assume(LocalProvider.base64("<a/>")));
        refuses(INVALID, "Invalid base64 SAMLResponse", () -> assume("????"));
        String entities = "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
                + draft(d -> d.subject = "&x;").xml();
        refuses(INVALID, "Invalid base64 SAMLResponse", () -> assume(LocalProvider.base64(entities)));
        assertThatThrownBy(() -> assume(response(d -> d.status = "urn:oasis:names:tc:SAML:2.0:status:Responder")))
                .isInstanceOf(IdpRejectedClaimException.class);
    }

    /** Each moves what was signed to a place where it still validates, and puts another assertion where it is read. */
    @Test
    void wrappedSignaturesAreRefused() {
        for (int kind = 0; kind < 5; kind++) {
            Document document = provider.signed(draft(d -> {}));
            Element root = document.getDocumentElement();
            Element good =
                    (Element) document.getElementsByTagNameNS("*", "Assertion").item(0);
            Element evil = (Element) good.cloneNode(true);
            Element signature =
                    (Element) evil.getElementsByTagNameNS("*", "Signature").item(0);
            evil.getElementsByTagNameNS("*", "NameID").item(0).setTextContent("eve@example.com");
            switch (kind) {
                case 0 -> root.insertBefore(evil, good);
                case 1 -> {
                    evil.removeChild(signature);
                    evil.setAttribute("ID", "_evil");
                    root.insertBefore(evil, good);
                }
                case 2 -> {
                    evil.setAttribute("ID", "_evil");
                    root.replaceChild(evil, good);
                    signature.appendChild(good);
                }
                case 3 -> {
                    // As an object of the signature, in which it may hold anything.
                    evil.setAttribute("ID", "_evil");
                    root.replaceChild(evil, good);
                    Element object = document.createElementNS("http://www.w3.org/2000/09/xmldsig#", "ds:Object");
                    object.appendChild(good);
                    signature.appendChild(object);
                }
                default -> {
                    // The signed one under another name, so that there is one assertion only.
                    Element hidden = document.createElementNS("urn:x", "x:Extensions");
                    hidden.setAttribute("ID", "_assertion");
                    while (good.getFirstChild() != null) {
                        hidden.appendChild(good.getFirstChild());
                    }
                    evil.setAttribute("ID", "_evil");
                    root.replaceChild(evil, good);
                    root.appendChild(hidden);
                }
            }
            refuses(INVALID, "", () -> assume(LocalProvider.base64(document)));
        }
    }

    @Test
    void commentsDoNotCutNames() {
        Document document = provider.signed(draft(d -> d.subject = "ann@example.com.evil"));
        var text = document.getElementsByTagNameNS("*", "NameID").item(0);
        text.setTextContent("ann@example.com");
        text.appendChild(document.createComment("x"));
        text.appendChild(document.createTextNode(".evil"));
        assertThat(assume(LocalProvider.base64(document)).subject()).isEqualTo("ann@example.com.evil");
    }

    @Test
    void timesAudienceAndRecipientAreHeldAgainstTheAssertion() {
        String good = response(d -> {});
        assertThat(assume(good)).isNotNull();
        server.advance(Duration.ofSeconds(299));
        assertThat(assume(good)).isNotNull();
        server.advance(Duration.ofSeconds(2));
        assertThatThrownBy(() -> assume(good))
                .isInstanceOf(ExpiredTokenException.class)
                .hasMessageContaining("Token must be redeemed within 5 minutes of issuance");
        assertThatThrownBy(() -> assume(response(d -> d.ends = d.issued)))
                .isInstanceOf(ExpiredTokenException.class)
                .hasMessageContaining("Response is expired");
        refuses(INVALID, "not valid yet", () -> assume(response(d -> d.issued = d.issued.plusSeconds(120))));
        refuses(
                INVALID,
                "Response doesn't contain the required audience",
                () -> assume(response(d -> d.audience = "https://elsewhere.example")));
        refuses(
                INVALID,
                "Response doesn't contain the required recipient",
                () -> assume(response(d -> d.recipient = "https://evil.example/https://signin.aws.amazon.com/saml")));
        assertThat(assume(response(d -> {
                    d.audience = "urn:amazon:webservices";
                    d.recipient = "https://eu-west-1.signin.aws.amazon.com/saml";
                })))
                .isNotNull();
    }

    @Test
    void theAssertionNamesRoleAndSession() {
        String role = LocalProvider.ATTRIBUTE + "Role";
        String name = LocalProvider.ATTRIBUTE + "RoleSessionName";
        String denied = "Not authorized to perform sts:AssumeRoleWithSAML";
        refuses("AccessDenied", denied, () -> assume(response(d -> d.attributes.remove(role))));
        refuses(
                "AccessDenied",
                denied,
                () -> assume(response(
                        d -> d.attributes.put(role, List.of("arn:aws:iam::123456789012:role/other," + PROVIDER)))));
        assertThat(assume(response(d -> d.attributes.put(role, List.of("x,y", PROVIDER + ", " + ROLE)))))
                .isNotNull();
        refuses(
                INVALID,
                "RoleSessionName is required in AuthnResponse",
                () -> assume(response(d -> d.attributes.remove(name))));
        refuses(
                INVALID,
                "RoleSessionName in AuthnResponse must match",
                () -> assume(response(d -> d.attributes.put(name, List.of("a b")))));
        refuses(
                INVALID,
                "Specified provider doesn't exist",
                () -> assume(response(d -> {}), r -> r.principalArn(PROVIDER + "x")));
        refuses(
                "AccessDenied",
                denied,
                () -> assume(response(d -> {}), r -> r.principalArn("arn:aws:iam::210987654321:saml-provider/idp")));
        iam.deleteRole(r -> r.roleName(iam.createRole(
                        c -> c.roleName("gone").assumeRolePolicyDocument(trust("\"sts:AssumeRoleWithSAML\"", "")))
                .role()
                .roleName()));
        String gone = "arn:aws:iam::123456789012:role/gone";
        refuses(
                "AccessDenied",
                denied,
                () -> assume(
                        response(d -> d.attributes.put(role, List.of(gone + "," + PROVIDER))), r -> r.roleArn(gone)));
    }

    @Test
    void theTrustPolicyDecidesWithWhatIsAsserted() {
        trusts(
                "\"sts:AssumeRoleWithSAML\"",
                ",\"Condition\":{\"StringEquals\":{\"saml:aud\":\"https://signin.aws.amazon.com/saml\",\"saml:iss\":\""
                        + LocalProvider.ENTITY
                        + "\",\"saml:sub_type\":\"persistent\",\"saml:doc\":\"123456789012/idp\"},"
                        + "\"StringLike\":{\"saml:sub\":\"ann@*\"},"
                        + "\"ForAnyValue:StringEquals\":{\"saml:edupersonaffiliation\":\"staff\"}}");
        String denied = "Not authorized to perform sts:AssumeRoleWithSAML";
        refuses("AccessDenied", denied, () -> assume(response(d -> {})));
        Consumer<Draft> staff = d -> d.attributes.put("urn:oid:1.3.6.1.4.1.5923.1.1.1.1", List.of("student", "staff"));
        assertThat(assume(response(staff))).isNotNull();
        refuses("AccessDenied", denied, () -> assume(response(staff.andThen(d -> d.subject = "eve@example.com"))));
        trusts("\"sts:AssumeRole\"", "");
        refuses("AccessDenied", denied, () -> assume(response(staff)));
    }

    @Test
    void tagsAndSourceIdentityNeedTheRolesTrust() {
        Consumer<Draft> tagged = d -> {
            d.attributes.put(LocalProvider.ATTRIBUTE + "PrincipalTag:team", List.of("red"));
            d.attributes.put(LocalProvider.ATTRIBUTE + "TransitiveTagKeys", List.of("team"));
            d.attributes.put(LocalProvider.ATTRIBUTE + "SourceIdentity", List.of("ann"));
        };
        refuses("AccessDenied", "sts:TagSession", () -> assume(response(tagged)));
        trusts(
                "[\"sts:AssumeRoleWithSAML\",\"sts:TagSession\",\"sts:SetSourceIdentity\"]",
                ",\"Condition\":{\"StringEquals\":{\"aws:RequestTag/team\":\"red\",\"sts:RoleSessionName\":\"ann\"}}");
        AssumeRoleWithSamlResponse session = assume(response(tagged));
        assertThat(session.sourceIdentity()).isEqualTo("ann");
        Principal.AssumedRole role = principal(session);
        assertThat(role.sessionTags()).containsEntry("team", "red");
        assertThat(role.transitiveTagKeys()).containsExactly("team");
        assertThat(role.providerKeys())
                .containsEntry("aws:FederatedProvider", List.of(PROVIDER))
                .containsEntry("saml:sub", List.of("ann@example.com"))
                .doesNotContainKey("sts:RoleSessionName");
    }

    @Test
    void aSessionLastsAsLongAsRequestRoleAndProviderAllow() {
        iam.updateRole(r -> r.roleName("staff").maxSessionDuration(7_200));
        String duration = LocalProvider.ATTRIBUTE + "SessionDuration";
        assertThat(assume(response(d -> d.attributes.put(duration, List.of("7200"))))
                        .credentials()
                        .expiration())
                .isEqualTo(TestServer.START.plusSeconds(7_200));
        assertThat(assume(response(d -> d.attributes.put(duration, List.of("7200"))), r -> r.durationSeconds(900))
                        .credentials()
                        .expiration())
                .isEqualTo(TestServer.START.plusSeconds(900));
        refuses(
                "ValidationError",
                "exceeds the MaxSessionDuration",
                () -> assume(response(d -> d.attributes.put(duration, List.of("43200")))));
        assertThat(assume(response(d -> d.session = d.issued.plusSeconds(1_000).toString()))
                        .credentials()
                        .expiration())
                .isEqualTo(TestServer.START.plusSeconds(1_000));
    }
}

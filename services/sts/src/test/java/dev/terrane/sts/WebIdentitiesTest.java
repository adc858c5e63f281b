package dev.terrane.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.iam.IamService;
import dev.terrane.kernel.audit.AuditRecord;
import dev.terrane.kernel.call.Principal;
import dev.terrane.testkit.TestServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityResponse;
import software.amazon.awssdk.services.sts.model.ExpiredTokenException;
import software.amazon.awssdk.services.sts.model.IdpCommunicationErrorException;

/** AssumeRoleWithWebIdentity with an issuer on this machine: whose tokens are taken, and what they give. */
final class WebIdentitiesTest {
    private static final String ROLE = "arn:aws:iam::123456789012:role/deploy";

    @TempDir
    Path folder = Path.of("");

    private final TestServer server = TestServer.with(IamService::new, StsService::new);
    private final IamClient iam = server.client(IamClient.class);
    private StsClient nobody = server.client(StsClient.class, new Principal.Anonymous());
    private LocalIssuer issuer = unset();
    private String provider = "";
    private String name = "";

    @SuppressWarnings("NullAway") // set before each test
    private static LocalIssuer unset() {
        return null;
    }

    @BeforeEach
    void issuer() {
        // Certificates are held against the real time.
        issuer = new LocalIssuer(folder, dev.terrane.kernel.clock.Clock.system().instant());
        name = issuer.url().substring("https://".length());
        provider = iam.createOpenIDConnectProvider(r ->
                        r.url(issuer.url()).clientIDList("sts.amazonaws.com").thumbprintList(issuer.thumbprint()))
                .openIDConnectProviderArn();
        nobody = server.client(StsClient.class, new Principal.Anonymous());
        iam.createRole(
                r -> r.roleName("deploy").assumeRolePolicyDocument(trust("\"sts:AssumeRoleWithWebIdentity\"", "")));
        iam.attachRolePolicy(r -> r.roleName("deploy").policyArn("arn:aws:iam::aws:policy/IAMReadOnlyAccess"));
    }

    @AfterEach
    void close() {
        issuer.close();
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private String trust(String actions, String condition) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\""
                + provider + "\"},\"Action\":" + actions + condition.replace("ISSUER", name) + "}]}";
    }

    private void trusts(String actions, String condition) {
        iam.updateAssumeRolePolicy(r -> r.roleName("deploy").policyDocument(trust(actions, condition)));
    }

    private Map<String, Object> claims() {
        long now = server.clock().instant().getEpochSecond();
        Map<String, Object> claims = new HashMap<>();
        claims.put("iss", issuer.url());
        claims.put("sub", "repo:terrane/terrane");
        claims.put("aud", "sts.amazonaws.com");
        claims.put("iat", now);
        claims.put("nbf", now);
        claims.put("exp", now + 300);
        return claims;
    }

    private String token(Consumer<Map<String, Object>> change) {
        Map<String, Object> claims = claims();
        change.accept(claims);
        return issuer.token(claims);
    }

    private AssumeRoleWithWebIdentityResponse assume(String token) {
        return assume(token, r -> {});
    }

    private AssumeRoleWithWebIdentityResponse assume(
            String token, Consumer<AssumeRoleWithWebIdentityRequest.Builder> more) {
        return nobody.assumeRoleWithWebIdentity(
                r -> more.accept(r.roleArn(ROLE).roleSessionName("ci").webIdentityToken(token)));
    }

    private Principal.AssumedRole principal(AssumeRoleWithWebIdentityResponse session) {
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
    void aTokenOfTheProviderBeginsASession() {
        AssumeRoleWithWebIdentityResponse session = assume(token(c -> {}));
        assertThat(session.assumedRoleUser().arn()).isEqualTo("arn:aws:sts::123456789012:assumed-role/deploy/ci");
        assertThat(session.subjectFromWebIdentityToken()).isEqualTo("repo:terrane/terrane");
        assertThat(session.audience()).isEqualTo("sts.amazonaws.com");
        assertThat(session.provider()).isEqualTo(provider);
        assertThat(session.credentials().expiration()).isEqualTo(TestServer.START.plus(Duration.ofHours(1)));
        assertThat(server.client(IamClient.class, principal(session))
                        .listRoles()
                        .roles())
                .hasSize(1);

        AuditRecord record = server.trail().stream()
                .filter(r -> r.eventName().equals("AssumeRoleWithWebIdentity"))
                .findFirst()
                .orElseThrow();
        assertThat(record.principal()).isInstanceOfSatisfying(Principal.Federated.class, user -> {
            assertThat(user.type()).isEqualTo("WebIdentityUser");
            assertThat(user.userName()).isEqualTo("repo:terrane/terrane");
            assertThat(user.provider()).isEqualTo(provider);
        });
        assertThat(record.requestParameters()).doesNotContain("eyJ");
        assertThat(String.valueOf(record.responseElements()))
                .doesNotContain(session.credentials().secretAccessKey())
                .doesNotContain(session.credentials().sessionToken());
    }

    @Test
    void itNeedsNoSignature() {
        server.advance(Duration.between(
                TestServer.START, dev.terrane.kernel.clock.Clock.system().instant()));
        StsClient plain = StsClient.builder()
                .endpointOverride(server.url())
                .region(Region.EU_WEST_1)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .build();
        assertThat(plain.assumeRoleWithWebIdentity(
                                r -> r.roleArn(ROLE).roleSessionName("ci").webIdentityToken(token(c -> {})))
                        .credentials()
                        .accessKeyId())
                .startsWith("ASIA");
        refuses("MissingAuthenticationToken", "", plain::getSessionToken);
    }

    @Test
    void whatWasTamperedWithOrSignedByOthersIsRefused() throws Exception {
        String good = token(c -> {});
        String[] parts = good.split("\\.");
        Map<String, Object> other = claims();
        other.put("sub", "repo:evil/evil");
        String forged =
                LocalIssuer.base64(dev.terrane.kernel.store.RecordCodec.json().writeValueAsBytes(other));
        String invalid = "InvalidIdentityToken";
        refuses(invalid, "signature", () -> assume(parts[0] + "." + forged + "." + parts[2]));
        KeyPair stranger = LocalIssuer.pair("RSA", 2_048);
        refuses(
                invalid,
                "signature",
                () -> assume(LocalIssuer.token("first", "RS256", "SHA256withRSA", stranger.getPrivate(), claims())));
        String none = LocalIssuer.base64("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
        refuses(invalid, "not a valid JWT", () -> assume(none + "." + parts[1] + "."));
        String hmac = LocalIssuer.base64("{\"alg\":\"HS256\",\"kid\":\"first\"}".getBytes(StandardCharsets.UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("public".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String signed = LocalIssuer.base64(mac.doFinal((hmac + "." + parts[1]).getBytes(StandardCharsets.UTF_8)));
        refuses(invalid, "not a valid JWT", () -> assume(hmac + "." + parts[1] + "." + signed));
        refuses(invalid, "not a valid JWT", () -> assume("access-token"));
        refuses(invalid, "signature", () -> assume(parts[0] + "." + parts[1] + "."));
    }

    @Test
    void timesIssuerAudienceAndSubjectAreHeldAgainstTheToken() {
        String token = token(c -> {});
        assertThat(assume(token)).isNotNull();
        server.advance(Duration.ofMinutes(5));
        assertThatThrownBy(() -> assume(token))
                .isInstanceOf(ExpiredTokenException.class)
                .hasMessageContaining("must be before the expiration date/time");
        String invalid = "InvalidIdentityToken";
        long later = server.clock().instant().getEpochSecond() + 120;
        refuses(invalid, "not valid yet", () -> assume(token(c -> c.put("nbf", later))));
        refuses(invalid, "not valid yet", () -> assume(token(c -> c.put("iat", later))));
        refuses(invalid, "Missing a required claim: exp", () -> assume(token(c -> c.remove("exp"))));
        refuses(invalid, "Missing a required claim: exp", () -> assume(token(c -> c.put("exp", "soon"))));
        refuses(invalid, "Missing a required claim: sub", () -> assume(token(c -> c.remove("sub"))));
        refuses(invalid, "Missing a required claim: aud", () -> assume(token(c -> c.remove("aud"))));
        refuses(invalid, "Missing a required claim: iss", () -> assume(token(c -> c.remove("iss"))));
        refuses(invalid, "Incorrect token audience", () -> assume(token(c -> c.put("aud", "other"))));
        assertThat(assume(token(c -> c.put("aud", List.of("other", "sts.amazonaws.com"))))
                        .audience())
                .isEqualTo("sts.amazonaws.com");
        refuses(invalid, "Incorrect token audience", () -> assume(token(c -> c.put("azp", "other"))));
        assertThat(assume(token(c -> {
                            c.put("aud", "other");
                            c.put("azp", "sts.amazonaws.com");
                        }))
                        .audience())
                .isEqualTo("sts.amazonaws.com");
        refuses(
                invalid,
                "No OpenIDConnect provider found in your account for https://elsewhere.example",
                () -> assume(token(c -> c.put("iss", "https://elsewhere.example"))));
        refuses(
                "ValidationError",
                "Request ARN is invalid",
                () -> assume(token(c -> {}), r -> r.roleArn("arn:aws:iam::123456789012:user/deploy")));
        iam.deleteOpenIDConnectProvider(r -> r.openIDConnectProviderArn(provider));
        refuses(invalid, "No OpenIDConnect provider found", () -> assume(token(c -> {})));
    }

    @Test
    void theTrustPolicyDecidesWithTheTokensClaims() {
        String denied = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
        trusts(
                "\"sts:AssumeRoleWithWebIdentity\"",
                ",\"Condition\":{\"StringEquals\":{\"ISSUER:aud\":\"sts.amazonaws.com\"},"
                        + "\"StringLike\":{\"ISSUER:sub\":\"repo:terrane/*\"},"
                        + "\"ForAnyValue:StringEquals\":{\"ISSUER:amr\":\"mfa\"}}");
        refuses("AccessDenied", denied, () -> assume(token(c -> {})));
        assertThat(assume(token(c -> c.put("amr", List.of("pwd", "mfa"))))).isNotNull();
        refuses(
                "AccessDenied",
                denied,
                () -> assume(token(c -> {
                    c.put("amr", List.of("mfa"));
                    c.put("sub", "repo:evil/evil");
                })));
        refuses(
                "AccessDenied",
                denied,
                () -> assume(token(c -> {}), r -> r.roleArn("arn:aws:iam::123456789012:role/absent")));
        trusts("\"sts:AssumeRole\"", "");
        refuses("AccessDenied", denied, () -> assume(token(c -> {})));
        // Who signs as an administrator is no more than whom the token names.
        refuses(
                "AccessDenied",
                denied,
                () -> server.client(StsClient.class)
                        .assumeRoleWithWebIdentity(
                                r -> r.roleArn(ROLE).roleSessionName("ci").webIdentityToken(token(c -> {}))));
    }

    @Test
    void aSessionIsKnownByItsProviderAndItsTags() {
        Consumer<Map<String, Object>> tagged = c -> {
            c.put(
                    "https://aws.amazon.com/tags",
                    Map.of(
                            "principal_tags",
                            Map.of("team", List.of("red"), "cost", List.of("1")),
                            "transitive_tag_keys",
                            List.of("team")));
            c.put("https://aws.amazon.com/source_identity", "ann");
        };
        refuses("AccessDenied", "sts:TagSession", () -> assume(token(tagged)));
        trusts("[\"sts:AssumeRoleWithWebIdentity\",\"sts:TagSession\"]", "");
        refuses("AccessDenied", "sts:SetSourceIdentity", () -> assume(token(tagged)));
        trusts(
                "[\"sts:AssumeRoleWithWebIdentity\",\"sts:TagSession\",\"sts:SetSourceIdentity\"]",
                ",\"Condition\":{\"StringEquals\":{\"aws:RequestTag/team\":\"red\",\"sts:SourceIdentity\":\"ann\","
                        + "\"sts:RoleSessionName\":\"ci\"}}");
        AssumeRoleWithWebIdentityResponse session = assume(token(tagged));
        assertThat(session.sourceIdentity()).isEqualTo("ann");
        assertThat(session.packedPolicySize()).isPositive();
        Principal.AssumedRole role = principal(session);
        assertThat(role.sessionTags()).containsEntry("team", "red").containsEntry("cost", "1");
        assertThat(role.transitiveTagKeys()).containsExactly("team");
        iam.detachRolePolicy(r -> r.roleName("deploy").policyArn("arn:aws:iam::aws:policy/IAMReadOnlyAccess"));
        iam.putRolePolicy(r -> r.roleName("deploy")
                .policyName("own")
                .policyDocument(
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"iam:ListRoles\",\"Resource\":\"*\","
                                + "\"Condition\":{\"StringEquals\":{\"aws:FederatedProvider\":\"" + provider + "\",\""
                                + name + ":sub\":\"repo:terrane/terrane\",\"aws:PrincipalTag/team\":\"red\"}}}]}"));
        assertThat(server.client(IamClient.class, role).listRoles().roles()).hasSize(1);
        refuses(
                "InvalidIdentityToken",
                "session tag",
                () -> assume(token(c -> c.put("https://aws.amazon.com/tags/principal_tags/team", 7))));
    }

    @Test
    void sessionPoliciesAndDurationAreAsOfOtherSessions() {
        AssumeRoleWithWebIdentityResponse session = assume(
                token(c -> {}),
                r -> r.policy(
                                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"iam:ListUsers\","
                                        + "\"Resource\":\"*\"}]}")
                        .durationSeconds(900));
        assertThat(session.credentials().expiration()).isEqualTo(TestServer.START.plusSeconds(900));
        IamClient cut = server.client(IamClient.class, principal(session));
        assertThat(cut.listUsers().users()).isEmpty();
        refuses("AccessDenied", "because no session policy allows", cut::listRoles);
        refuses(
                "ValidationError",
                "exceeds the MaxSessionDuration",
                () -> assume(token(c -> {}), r -> r.durationSeconds(7_200)));
    }

    @Test
    void keysAreKeptAndReadAnewWhenTheIssuerChangesThem() {
        assume(token(c -> {}));
        assume(token(c -> {}));
        assertThat(issuer.reads()).isEqualTo(2);
        KeyPair second = LocalIssuer.pair("EC", 256);
        issuer.keys("second", second);
        server.advance(Duration.ofSeconds(11));
        String token =
                LocalIssuer.token("second", "ES256", "SHA256withECDSAinP1363Format", second.getPrivate(), claims());
        assertThat(assume(token)).isNotNull();
        assertThat(issuer.reads()).isEqualTo(4);
        // The first key is gone, and who goes on sending tokens of it doesn't make the server read each time.
        for (int i = 0; i < 3; i++) {
            refuses("InvalidIdentityToken", "signature", () -> assume(token(c -> {})));
        }
        assertThat(issuer.reads()).isEqualTo(4);
        for (var kind : Map.of(384, "384", 521, "512").entrySet()) {
            KeyPair pair = LocalIssuer.pair("EC", kind.getKey());
            issuer.keys("k" + kind.getKey(), pair);
            server.advance(Duration.ofSeconds(11));
            assertThat(assume(LocalIssuer.token(
                            "k" + kind.getKey(),
                            "ES" + kind.getValue(),
                            "SHA" + kind.getValue() + "withECDSAinP1363Format",
                            pair.getPrivate(),
                            claims())))
                    .isNotNull();
        }
    }

    @Test
    void anIssuerThatCannotBeTrustedOrReachedIsToldApart() {
        iam.updateOpenIDConnectProviderThumbprint(
                r -> r.openIDConnectProviderArn(provider).thumbprintList("0".repeat(40)));
        refuses(
                "InvalidIdentityToken",
                "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
                () -> assume(token(c -> {})));
        iam.updateOpenIDConnectProviderThumbprint(
                r -> r.openIDConnectProviderArn(provider).thumbprintList(issuer.thumbprint()));
        String noKeys = "Couldn't retrieve verification key from your identity provider";
        issuer.answersWith(302);
        refuses("InvalidIdentityToken", noKeys, () -> assume(token(c -> {})));
        issuer.answersWith(200);
        server.advance(Duration.ofSeconds(11));
        issuer.publish(
                "/.well-known/openid-configuration",
                Map.of("issuer", "https://elsewhere.example", "jwks_uri", issuer.url() + "/keys"));
        refuses("InvalidIdentityToken", noKeys, () -> assume(token(c -> {})));
        server.advance(Duration.ofSeconds(11));
        issuer.publish(
                "/.well-known/openid-configuration",
                Map.of("issuer", issuer.url(), "jwks_uri", "http://169.254.169.254/keys"));
        refuses("InvalidIdentityToken", noKeys, () -> assume(token(c -> {})));
        server.advance(Duration.ofSeconds(11));
        issuer.publish(
                "/.well-known/openid-configuration",
                Map.of("issuer", issuer.url(), "jwks_uri", issuer.url() + "/keys", "padding", "x".repeat(600_000)));
        assertThatThrownBy(() -> assume(token(c -> {}))).isInstanceOf(AwsServiceException.class);
        server.advance(Duration.ofSeconds(11));
        String token = token(c -> {});
        issuer.close();
        assertThatThrownBy(() -> assume(token)).isInstanceOf(IdpCommunicationErrorException.class);
    }

    @Test
    void metadataAddressesAreNotCalled() {
        iam.createOpenIDConnectProvider(r -> r.url("https://169.254.169.254").clientIDList("sts.amazonaws.com"));
        refuses(
                "InvalidIdentityToken",
                "Couldn't retrieve verification key",
                () -> assume(token(c -> c.put("iss", "https://169.254.169.254"))));
    }
}

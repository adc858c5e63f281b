package dev.terrane.iam;

import static dev.terrane.iam.Documented.refuses;
import static dev.terrane.iam.Documented.tag;
import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.testkit.TestServer;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.ServerCertificate;
import software.amazon.awssdk.services.iam.model.ServerCertificateMetadata;
import software.amazon.awssdk.services.iam.model.SigningCertificate;
import software.amazon.awssdk.services.iam.model.StatusType;
import software.amazon.awssdk.services.iam.model.SummaryKeyType;

/** Certificates of servers ("Manage server certificates in IAM") and of users. */
final class CertificatesTest {
    private static final TestAuthority ROOT = TestAuthority.root("root");
    private static final TestAuthority MIDDLE = ROOT.below("middle");
    private static final KeyPair KEY = TestAuthority.pair("RSA", 2048);
    private static final String BODY = MIDDLE.issue("www.example.com", KEY);
    private static final String CHAIN = MIDDLE.certificate() + ROOT.certificate();

    private final TestServer server = TestServer.with(IamService::new);
    private final IamClient iam = server.client(IamClient.class);

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private ServerCertificateMetadata upload(String name, String body, String key, String chain) {
        return iam.uploadServerCertificate(r -> r.serverCertificateName(name)
                        .path("/web/")
                        .certificateBody(body)
                        .privateKey(key)
                        .certificateChain(chain)
                        .tags(tag("a", "1")))
                .serverCertificateMetadata();
    }

    @Test
    void aServersCertificateIsKeptWithItsChainAndItsKeyIsNotTold() {
        ServerCertificateMetadata made = upload("www", BODY, TestAuthority.pem(KEY.getPrivate()), CHAIN);
        assertThat(made.arn()).isEqualTo("arn:aws:iam::123456789012:server-certificate/web/www");
        assertThat(made.serverCertificateId()).matches("ASCA[A-Z2-7]{17}");
        assertThat(made.expiration()).isEqualTo(TestAuthority.UNTIL);
        assertThat(made.uploadDate()).isEqualTo(TestServer.START);
        refuses(
                "EntityAlreadyExists",
                "The Server Certificate with name Www already exists.",
                () -> upload("Www", BODY, TestAuthority.pem(KEY.getPrivate()), CHAIN));
        server.restart();
        ServerCertificate found = server.client(IamClient.class)
                .getServerCertificate(r -> r.serverCertificateName("WWW"))
                .serverCertificate();
        assertThat(found.serverCertificateMetadata()).isEqualTo(made);
        assertThat(found.certificateBody()).isEqualTo(BODY.strip());
        assertThat(found.certificateChain()).isEqualTo(CHAIN.strip());
        assertThat(found.tags()).containsExactly(tag("a", "1"));
        assertThat(server.trail().toString())
                .contains("UploadServerCertificate")
                .doesNotContain("RSA PRIVATE KEY");
    }

    @Test
    void everyFormOfKeyIsTaken() {
        upload("pkcs8", BODY, TestAuthority.pkcs8(KEY), CHAIN);
        KeyPair curve = TestAuthority.pair("EC", 256);
        String certified = ROOT.issue("curve", curve);
        upload("sec1", certified, TestAuthority.pem(curve.getPrivate()), ROOT.certificate());
        upload("ec-pkcs8", certified, TestAuthority.pkcs8(curve), ROOT.certificate());
    }

    @Test
    void whatDoesNotBelongTogetherIsRefused() {
        String mismatch = "The public key of the certificate and the private key do not match.";
        for (String other : List.of(
                TestAuthority.pem(TestAuthority.pair("RSA", 2048).getPrivate()),
                TestAuthority.pkcs8(TestAuthority.pair("RSA", 2048)),
                TestAuthority.pem(TestAuthority.pair("EC", 256).getPrivate()))) {
            refuses("KeyPairMismatch", mismatch, () -> upload("www", BODY, other, CHAIN));
        }
        String key = TestAuthority.pem(KEY.getPrivate());
        String chain =
                "Unable to validate certificate chain. The certificate chain must start with the immediate signing"
                        + " certificate, followed by any intermediaries in order. The index within the chain of the invalid"
                        + " certificate is: ";
        refuses("MalformedCertificate", chain + 0, () -> upload("www", BODY, key, ROOT.certificate()));
        refuses(
                "MalformedCertificate",
                chain + 1,
                () -> upload("www", BODY, key, MIDDLE.certificate() + MIDDLE.certificate()));
        String unreadable = "Unable to parse certificate. Please ensure the certificate is in PEM format.";
        refuses("MalformedCertificate", unreadable, () -> upload("www", "none", key, CHAIN));
        refuses("MalformedCertificate", unreadable, () -> upload("www", BODY + CHAIN, key, CHAIN));
        refuses("MalformedCertificate", unreadable, () -> upload("www", BODY, key, "none"));
        String encrypted = "Unable to parse key; the private key must be in PEM format and not encrypted.";
        refuses("MalformedCertificate", encrypted, () -> upload("www", BODY, "none", CHAIN));
        refuses(
                "MalformedCertificate",
                encrypted,
                () -> upload("www", BODY, TestAuthority.pkcs8(KEY).replace("PRIVATE", "ENCRYPTED PRIVATE"), CHAIN));
        assertThat(iam.listServerCertificates().serverCertificateMetadataList()).isEmpty();
    }

    @Test
    void aCertificateMustBeValidAtItsUpload() {
        String key = TestAuthority.pem(KEY.getPrivate());
        String past = MIDDLE.issue(
                "past", KEY, TestAuthority.FROM.minus(Duration.ofDays(9)), TestServer.START.minusSeconds(1));
        refuses(
                "MalformedCertificate",
                "Certificate is no longer valid. The 'Not After' date restriction on the certificate has passed.",
                () -> upload("past", past, key, CHAIN));
        String future = MIDDLE.issue("future", KEY, TestServer.START.plusSeconds(60), TestAuthority.UNTIL);
        refuses(
                "MalformedCertificate",
                "Certificate is not yet valid. The 'Not Before' date restriction on the certificate has not been reached.",
                () -> upload("future", future, key, CHAIN));
        server.advance(Duration.ofSeconds(60));
        upload("future", future, key, CHAIN);
    }

    @Test
    void certificatesAreRenamedMovedListedCountedAndDeleted() {
        String key = TestAuthority.pem(KEY.getPrivate());
        for (int i = 0; i < 20; i++) {
            upload("www" + i, BODY, key, CHAIN);
        }
        refuses(
                "LimitExceeded",
                "Cannot exceed quota for ServerCertificatesPerAccount: 20",
                () -> upload("more", BODY, key, CHAIN));
        iam.updateServerCertificate(r -> r.serverCertificateName("www0")
                .newServerCertificateName("first")
                .newPath("/cloudfront/"));
        refuses(
                "EntityAlreadyExists",
                "The Server Certificate with name www2 already exists.",
                () -> iam.updateServerCertificate(
                        r -> r.serverCertificateName("www1").newServerCertificateName("www2")));
        assertThat(iam.listServerCertificates(r -> r.pathPrefix("/cloudfront/")).serverCertificateMetadataList())
                .extracting(ServerCertificateMetadata::arn)
                .containsExactly("arn:aws:iam::123456789012:server-certificate/cloudfront/first");
        assertThat(iam.getAccountSummary().summaryMap()).containsEntry(SummaryKeyType.SERVER_CERTIFICATES, 20);
        iam.deleteServerCertificate(r -> r.serverCertificateName("first"));
        refuses(
                "NoSuchEntity",
                "The Server Certificate with name first cannot be found.",
                () -> iam.deleteServerCertificate(r -> r.serverCertificateName("first")));
    }

    @Test
    void aUserHasTwoSigningCertificates() {
        iam.createUser(r -> r.userName("alice"));
        SigningCertificate made = sign(BODY);
        assertThat(made.certificateId()).matches("[A-Z2-7]{32}");
        assertThat(made.certificateBody()).isEqualTo(BODY);
        assertThat(made.status()).isEqualTo(StatusType.ACTIVE);
        refuses(
                "DuplicateCertificate",
                "The same certificate is already associated with the user alice.",
                () -> sign(BODY));
        refuses(
                "MalformedCertificate",
                "Unable to parse certificate. Please ensure the certificate is in PEM format.",
                () -> sign("none"));
        sign(ROOT.certificate());
        refuses(
                "LimitExceeded",
                "Cannot exceed quota for SigningCertificatesPerUser: 2",
                () -> sign(MIDDLE.certificate()));
        iam.updateSigningCertificate(
                r -> r.userName("alice").certificateId(made.certificateId()).status(StatusType.INACTIVE));
        assertThat(iam.listSigningCertificates(r -> r.userName("alice")).certificates())
                .hasSize(2)
                .contains(made.toBuilder().status(StatusType.INACTIVE).build());
        refuses(
                "DeleteConflict",
                "Cannot delete entity, must delete signing certificates first.",
                () -> iam.deleteUser(r -> r.userName("alice")));
        iam.listSigningCertificates(r -> r.userName("alice"))
                .certificates()
                .forEach(found ->
                        iam.deleteSigningCertificate(r -> r.userName("alice").certificateId(found.certificateId())));
        refuses(
                "NoSuchEntity",
                "The Certificate with id " + made.certificateId() + " cannot be found.",
                () -> iam.deleteSigningCertificate(r -> r.userName("alice").certificateId(made.certificateId())));
        iam.deleteUser(r -> r.userName("alice"));
    }

    private SigningCertificate sign(String body) {
        return iam.uploadSigningCertificate(r -> r.userName("alice").certificateBody(body))
                .certificate();
    }
}

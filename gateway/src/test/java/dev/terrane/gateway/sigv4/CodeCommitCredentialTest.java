package dev.terrane.gateway.sigv4;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.gateway.sigv4.SignatureRefused.Kind;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Passwords below were made by the aws CLI's helper and by git-remote-codecommit, with the clock at noon. */
class CodeCommitCredentialTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final String AWS_HOST = "git-codecommit.eu-west-1.amazonaws.com";
    private static final String AWS_PASSWORD =
            "20260301T120000Z7f251f668da5694a0da6455b052a86a2ce0218acdf74f7a4152cce8a4bf3d75d";
    private static final String OWN_PASSWORD =
            "20260301T120000Z5c3364f522ba1e328a05364b36c087554773f0f83ae6b3824df8a2e5c354f7e9";
    private static final String REMOTE_PASSWORD =
            "20260301T120000Z78df83895d87e0b750dd4fe21e0d0c8d48472c43a4d089b228622cbc31708007";

    private static CodeCommitCredential.Holder verify(
            String host, String path, String user, String password, Instant now) {
        return CodeCommitCredential.verify(
                host,
                path,
                "us-east-1",
                user,
                password,
                key -> key.equals("AKIDEXAMPLE")
                        ? Optional.of("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".getBytes(UTF_8))
                        : Optional.empty(),
                now);
    }

    @Test
    void acceptsTheHelpersPasswordForAnAwsHost() {
        assertThat(verify(AWS_HOST, "/v1/repos/demo", "AKIDEXAMPLE", AWS_PASSWORD, NOON))
                .isEqualTo(new CodeCommitCredential.Holder("AKIDEXAMPLE", Optional.empty(), "eu-west-1"));
    }

    @Test
    void acceptsTheHelpersPasswordForThisServersHostWithoutItsPort() {
        assertThat(verify("localhost:4566", "/v1/repos/demo", "AKIDEXAMPLE%the/token=", OWN_PASSWORD, NOON))
                .isEqualTo(new CodeCommitCredential.Holder("AKIDEXAMPLE", Optional.of("the/token="), "us-east-1"));
    }

    @Test
    void acceptsTheRemotesPasswordForAHostWithItsPort() {
        assertThat(verify("localhost:4566", "/v1/repos/demo", "AKIDEXAMPLE", REMOTE_PASSWORD, NOON)
                        .region())
                .isEqualTo("us-east-1");
    }

    @Test
    void refusesAnotherRepositoryHostOrSignature() {
        refused(Kind.MISMATCH, AWS_HOST, "/v1/repos/other", "AKIDEXAMPLE", AWS_PASSWORD, NOON);
        refused(
                Kind.MISMATCH,
                "git-codecommit.eu-west-2.amazonaws.com",
                "/v1/repos/demo",
                "AKIDEXAMPLE",
                AWS_PASSWORD,
                NOON);
        refused(Kind.MISMATCH, "elsewhere", "/v1/repos/demo", "AKIDEXAMPLE", OWN_PASSWORD, NOON);
        String changed = AWS_PASSWORD.substring(0, 79) + (AWS_PASSWORD.charAt(79) == '0' ? '1' : '0');
        refused(Kind.MISMATCH, AWS_HOST, "/v1/repos/demo", "AKIDEXAMPLE", changed, NOON);
    }

    @Test
    void refusesUnknownKeysAndOtherPasswords() {
        refused(Kind.UNKNOWN_KEY, AWS_HOST, "/v1/repos/demo", "AKIDOTHER", AWS_PASSWORD, NOON);
        refused(Kind.INCOMPLETE_SIGNATURE, AWS_HOST, "/v1/repos/demo", "AKIDEXAMPLE", "secret", NOON);
        assertThat(CodeCommitCredential.looksLike("secret")).isFalse();
        assertThat(CodeCommitCredential.looksLike(AWS_PASSWORD)).isTrue();
    }

    @Test
    void isGoodForAQuarterOfAnHour() {
        verify(AWS_HOST, "/v1/repos/demo", "AKIDEXAMPLE", AWS_PASSWORD, NOON.plusSeconds(900));
        refused(Kind.EXPIRED, AWS_HOST, "/v1/repos/demo", "AKIDEXAMPLE", AWS_PASSWORD, NOON.plusSeconds(901));
        refused(Kind.EXPIRED, AWS_HOST, "/v1/repos/demo", "AKIDEXAMPLE", AWS_PASSWORD, NOON.minusSeconds(301));
    }

    private static void refused(Kind kind, String host, String path, String user, String password, Instant now) {
        assertThatThrownBy(() -> verify(host, path, user, password, now))
                .isInstanceOfSatisfying(
                        SignatureRefused.class,
                        refused -> assertThat(refused.kind()).isEqualTo(kind));
    }
}

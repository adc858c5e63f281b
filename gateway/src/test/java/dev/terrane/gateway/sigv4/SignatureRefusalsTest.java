package dev.terrane.gateway.sigv4;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.terrane.gateway.sigv4.SignatureRefused.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each way to be refused, with the code, status and message that AWS gives it. */
class SignatureRefusalsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:20:30Z");
    private static final byte[] SECRET = "secret".getBytes(UTF_8);
    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private final SigV4 verifier = new SigV4(2);

    private static Map<String, List<String>> headers(String service, Instant signed) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("host", List.of("localhost:4566"));
        SigV4Signer signer = new SigV4Signer("AKIDEXAMPLE", SECRET, Optional.empty(), "eu-west-1", service);
        signer.sign(SignedRequest.of("GET", "/a/b", "x=1", headers), EMPTY, signed)
                .forEach((name, value) -> headers.put(name, List.of(value)));
        return headers;
    }

    private static SignedRequest request(Map<String, List<String>> headers) {
        return SignedRequest.of("GET", "/a/b", "x=1", headers);
    }

    private Verified verify(Dialect dialect, Map<String, List<String>> headers, Instant now) {
        ParsedSignature claim = verifier.parse(request(headers), SigV4.Rules.of(dialect));
        return verifier.verify(claim, SECRET, now, EMPTY);
    }

    private static void refused(
            Dialect dialect,
            String code,
            int status,
            String message,
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(SignatureRefused.class, refused -> {
            assertThat(refused.code(dialect)).isEqualTo(code);
            assertThat(refused.status(dialect)).isEqualTo(status);
            assertThat(refused.getMessage()).startsWith(message);
        });
    }

    @ParameterizedTest
    @EnumSource
    void takesWhatTheOwnSignerSigned(Dialect dialect) {
        String service = dialect == Dialect.S3 ? "s3" : "sts";
        assertThat(verify(dialect, headers(service, NOW), NOW).scope())
                .isEqualTo(new CredentialScope("20260301", "eu-west-1", service));
    }

    @ParameterizedTest
    @CsvSource({
        "S3, AccessDenied, 403, Access Denied",
        "QUERY, MissingAuthenticationToken, 403, Missing Authentication Token",
        "JSON, MissingAuthenticationTokenException, 400, Missing Authentication Token",
        "EC2, AuthFailure, 401, AWS was not able to validate the provided access credentials"
    })
    void withoutAnySignature(Dialect dialect, String code, int status, String message) {
        refused(dialect, code, status, message, () -> verify(dialect, Map.of("host", List.of("localhost")), NOW));
    }

    @ParameterizedTest
    @CsvSource({
        "S3, s3, SignatureDoesNotMatch, 403",
        "QUERY, iam, SignatureDoesNotMatch, 403",
        "JSON, kms, InvalidSignatureException, 400",
        "REST, codeartifact, InvalidSignatureException, 403"
    })
    void withAnotherSignatureTellsWhatWasExpected(Dialect dialect, String service, String code, int status) {
        Map<String, List<String>> headers = headers(service, NOW);
        headers.put("host", List.of("elsewhere"));
        assertThatThrownBy(() -> verify(dialect, headers, NOW))
                .isInstanceOfSatisfying(SignatureRefused.class, refused -> {
                    assertThat(refused.code(dialect)).isEqualTo(code);
                    assertThat(refused.status(dialect)).isEqualTo(status);
                    String canonical = "GET\n/a/b\nx=1\nhost:elsewhere\n";
                    assertThat(refused.getMessage() + refused.details())
                            .contains(canonical)
                            .contains("AWS4-HMAC-SHA256\n");
                });
    }

    @Test
    void tooOldOrTooNew() {
        Map<String, List<String>> query = headers("sts", NOW);
        verify(Dialect.QUERY, query, NOW.plusSeconds(900));
        verify(Dialect.QUERY, query, NOW.minusSeconds(300));
        refused(
                Dialect.QUERY,
                "SignatureDoesNotMatch",
                403,
                "Signature expired: 20260301T102030Z is now earlier than 20260301T102031Z (20260301T103531Z - 15 min.)",
                () -> verify(Dialect.QUERY, query, NOW.plusSeconds(901)));
        refused(
                Dialect.QUERY,
                "SignatureDoesNotMatch",
                403,
                "Signature not yet current: 20260301T102030Z is still later than 20260301T102029Z (20260301T101529Z + 5 min.)",
                () -> verify(Dialect.QUERY, query, NOW.minusSeconds(301)));
        refused(
                Dialect.EC2,
                "RequestExpired",
                400,
                "Request has expired.",
                () -> verify(Dialect.EC2, headers("ec2", NOW), NOW.plusSeconds(901)));
        Map<String, List<String>> s3 = headers("s3", NOW);
        verify(Dialect.S3, s3, NOW.minusSeconds(900));
        for (Instant now : List.of(NOW.plusSeconds(901), NOW.minusSeconds(901))) {
            refused(
                    Dialect.S3,
                    "RequestTimeTooSkewed",
                    403,
                    "The difference between the request time and the current time is too large.",
                    () -> verify(Dialect.S3, s3, now));
        }
    }

    @Test
    void aHeaderThatIsNotSigned() {
        Map<String, List<String>> headers = headers("s3", NOW);
        headers.put("x-amz-copy-source", List.of("/other/secret"));
        refused(
                Dialect.S3,
                "AccessDenied",
                403,
                "There were headers present in the request which were not signed",
                () -> verify(Dialect.S3, headers, NOW));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            AWS4-HMAC-SHA256                                                       | IncompleteSignature | Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter.
            AWS4-HMAC-SHA256 nonsense                                              | IncompleteSignature | 'nonsense' not a valid key=value pair (missing equal-sign) in Authorization header
            AWS4-HMAC-SHA256 Credential=A/B/C, SignedHeaders=host, Signature=0     | IncompleteSignature | Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'A/B/C'
            AWS4-HMAC-SHA256 Credential=A/20260301/r/s/aws3, SignedHeaders=host, Signature=0 | IncompleteSignature | Credential should be scoped with a valid terminator: 'aws4_request', not 'aws3'.
            AWS4-HMAC-SHA256 Credential=A/20260302/r/s/aws4_request, SignedHeaders=host, Signature=0 | IncompleteSignature | Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20260302' != '20260301'
            AWS4-HMAC-SHA256 Credential=A/20260301/r/s/aws4_request, SignedHeaders=x-amz-date, Signature=0 | IncompleteSignature | 'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.
            AWS4-HMAC-SHA256 Credential=A/20260301/r/s/aws4_request, SignedHeaders=x-amz-date;host, Signature=0 | IncompleteSignature | SignedHeaders must be lower case, sorted
            Bearer token                                                           | IncompleteSignature | Unsupported AWS 'algorithm': 'Bearer'.
            AWS AKID:old                                                           | IncompleteSignature | Unsupported AWS 'algorithm': 'AWS'.
            """)
    void anAuthorizationHeaderThatCannotBeRead(String header, String code, String message) {
        Map<String, List<String>> headers = headers("sts", NOW);
        headers.remove("Authorization");
        headers.put("authorization", List.of(header));
        refused(Dialect.QUERY, code, 400, message, () -> verify(Dialect.QUERY, headers, NOW));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0 | Query-string authentication version 4 requires
            X-Amz-Expires=604801 | X-Amz-Expires must be less than a week
            X-Amz-Expires=-1     | X-Amz-Expires must be non-negative
            X-Amz-Expires=0      | X-Amz-Expires must be at least one second
            X-Amz-Expires=soon   | X-Amz-Expires should be a number
            X-Amz-Expires=10&X-Amz-Expires=20 | The query parameter X-Amz-Expires is given more than once.
            """)
    void aPresignedQueryThatCannotBeRead(String query, String message) {
        String whole = query.startsWith("X-Amz-Expires")
                ? query + "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0&X-Amz-SignedHeaders=host"
                        + "&X-Amz-Date=20260301T102030Z&X-Amz-Credential=A%2F20260301%2Fr%2Fs3%2Faws4_request"
                : query;
        SignedRequest request = SignedRequest.of("GET", "/a", whole, Map.of("host", List.of("localhost")));
        refused(
                Dialect.S3,
                "AuthorizationQueryParametersError",
                400,
                message,
                () -> verifier.parse(request, SigV4.Rules.of(Dialect.S3)));
    }

    @Test
    void headerAndQueryAtOnce() {
        Map<String, List<String>> headers = headers("s3", NOW);
        SignedRequest request = SignedRequest.of("GET", "/a/b", "x=1&X-Amz-Signature=0", headers);
        refused(
                Dialect.S3,
                "InvalidArgument",
                400,
                "Only one auth mechanism allowed",
                () -> verifier.parse(request, SigV4.Rules.of(Dialect.S3)));
    }

    @Test
    void anotherRegionOrService() {
        ParsedSignature s3 = verifier.parse(request(headers("s3", NOW)), SigV4.Rules.of(Dialect.S3));
        verifier.requireScope(s3, "eu-west-1", "s3");
        refused(
                Dialect.S3,
                "AuthorizationHeaderMalformed",
                400,
                "The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'us-east-1'",
                () -> verifier.requireScope(s3, "us-east-1", "s3"));
        ParsedSignature sts = verifier.parse(request(headers("sts", NOW)), SigV4.Rules.of(Dialect.QUERY));
        refused(
                Dialect.QUERY,
                "SignatureDoesNotMatch",
                403,
                "Credential should be scoped to correct service: 'iam'.",
                () -> verifier.requireScope(sts, "eu-west-1", "iam"));
    }

    @Test
    void aPayloadDeclaredAsNothingKnown() {
        Map<String, List<String>> headers = headers("s3", NOW);
        headers.put("x-amz-content-sha256", List.of("STREAMING-SOMETHING"));
        refused(
                Dialect.S3,
                "InvalidRequest",
                400,
                "x-amz-content-sha256 must be UNSIGNED-PAYLOAD",
                () -> verify(Dialect.S3, headers, NOW));
        headers.remove("x-amz-content-sha256");
        refused(
                Dialect.S3,
                "InvalidRequest",
                400,
                "Missing required header for this request: x-amz-content-sha256",
                () -> verify(Dialect.S3, headers, NOW));
    }

    @Test
    void anUncoveredBodyWhereTheServiceHasNone() {
        Map<String, List<String>> headers = headers("sts", NOW);
        headers.put("x-amz-content-sha256", List.of("UNSIGNED-PAYLOAD"));
        assertThatThrownBy(() -> verify(Dialect.QUERY, headers, NOW))
                .isInstanceOfSatisfying(
                        SignatureRefused.class,
                        refused -> assertThat(refused.kind()).isEqualTo(Kind.PAYLOAD_DECLARATION));
    }

    @Test
    void aForwardedHostCountsOnlyWhenTrusted() {
        Map<String, List<String>> headers = headers("sts", NOW);
        headers.put("host", List.of("10.0.0.7"));
        headers.put("x-forwarded-host", List.of("localhost:4566"));
        refused(
                Dialect.QUERY,
                "SignatureDoesNotMatch",
                403,
                "The request signature",
                () -> verify(Dialect.QUERY, headers, NOW));
        ParsedSignature claim = verifier.parse(request(headers), new SigV4.Rules(Dialect.QUERY, false, true));
        assertThat(verifier.verify(claim, SECRET, NOW, EMPTY).accessKeyId()).isEqualTo("AKIDEXAMPLE");
    }

    @Test
    void looksUpsAreWordedForTheFamily() {
        assertThat(SignatureRefused.unknownKey(Dialect.S3, "A")).hasMessageContaining("does not exist in our records");
        assertThat(SignatureRefused.unknownKey(Dialect.JSON, "A").code(Dialect.JSON))
                .isEqualTo("UnrecognizedClientException");
        assertThat(SignatureRefused.unknownKey(Dialect.QUERY, "A").code(Dialect.QUERY))
                .isEqualTo("InvalidClientTokenId");
        assertThat(SignatureRefused.expiredToken(Dialect.S3).code(Dialect.S3)).isEqualTo("ExpiredToken");
        assertThat(SignatureRefused.invalidToken(Dialect.S3).code(Dialect.S3)).isEqualTo("InvalidToken");
    }

    @Test
    void onlyProvenKeysAreRememberedAndNeverMoreThanTheCapacity() {
        SigningKeys keys = new SigningKeys(2);
        CredentialScope scope = new CredentialScope("20260301", "r", "s");
        SigningKey key = keys.get("A", scope, SECRET);
        assertThat(keys.size()).isZero();
        keys.keep("A", scope, SECRET, key);
        assertThat(keys.get("A", scope, SECRET)).isSameAs(key);
        assertThat(keys.get("A", scope, "other".getBytes(UTF_8))).isNotSameAs(key);
        for (String name : List.of("B", "C", "D")) {
            keys.keep(name, scope, SECRET, SigningKey.derive(SECRET, scope));
            assertThat(keys.size()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void aRequestTakesAFewMicroseconds() {
        SignedRequest request = request(headers("sts", NOW));
        Runnable once =
                () -> verifier.verify(verifier.parse(request, SigV4.Rules.of(Dialect.QUERY)), SECRET, NOW, EMPTY);
        for (int i = 0; i < 10_000; i++) {
            once.run();
        }
        // Generous by far: it is to find a mistake of magnitude on a busy machine.
        assertTimeout(Duration.ofSeconds(10), () -> {
            for (int i = 0; i < 10_000; i++) {
                once.run();
            }
        });
    }
}

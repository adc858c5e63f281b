package dev.terrane.gateway.sigv4;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.checksum.Checksum;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies with checksums, plain and in chunks without signatures. */
class SignedBodyTest {
    private static final byte[] BODY = "Welcome to Amazon S3.".getBytes(UTF_8);
    private static final String BODY_SHA256 = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";

    private static InputStream open(Payload payload, Map<String, String> headers, byte[] body) {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        headers.forEach((name, value) -> lists.put(name, List.of(value)));
        CredentialScope scope = new CredentialScope("20260301", "eu-west-1", "s3");
        Verified verified = new Verified(
                "AKIDEXAMPLE",
                Optional.empty(),
                scope,
                "20260301T000000Z",
                SigningKey.derive("secret".getBytes(UTF_8), scope),
                "0".repeat(64),
                payload,
                false);
        return SignedBody.of(SignedRequest.of("PUT", "/b/k", "", lists), verified, new ByteArrayInputStream(body));
    }

    private static void refused(String code, Payload payload, Map<String, String> headers, byte[] body) {
        assertThatThrownBy(() -> open(payload, headers, body).readAllBytes())
                .isInstanceOfSatisfying(
                        SignatureRefused.class,
                        refused -> assertThat(refused.code(Dialect.S3)).isEqualTo(code));
    }

    private static void refused(String code, Map<String, String> headers, String body) {
        refused(code, new Payload.UnsignedChunks(), headers, body.getBytes(UTF_8));
    }

    @ParameterizedTest
    @EnumSource
    void holdsAPlainBodyAgainstItsChecksum(Checksum algorithm) throws IOException {
        Map<String, String> right = Map.of(algorithm.header(), algorithm.of(BODY));
        assertThat(open(new Payload.Unsigned(), right, BODY).readAllBytes()).isEqualTo(BODY);
        Map<String, String> wrong = Map.of(algorithm.header(), algorithm.of("other".getBytes(UTF_8)));
        refused("BadDigest", new Payload.Unsigned(), wrong, BODY);
        String invalid = algorithm == Checksum.MD5 ? "InvalidDigest" : "InvalidRequest";
        refused(invalid, new Payload.Unsigned(), Map.of(algorithm.header(), "AAA="), BODY);
    }

    @Test
    void holdsAPlainBodyAgainstItsDeclaredHash() throws IOException {
        Payload payload = new Payload.Sha256(BODY_SHA256);
        assertThat(open(payload, Map.of(), BODY).readAllBytes()).isEqualTo(BODY);
        refused("XAmzContentSHA256Mismatch", payload, Map.of(), "Welcome to Amazon S4.".getBytes(UTF_8));
        InputStream skipped = open(payload, Map.of(), BODY);
        assertThat(skipped.skip(5)).isEqualTo(5);
        assertThat(skipped.readAllBytes()).hasSize(BODY.length - 5);
    }

    @Test
    void refusesTwoChecksumsAtOnce() {
        Map<String, String> two =
                Map.of("x-amz-checksum-crc32", Checksum.CRC32.of(BODY), "x-amz-checksum-sha1", Checksum.SHA1.of(BODY));
        refused("InvalidRequest", new Payload.Unsigned(), two, BODY);
    }

    private static Map<String, String> chunked(Checksum algorithm) {
        return Map.of(
                "x-amz-decoded-content-length", Integer.toString(BODY.length), "x-amz-trailer", algorithm.header());
    }

    private static String encoded(String trailer) {
        return "10\r\nWelcome to Amazo\r\n5\r\nn S3.\r\n0\r\n" + trailer;
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MD5")
    void takesATrailingChecksum(Checksum algorithm) throws IOException {
        String trailer = algorithm.header() + ":" + algorithm.of(BODY) + "\r\n";
        // With and without the empty lines that some clients send.
        for (String form : List.of(trailer + "\r\n", trailer, "\r\n" + trailer + "\r\n")) {
            InputStream in = open(
                    new Payload.UnsignedChunks(),
                    chunked(algorithm),
                    encoded(form).getBytes(UTF_8));
            assertThat(in.readAllBytes()).isEqualTo(BODY);
        }
        String wrong = algorithm.header() + ":" + algorithm.of("other".getBytes(UTF_8)) + "\r\n\r\n";
        refused("BadDigest", chunked(algorithm), encoded(wrong));
    }

    @Test
    void refusesTrailersThatAreNotTheDeclaredOne() {
        String right = "x-amz-checksum-crc32:" + Checksum.CRC32.of(BODY) + "\r\n";
        Map<String, String> headers = chunked(Checksum.CRC32);
        refused("MalformedTrailerError", headers, encoded("\r\n"));
        refused("MalformedTrailerError", headers, encoded(""));
        refused(
                "MalformedTrailerError",
                headers,
                encoded("x-amz-checksum-sha1:" + Checksum.SHA1.of(BODY) + "\r\n\r\n"));
        refused("MalformedTrailerError", headers, encoded(right + right + "\r\n"));
        refused("MalformedTrailerError", headers, encoded("no colon\r\n\r\n"));
        refused("InvalidRequest", headers, encoded("x-amz-checksum-crc32:AAAA\r\n\r\n"));
        refused("IncompleteBody", headers, encoded(right + "\r\nmore"));
    }

    @Test
    void refusesBrokenFraming() {
        Map<String, String> headers = chunked(Checksum.CRC32);
        refused("IncompleteBody", headers, "");
        refused("IncompleteBody", headers, "xyz\r\n");
        refused("IncompleteBody", headers, "-1\r\n");
        refused("IncompleteBody", headers, "fffffffffffffff\r\nWelcome");
        refused("IncompleteBody", headers, "ffffffffffffffffffffffff\r\nWelcome");
        refused("IncompleteBody", headers, "1".repeat(100_000));
        refused("IncompleteBody", headers, "5;" + "x".repeat(100_000) + "\r\nWelco\r\n");
        refused("IncompleteBody", headers, "10\r\nWelcome to Amazon\r\n0\r\n\r\n");
        refused("IncompleteBody", headers, "10\r\nWelcome to Amazo\r\n0\r\n\r\n");
        refused("IncompleteBody", headers, "10\nWelcome to Amazo\n");
    }

    @Test
    void wantsTheDecodedLength() {
        refused("MissingContentLength", Map.of("x-amz-trailer", "x-amz-checksum-crc32"), "0\r\n\r\n");
        refused(
                "InvalidRequest",
                Map.of("x-amz-trailer", "x-amz-checksum-crc32", "x-amz-decoded-content-length", "-5"),
                "0\r\n\r\n");
        refused(
                "InvalidRequest",
                Map.of("x-amz-trailer", "x-amz-meta-owner", "x-amz-decoded-content-length", "5"),
                "0\r\n\r\n");
    }
}

package dev.terrane.gateway.sigv4;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.gateway.sigv4.SignatureRefused.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The signatures that AWS published.
 *
 * @see <a href="https://github.com/awslabs/aws-c-auth/tree/main/tests/aws-signing-test-suite">The signing test suite</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html">S3's examples</a>
 */
class SignatureVectorsTest {
    private static final byte[] SUITE_SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".getBytes(UTF_8);
    private static final Instant SUITE_TIME = Instant.parse("2015-08-30T12:36:00Z");
    private static final byte[] S3_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".getBytes(UTF_8);
    private static final Instant S3_TIME = Instant.parse("2013-05-24T00:00:00Z");
    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private final SigV4 verifier = new SigV4(100);

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            get-vanilla                      | GET  | /                  |                                          |                                          | 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
            get-vanilla-empty-query-key      | GET  | /                  | Param1=value1                            |                                          | a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb
            get-vanilla-query-order-key-case | GET  | /                  | Param2=value2&Param1=value1              |                                          | b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500
            get-vanilla-query-order-encoded  | GET  | /                  | Param-3=Value3&Param=Value2&%E1%88%B4=Value1 |                                      | 371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac
            get-vanilla-query-unreserved     | GET  | /                  | -._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz | | 9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197
            get-vanilla-utf8-query           | GET  | /                  | ሴ=bar                                    |                                          | 2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04
            get-unreserved                   | GET  | /-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz | |                                 | 07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f
            get-utf8                         | GET  | /ሴ                 |                                          |                                          | 8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85
            get-space                        | GET  | `/example space/`  |                                          |                                          | 652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741
            get-relative                     | GET  | /example/..        |                                          |                                          | 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
            get-relative-relative            | GET  | /example1/example2/../.. |                                    |                                          | 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
            get-slash                        | GET  | //                 |                                          |                                          | 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
            get-slash-dot-slash              | GET  | /./                |                                          |                                          | 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
            get-slash-pointless-dot          | GET  | /./example         |                                          |                                          | ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5
            get-slashes                      | GET  | //example//        |                                          |                                          | 9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84
            get-header-key-duplicate         | GET  | /                  |                                          | value2;value2;value1                     | c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea
            get-header-value-multiline       | GET  | /                  |                                          | `value1\\n  value2\\n     value3`        | ba17b383a53190154eb5fa66a1b836cc297cc0a3d70a5d00705980573d8ff790
            get-header-value-order           | GET  | /                  |                                          | value4;value1;value3;value2              | 08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01
            post-vanilla                     | POST | /                  |                                          |                                          | 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b
            post-vanilla-query               | POST | /                  | Param1=value1                            |                                          | 28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11
            """)
    void theSigningTestSuite(
            String name, String method, String path, String query, String myHeader1, String signature) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("Host", List.of("example.amazonaws.com"));
        headers.put("X-Amz-Date", List.of("20150830T123600Z"));
        String signed = "host;x-amz-date";
        if (myHeader1 != null) {
            headers.put(
                    "My-Header1", Arrays.asList(myHeader1.replace("\\n", "\n").split(";")));
            signed = "host;my-header1;x-amz-date";
        }
        headers.put(
                "Authorization",
                List.of(
                        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders="
                                + signed + ", Signature=" + signature));
        SignedRequest request = SignedRequest.of(method, path, query == null ? "" : query, headers);
        ParsedSignature claim = verifier.parse(request, SigV4.Rules.of(Dialect.QUERY));
        Verified verified = verifier.verify(claim, SUITE_SECRET, SUITE_TIME, EMPTY);
        assertThat(verified.accessKeyId()).isEqualTo("AKIDEXAMPLE");
        assertThat(verified.scope()).isEqualTo(new CredentialScope("20150830", "us-east-1", "service"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            GET an object    | GET | /test.txt           |                    | range=bytes=0-9 | f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41
            GET lifecycle    | GET | /                   | lifecycle          |                 | fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543
            list objects     | GET | /                   | max-keys=2&prefix=J |                | 34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7
            """)
    void s3Examples(String name, String method, String path, String query, String header, String signature) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        String signed = "host;x-amz-content-sha256;x-amz-date";
        if (header != null) {
            headers.put("range", List.of("bytes=0-9"));
            signed = "host;range;x-amz-content-sha256;x-amz-date";
        }
        headers.put("x-amz-content-sha256", List.of(EMPTY));
        verifyS3(method, path, query == null ? "" : query, headers, signed, signature);
    }

    @Test
    void s3PutExampleWithADollarInItsKey() {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("date", List.of("Fri, 24 May 2013 00:00:00 GMT"));
        headers.put("x-amz-storage-class", List.of("REDUCED_REDUNDANCY"));
        headers.put(
                "x-amz-content-sha256", List.of("44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"));
        verifyS3(
                "PUT",
                "/test$file.text",
                "",
                headers,
                "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
    }

    private Verified verifyS3(
            String method,
            String path,
            String query,
            Map<String, List<String>> headers,
            String signed,
            String signature) {
        headers.putIfAbsent("host", List.of("examplebucket.s3.amazonaws.com"));
        headers.put("x-amz-date", List.of("20130524T000000Z"));
        headers.put(
                "authorization",
                List.of(
                        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders="
                                + signed + ",Signature=" + signature));
        ParsedSignature claim =
                verifier.parse(SignedRequest.of(method, path, query, headers), SigV4.Rules.of(Dialect.S3));
        return verifier.verify(claim, S3_SECRET, S3_TIME);
    }

    @Test
    void s3PresignedExample() {
        String query = "X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
        SignedRequest request =
                SignedRequest.of("GET", "/test.txt", query, Map.of("Host", List.of("examplebucket.s3.amazonaws.com")));
        ParsedSignature claim = verifier.parse(request, SigV4.Rules.of(Dialect.S3));
        assertThat(claim.presigned()).isTrue();
        assertThat(verifier.verify(claim, S3_SECRET, S3_TIME.plusSeconds(86_400))
                        .payload())
                .isEqualTo(new Payload.Unsigned());
        assertThatThrownBy(() -> verifier.verify(claim, S3_SECRET, S3_TIME.plusSeconds(86_401)))
                .isInstanceOfSatisfying(SignatureRefused.class, refused -> {
                    assertThat(refused.code(Dialect.S3)).isEqualTo("AccessDenied");
                    assertThat(refused).hasMessage("Request has expired");
                });
    }

    private static Map<String, List<String>> chunkedHeaders() {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("host", List.of("s3.amazonaws.com"));
        headers.put("x-amz-storage-class", List.of("REDUCED_REDUNDANCY"));
        headers.put("x-amz-content-sha256", List.of("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"));
        headers.put("content-encoding", List.of("aws-chunked"));
        headers.put("x-amz-decoded-content-length", List.of("66560"));
        headers.put("content-length", List.of("66824"));
        return headers;
    }

    private static byte[] chunkedBody() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        chunk(body, 65_536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648");
        chunk(body, 1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497");
        chunk(body, 0, "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9");
        return body.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream body, int size, String signature) {
        body.writeBytes((Integer.toHexString(size) + ";chunk-signature=" + signature + "\r\n").getBytes(UTF_8));
        body.writeBytes("a".repeat(size).getBytes(UTF_8));
        body.writeBytes("\r\n".getBytes(UTF_8));
    }

    private InputStream openChunked(byte[] body) {
        Map<String, List<String>> headers = chunkedHeaders();
        Verified verified = verifyS3(
                "PUT",
                "/examplebucket/chunkObject.txt",
                "",
                headers,
                "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class",
                "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
        return SignedBody.of(
                SignedRequest.of("PUT", "/examplebucket/chunkObject.txt", "", headers),
                verified,
                new ByteArrayInputStream(body));
    }

    @Test
    void s3ChunkedExample() throws IOException {
        assertThat(chunkedBody()).hasSize(66_824);
        try (InputStream body = openChunked(chunkedBody())) {
            assertThat(body.readAllBytes()).hasSize(66_560).containsOnly('a');
            assertThat(body.read()).isEqualTo(-1);
        }
    }

    @Test
    void everyChangedByteOfTheChunkedExampleIsRefused() {
        byte[] body = chunkedBody();
        List<Integer> accepted = new ArrayList<>();
        for (int at = 0; at < body.length; at = at == 200 ? 65_500 : at + 1) {
            byte[] changed = body.clone();
            changed[at] ^= 1;
            try (InputStream in = openChunked(changed)) {
                in.readAllBytes();
                accepted.add(at);
            } catch (SignatureRefused | IOException refused) {
                assertThat(refused).isInstanceOf(SignatureRefused.class);
            }
        }
        assertThat(accepted).isEmpty();
    }

    @Test
    void everyTruncationOfTheChunkedExampleIsRefused() {
        byte[] body = chunkedBody();
        for (int length :
                new int[] {0, 1, 80, 87, 88, 1000, 65_700, body.length - 87, body.length - 2, body.length - 1}) {
            assertThatThrownBy(() -> openChunked(Arrays.copyOf(body, length)).readAllBytes())
                    .isInstanceOf(SignatureRefused.class);
        }
    }

    @Test
    void readingOnAfterARefusalDoesNotEndTheStream() throws IOException {
        byte[] body = chunkedBody();
        body[100] ^= 1;
        try (InputStream in = openChunked(body)) {
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOfSatisfying(
                            SignatureRefused.class,
                            refused -> assertThat(refused.kind()).isEqualTo(Kind.MISMATCH));
            assertThatThrownBy(in::read).isInstanceOf(IOException.class);
        }
    }
}

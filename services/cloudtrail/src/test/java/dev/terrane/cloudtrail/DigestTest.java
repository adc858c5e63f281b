package dev.terrane.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.testkit.TestServer;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudtrail.model.PublicKey;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;

/** Digests of log files, by the documentation of custom implementations of their validation. */
final class DigestTest {
    private final TrailFixture fixture = new TrailFixture();
    private final TestServer server = fixture.server();

    @AfterEach
    void stop() {
        assertThat(server.faults()).isEmpty();
        fixture.close();
    }

    @Test
    void digestsAreChainedAndSigned() throws GeneralSecurityException {
        fixture.trail()
                .createTrail(
                        r -> r.name("first").s3BucketName(TrailFixture.BUCKET).enableLogFileValidation(true));
        fixture.trail().startLogging(r -> r.name("first"));
        assertThat(fixture.digests(1).getFirst())
                .matches("AWSLogs/123456789012/CloudTrail-Digest/us-east-1/2026/03/0\\d/"
                        + "123456789012_CloudTrail-Digest_us-east-1_first_us-east-1_2026030\\dT\\d{6}Z\\.json\\.gz");
        server.restart();
        server.client(KmsClient.class).createKey(r -> {});
        List<String> keys = fixture.digests(2);
        JsonNode first = RecordCodec.json().readTree(fixture.read(keys.get(0)));
        JsonNode second = RecordCodec.json().readTree(fixture.read(keys.get(1)));
        assertThat(first.get("previousDigestS3Object").isNull()).isTrue();
        assertThat(first.get("digestStartTime").stringValue()).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(first.get("logFiles").size()).isEqualTo(1);
        JsonNode file = first.get("logFiles").get(0);
        assertThat(hash(fixture.read(file.get("s3Object").stringValue())))
                .isEqualTo(file.get("hashValue").stringValue());
        assertThat(second.get("previousDigestS3Object").stringValue()).isEqualTo(keys.get(0));
        assertThat(second.get("previousDigestHashValue").stringValue()).isEqualTo(hash(fixture.read(keys.get(0))));
        assertThat(second.get("digestStartTime")).isEqualTo(first.get("digestEndTime"));
        assertSigned(keys.get(0), first, "null");
        assertSigned(keys.get(1), second, second.get("previousDigestSignature").stringValue());
        assertThat(fixture.trail().getTrailStatus(r -> r.name("first")).latestDigestDeliveryTime())
                .isNotNull();
    }

    private void assertSigned(String key, JsonNode digest, String previous) throws GeneralSecurityException {
        Map<String, String> metadata = server.client(S3Client.class)
                .headObject(r -> r.bucket(TrailFixture.BUCKET).key(key))
                .metadata();
        assertThat(metadata).containsEntry("signature-algorithm", "SHA256withRSA");
        PublicKey found = fixture.trail()
                .listPublicKeys(r -> r.startTime(TestServer.START)
                        .endTime(server.clock().instant().plus(Duration.ofHours(1))))
                .publicKeyList()
                .getFirst();
        assertThat(digest.get("digestPublicKeyFingerprint").stringValue()).isEqualTo(found.fingerprint());
        Signature verifier = Signature.getInstance("SHA256withRSA");
        verifier.initVerify(
                KeyFactory.getInstance("RSA").generatePublic(pkcs1(found.value().asByteArray())));
        verifier.update(String.join(
                        "\n",
                        digest.get("digestEndTime").stringValue(),
                        TrailFixture.BUCKET + "/" + key,
                        hash(fixture.read(key)),
                        previous)
                .getBytes(StandardCharsets.UTF_8));
        assertThat(verifier.verify(HexFormat.of().parseHex(metadata.get("signature"))))
                .isTrue();
    }

    /** The two numbers of an RSAPublicKey in DER. */
    private static RSAPublicKeySpec pkcs1(byte[] der) {
        ByteBuffer bytes = ByteBuffer.wrap(der);
        bytes.get();
        length(bytes);
        return new RSAPublicKeySpec(number(bytes), number(bytes));
    }

    private static BigInteger number(ByteBuffer bytes) {
        bytes.get();
        byte[] number = new byte[length(bytes)];
        bytes.get(number);
        return new BigInteger(number);
    }

    private static int length(ByteBuffer bytes) {
        int first = bytes.get() & 0xff;
        int length = first;
        if (first > 0x80) {
            ByteArrayOutputStream digits = new ByteArrayOutputStream();
            for (int i = 0; i < (first & 0x7f); i++) {
                digits.write(bytes.get());
            }
            length = new BigInteger(1, digits.toByteArray()).intValueExact();
        }
        return length;
    }

    private static String hash(String text) throws GeneralSecurityException {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}

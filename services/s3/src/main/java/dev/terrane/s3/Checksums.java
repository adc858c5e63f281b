package dev.terrane.s3;

import dev.terrane.kernel.checksum.Checksum;
import dev.terrane.s3.ObjectRecord.StoredChecksum;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * What clients declare of the bytes they send, and what S3 tells of the bytes it keeps. The members of requests and responses have
 * the same names everywhere, so they are found by name.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html">Object integrity</a>
 */
final class Checksums {
    /** What S3 computes when a client names no algorithm. */
    static final Checksum DEFAULT = Checksum.CRC64NVME;

    private static final String MEMBER = "Checksum";

    private Checksums() {}

    /**
     * What a request says of its body.
     *
     * @param value the checksum expected, in base64
     * @param asked whether the client named an algorithm
     */
    record Declared(Optional<byte[]> md5, Checksum algorithm, Optional<String> value, boolean asked) {
        /** Refuses a body that is not what was declared. */
        void verify(Received received) {
            md5.ifPresent(expected -> {
                if (!java.util.Arrays.equals(expected, received.md5())) {
                    throw S3Errors.of(
                            "BadDigest", 400, "The Content-MD5 you specified did not match what we received.");
                }
            });
            value.ifPresent(expected -> {
                if (!expected.equals(received.checksum())) {
                    throw S3Errors.of(
                            "BadDigest",
                            400,
                            "The " + algorithm + " you specified did not match the calculated checksum.");
                }
            });
        }
    }

    /** Reads what a request declares. */
    static Declared declared(S3Request request) {
        Map<Checksum, String> values = values(request);
        if (values.size() > 1) {
            throw S3Errors.invalidRequest(
                    "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
        }
        Optional<byte[]> md5 = request.getValueForField("ContentMD5", String.class)
                .map(text -> Checksum.MD5
                        .parse(text)
                        .orElseThrow(
                                () -> S3Errors.of("InvalidDigest", 400, "The Content-MD5 you specified was invalid.")));
        Optional<Checksum> named =
                request.getValueForField("ChecksumAlgorithm", String.class).map(Checksums::algorithm);
        for (Map.Entry<Checksum, String> value : values.entrySet()) {
            Checksum algorithm = value.getKey();
            if (algorithm.parse(value.getValue()).isEmpty()) {
                throw S3Errors.invalidRequest("Value for " + algorithm.header() + " header is invalid.");
            }
            if (named.isPresent() && named.get() != algorithm) {
                throw S3Errors.invalidRequest(
                        "Value for x-amz-sdk-checksum-algorithm header is invalid: it differs from "
                                + algorithm.header());
            }
            return new Declared(md5, algorithm, Optional.of(value.getValue()), true);
        }
        return new Declared(md5, named.orElse(DEFAULT), Optional.empty(), named.isPresent());
    }

    static Checksum algorithm(String name) {
        return Checksum.ofName(name)
                .orElseThrow(() -> S3Errors.invalidRequest(
                        "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32,"
                                + " CRC32C, CRC64NVME, SHA1, SHA256]"));
    }

    /** The checksums that a request carries, by algorithm. */
    static Map<Checksum, String> values(S3Request request) {
        Map<Checksum, String> values = new LinkedHashMap<>();
        for (Checksum algorithm : Checksum.values()) {
            if (algorithm != Checksum.MD5) {
                request.getValueForField(MEMBER + algorithm.name(), String.class)
                        .ifPresent(value -> values.put(algorithm, value));
            }
        }
        return values;
    }

    /** Sets the checksum, and its type, of a response or result that is being built. */
    static void tell(SdkPojo builder, Optional<StoredChecksum> checksum) {
        checksum.ifPresent(stored -> {
            String member = MEMBER + stored.algorithm();
            for (SdkField<?> field : builder.sdkFields()) {
                if (field.memberName().equals(member)) {
                    field.set(builder, stored.value());
                } else if (field.memberName().equals("ChecksumType")) {
                    field.set(builder, type(stored.composite()));
                }
            }
        });
    }

    static String type(boolean composite) {
        return composite ? "COMPOSITE" : "FULL_OBJECT";
    }

    static String hex(byte[] md5) {
        return java.util.HexFormat.of().formatHex(md5).toLowerCase(Locale.ROOT);
    }

    static byte[] bytes(String base64) {
        return Base64.getDecoder().decode(base64);
    }
}

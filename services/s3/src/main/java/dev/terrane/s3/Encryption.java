package dev.terrane.s3;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.s3.BucketRecord.DefaultEncryption;
import dev.terrane.s3.ObjectRecord.Sse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;
import software.amazon.awssdk.services.s3.model.S3Request;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/**
 * Server-side encryption. With SSE-S3 an object is encrypted by the blob store and the store, as everything is. With SSE-KMS its bytes are moreover
 * encrypted under a data key that only KMS can decrypt, as the caller.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html">SSE-KMS</a>
 */
final class Encryption {
    private static final String AWS_MANAGED = "alias/aws/s3";
    private static final Actor CALLER = new Actor.Forwarded("s3.amazonaws.com");

    private final Clients clients;

    Encryption(Clients clients) {
        this.clients = clients;
    }

    /** How an object that is being written is encrypted. */
    record Sealing(Sse sse, Optional<DataKey> key) {}

    /** Refuses keys that a client keeps itself, wherever a request has members for them. */
    static void refuseCustomerKeys(S3Request request) {
        if (request.getValueForField("SSECustomerAlgorithm", String.class).isPresent()
                || request.getValueForField("SSECustomerKey", String.class).isPresent()
                || request.getValueForField("CopySourceSSECustomerAlgorithm", String.class)
                        .isPresent()) {
            throw S3Errors.notImplemented("x-amz-server-side-encryption-customer-algorithm");
        }
    }

    /** Begins to encrypt an object as the request says, or else the bucket. */
    Sealing begin(BucketRecord bucket, String key, S3Request request) {
        DefaultEncryption wanted = wanted(bucket, request);
        if (!wanted.algorithm().equals("aws:kms")) {
            return new Sealing(Sse.S3, Optional.empty());
        }
        Map<String, String> context = context(request);
        context.put("aws:s3:arn", wanted.bucketKey() ? bucket.arn() : bucket.arn(key));
        String keyId = wanted.kmsKey().isEmpty() ? AWS_MANAGED : wanted.kmsKey();
        GenerateDataKeyResponse fresh = asked(() -> clients.client(KmsClient.class, CALLER)
                .generateDataKey(
                        data -> data.keyId(keyId).keySpec(DataKeySpec.AES_256).encryptionContext(context)));
        return new Sealing(
                new Sse(
                        "aws:kms",
                        fresh.keyId(),
                        fresh.ciphertextBlob().asByteArray(),
                        Map.copyOf(context),
                        wanted.bucketKey()),
                Optional.of(new DataKey(fresh.plaintext().asByteArray())));
    }

    /** The data key of a stored object, which needs the caller's right to decrypt; empty where the object has none. */
    Optional<DataKey> open(Sse sse) {
        if (!sse.kms()) {
            return Optional.empty();
        }
        return Optional.of(new DataKey(asked(() -> clients.client(KmsClient.class, CALLER)
                        .decrypt(request -> request.ciphertextBlob(SdkBytes.fromByteArray(sse.dataKey()))
                                .keyId(sse.kmsKey())
                                .encryptionContext(sse.context())))
                .plaintext()
                .asByteArray()));
    }

    private static DefaultEncryption wanted(BucketRecord bucket, S3Request request) {
        refuseCustomerKeys(request);
        Optional<String> algorithm = request.getValueForField("ServerSideEncryption", String.class);
        Optional<String> keyId = request.getValueForField("SSEKMSKeyId", String.class);
        Optional<Boolean> bucketKey = request.getValueForField("BucketKeyEnabled", Boolean.class);
        if (algorithm.isEmpty()) {
            if (keyId.isPresent()) {
                throw S3Errors.invalidArgument("Server Side Encryption with AWS KMS managed key requires HTTP header"
                        + " x-amz-server-side-encryption : aws:kms");
            }
            DefaultEncryption set = bucket.encryption();
            return new DefaultEncryption(set.algorithm(), set.kmsKey(), bucketKey.orElse(set.bucketKey()));
        }
        checkAlgorithm(algorithm.get(), keyId.isPresent());
        return new DefaultEncryption(
                algorithm.get(),
                keyId.orElse(""),
                bucketKey.orElse(bucket.encryption().bucketKey()));
    }

    /** Refuses an algorithm that is not there, and a key without one that uses it. */
    static void checkAlgorithm(String algorithm, boolean hasKey) {
        switch (algorithm) {
            case "aws:kms" -> {}
            case "AES256" -> {
                if (hasKey) {
                    throw S3Errors.invalidArgument(
                            "Server Side Encryption with AWS KMS managed key requires HTTP header"
                                    + " x-amz-server-side-encryption : aws:kms");
                }
            }
            case "aws:kms:dsse", "aws:fsx" -> throw S3Errors.notImplemented("server-side encryption " + algorithm);
            default ->
                throw S3Errors.of(
                        "InvalidEncryptionAlgorithmError",
                        400,
                        "The Encryption request you specified is not valid. Supported value: AES256, aws:kms.");
        }
    }

    /** The client's own encryption context: base64 of a JSON object of strings. */
    private static Map<String, String> context(S3Request request) {
        Optional<String> given = request.getValueForField("SSEKMSEncryptionContext", String.class);
        if (given.isEmpty()) {
            return new HashMap<>();
        }
        try {
            String json = new String(Base64.getDecoder().decode(given.get()), StandardCharsets.UTF_8);
            return new HashMap<>(RecordCodec.json().readValue(json, new TypeReference<Map<String, String>>() {}));
        } catch (IllegalArgumentException | JacksonException e) {
            throw S3Errors.invalidArgument("The header 'x-amz-server-side-encryption-context' shall be Base64-encoded"
                    + " UTF-8 string holding JSON which represents a string-string map");
        }
    }

    /** Asks KMS; its errors become S3's. */
    private static <T> T asked(Supplier<T> call) {
        try {
            return call.get();
        } catch (AwsServiceException e) {
            String code = e.awsErrorDetails() == null
                    ? "InternalException"
                    : e.awsErrorDetails().errorCode();
            if (code.startsWith("AccessDenied")) {
                throw S3Errors.accessDenied(AwsErrors.message(e));
            }
            throw S3Errors.of(code.startsWith("KMS.") ? code : "KMS." + code, 400, AwsErrors.message(e));
        }
    }
}

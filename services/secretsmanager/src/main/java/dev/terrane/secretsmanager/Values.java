package dev.terrane.secretsmanager;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.secret.MasterKey;
import dev.terrane.kernel.secret.MasterKey.Sealer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;
import software.amazon.awssdk.services.secretsmanager.model.DecryptionFailureException;
import software.amazon.awssdk.services.secretsmanager.model.EncryptionFailureException;

/**
 * Values, each encrypted under a data key of its own that KMS makes and opens as the caller, bound to secret and version.
 *
 * @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html">Secret encryption and decryption</a>
 */
final class Values {
    private static final String DEFAULT_KEY = "alias/aws/secretsmanager";
    private static final Actor CALLER = new Actor.Forwarded("secretsmanager.amazonaws.com");

    private final Clients clients;
    private final Sealer digests;

    Values(Clients clients, MasterKey masterKey) {
        this.clients = clients;
        this.digests = masterKey.sealer("secretsmanager-digests");
    }

    /** A value as requests and answers have it: text or bytes. */
    record Value(boolean binary, byte[] bytes) {
        static Optional<Value> of(@Nullable String text, @Nullable SdkBytes bytes) {
            if (text != null && bytes != null) {
                throw Refusals.parameter("You can't specify both a binary secret value and a string secret value in the"
                        + " same secret.");
            }
            return text != null
                    ? Optional.of(new Value(false, text.getBytes(StandardCharsets.UTF_8)))
                    : Optional.ofNullable(bytes).map(b -> new Value(true, b.asByteArray()));
        }

        @Nullable
        String text() {
            return binary ? null : new String(bytes, StandardCharsets.UTF_8);
        }

        @Nullable
        SdkBytes binaryOrNull() {
            return binary ? SdkBytes.fromByteArray(bytes) : null;
        }
    }

    VersionRecord seal(String secretArn, String versionId, String kmsKeyId, Value value, Instant now) {
        String keyId = kmsKeyId.isEmpty() ? DEFAULT_KEY : kmsKeyId;
        Map<String, String> context = context(secretArn, versionId);
        try {
            GenerateDataKeyResponse key = clients.client(KmsClient.class, CALLER)
                    .generateDataKey(
                            r -> r.keyId(keyId).keySpec(DataKeySpec.AES_256).encryptionContext(context));
            byte[] sealed = Sealer.of(key.plaintext().asByteArray())
                    .seal(value.bytes(), VersionRecord.key(secretArn, versionId).getBytes(StandardCharsets.UTF_8));
            return new VersionRecord(
                    secretArn,
                    versionId,
                    value.binary(),
                    key.ciphertextBlob(),
                    SdkBytes.fromByteArrayUnsafe(sealed),
                    digest(value),
                    key.keyId(),
                    now);
        } catch (AwsServiceException e) {
            throw refused(
                    e,
                    message -> EncryptionFailureException.builder()
                            .message(message)
                            .build());
        }
    }

    Value open(VersionRecord version) {
        try {
            byte[] key = clients.client(KmsClient.class, CALLER)
                    .decrypt(r -> r.ciphertextBlob(version.dataKey())
                            .encryptionContext(context(version.secretArn(), version.versionId())))
                    .plaintext()
                    .asByteArray();
            byte[] plain = Sealer.of(key)
                    .open(
                            version.sealed().asByteArrayUnsafe(),
                            VersionRecord.key(version.secretArn(), version.versionId())
                                    .getBytes(StandardCharsets.UTF_8));
            return new Value(version.binary(), plain);
        } catch (AwsServiceException e) {
            throw refused(
                    e,
                    message -> DecryptionFailureException.builder()
                            .message(message)
                            .build());
        }
    }

    /** Whether a version holds this very value, told without opening it. */
    boolean same(VersionRecord version, Value value) {
        return version.digest().equals(digest(value));
    }

    private String digest(Value value) {
        return (value.binary() ? "b" : "t") + HexFormat.of().formatHex(digests.mac(value.bytes()));
    }

    private static Map<String, String> context(String secretArn, String versionId) {
        return Map.of("SecretARN", secretArn, "SecretVersionId", versionId);
    }

    private static RuntimeException refused(AwsServiceException e, Function<String, RuntimeException> failure) {
        String code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
        return code.startsWith("AccessDenied")
                ? AwsErrors.accessDenied("Access to KMS is not allowed. " + AwsErrors.message(e))
                : failure.apply("The KMS key cannot be used: " + AwsErrors.message(e));
    }
}

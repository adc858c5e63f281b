package dev.terrane.ssm;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.secret.MasterKey.Sealer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;
import software.amazon.awssdk.services.ssm.model.InvalidKeyIdException;

/**
 * Values of {@code SecureString} parameters: encrypted by KMS as the caller, whose permission on the key decides, with the parameter's ARN as
 * context. Values of the advanced tier may be longer than KMS encrypts, so they are encrypted under a data key.
 *
 * @see <a href="https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html">How Parameter Store uses KMS</a>
 */
final class SecureValues {
    static final String DEFAULT_KEY = "alias/aws/ssm";

    private static final Actor CALLER = new Actor.Forwarded("ssm.amazonaws.com");

    private final Clients clients;

    SecureValues(Clients clients) {
        this.clients = clients;
    }

    String encrypt(String name, String keyId, String tier, String value) {
        byte[] plain = value.getBytes(StandardCharsets.UTF_8);
        byte[] sealed = asked(
                () -> tier.equals(VersionRecord.ADVANCED) ? seal(name, keyId, plain) : encrypt(name, keyId, plain));
        return Base64.getEncoder().encodeToString(sealed);
    }

    String decrypt(VersionRecord version) {
        byte[] sealed = Base64.getDecoder().decode(version.value());
        byte[] plain = asked(() -> version.tier().equals(VersionRecord.ADVANCED)
                ? open(version.name(), sealed)
                : decrypt(version.name(), sealed));
        return new String(plain, StandardCharsets.UTF_8);
    }

    private byte[] encrypt(String name, String keyId, byte[] plain) {
        return kms().encrypt(request -> request.keyId(keyId)
                        .plaintext(SdkBytes.fromByteArray(plain))
                        .encryptionContext(context(name)))
                .ciphertextBlob()
                .asByteArray();
    }

    private byte[] decrypt(String name, byte[] blob) {
        return kms().decrypt(request ->
                        request.ciphertextBlob(SdkBytes.fromByteArray(blob)).encryptionContext(context(name)))
                .plaintext()
                .asByteArray();
    }

    /** The encrypted data key, with its length before it, and the value sealed under the key. */
    private byte[] seal(String name, String keyId, byte[] plain) {
        GenerateDataKeyResponse key = kms().generateDataKey(request ->
                request.keyId(keyId).keySpec(DataKeySpec.AES_256).encryptionContext(context(name)));
        byte[] blob = key.ciphertextBlob().asByteArray();
        byte[] sealed = Sealer.of(key.plaintext().asByteArray()).seal(plain, bytes(arn(name)));
        return ByteBuffer.allocate(Integer.BYTES + blob.length + sealed.length)
                .putInt(blob.length)
                .put(blob)
                .put(sealed)
                .array();
    }

    private byte[] open(String name, byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        byte[] blob = new byte[buffer.getInt()];
        buffer.get(blob);
        byte[] sealed = new byte[buffer.remaining()];
        buffer.get(sealed);
        return Sealer.of(decrypt(name, blob)).open(sealed, bytes(arn(name)));
    }

    private KmsClient kms() {
        return clients.client(KmsClient.class, CALLER);
    }

    private static Map<String, String> context(String name) {
        return Map.of("PARAMETER_ARN", arn(name));
    }

    private static String arn(String name) {
        return ParameterName.arn(Call.current().scope(), name);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Asks KMS: that the caller may not stays what it is, all else is a key that cannot be used. */
    private static <T> T asked(Supplier<T> call) {
        try {
            return call.get();
        } catch (AwsServiceException e) {
            String code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
            if (code.startsWith("AccessDenied")) {
                throw AwsErrors.accessDenied(AwsErrors.message(e));
            }
            throw InvalidKeyIdException.builder()
                    .message(AwsErrors.message(e))
                    .cause(e)
                    .build();
        }
    }
}

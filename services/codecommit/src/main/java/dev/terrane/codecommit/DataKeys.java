package dev.terrane.codecommit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.secret.MasterKey.Sealer;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.codecommit.model.EncryptionKeyAccessDeniedException;
import software.amazon.awssdk.services.codecommit.model.EncryptionKeyDisabledException;
import software.amazon.awssdk.services.codecommit.model.EncryptionKeyInvalidIdException;
import software.amazon.awssdk.services.codecommit.model.EncryptionKeyInvalidUsageException;
import software.amazon.awssdk.services.codecommit.model.EncryptionKeyNotFoundException;
import software.amazon.awssdk.services.codecommit.model.EncryptionKeyUnavailableException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;

/**
 * Data keys of KMS, one a repository, bound to the repository by the encryption context that AWS documents ("KMS and encryption for
 * CodeCommit repositories"). CodeCommit asks for them in the name of its caller, who needs the right to use a customer's key; in its own
 * name where nobody waits. A key once opened is kept in memory for five minutes for each caller: so long may a repository be read after its
 * KMS key was disabled.
 */
final class DataKeys {
    /** The key that is used when the caller names none. */
    static final String DEFAULT = "alias/aws/codecommit";

    private static final String SERVICE = "codecommit.amazonaws.com";
    private static final Duration KEPT = Duration.ofMinutes(5);

    private final Clients clients;
    private final Cache<String, Sealer> opened;

    DataKeys(Clients clients, Clock clock) {
        this.clients = clients;
        this.opened = Caffeine.newBuilder()
                .maximumSize(1_000)
                .expireAfterWrite(KEPT)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    /**
     * Makes a data key for a repository.
     *
     * @param kmsKeyId as the caller named it: an id, an ARN, an alias
     */
    DataKey generate(Scope scope, String repositoryName, String repositoryId, String kmsKeyId) {
        try {
            GenerateDataKeyResponse made = kms(scope, repositoryName)
                    .generateDataKey(r ->
                            r.keyId(kmsKeyId).keySpec(DataKeySpec.AES_256).encryptionContext(context(repositoryId)));
            return new DataKey(
                    made.keyId(),
                    Base64.getEncoder().encodeToString(made.ciphertextBlob().asByteArray()));
        } catch (UnsupportedOperationException e) {
            return withoutKms(scope, kmsKeyId, e);
        } catch (AwsServiceException e) {
            if (code(e).equals("NotImplemented")) {
                return withoutKms(scope, kmsKeyId, e);
            }
            throw translate(e);
        }
    }

    /** On a server without KMS there is the blob layer's encryption, which needs none; but a key that was named is not left out. */
    private static DataKey withoutKms(Scope scope, String kmsKeyId, RuntimeException e) {
        if (kmsKeyId.equals(DEFAULT)) {
            return new DataKey(
                    Arn.of("kms", scope.region(), scope.account(), DEFAULT).toString(), "");
        }
        throw refuse(e, "The key " + kmsKeyId + " cannot be used: this server has no KMS");
    }

    private static String code(AwsServiceException e) {
        return e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
    }

    /** What seals and opens packs under a data key; empty where there is none. */
    Optional<Sealer> sealer(Scope scope, String repositoryId, DataKey key) {
        return key.present()
                ? Optional.of(opened.get(
                        Call.current().principal().arn() + " " + key.ciphertext(),
                        reader -> open(scope, repositoryId, key)))
                : Optional.empty();
    }

    private Sealer open(Scope scope, String repositoryId, DataKey key) {
        try {
            byte[] plain = kms(scope, "*")
                    .decrypt(r -> r.ciphertextBlob(
                                    SdkBytes.fromByteArray(Base64.getDecoder().decode(key.ciphertext())))
                            .keyId(key.kmsKeyId())
                            .encryptionContext(context(repositoryId)))
                    .plaintext()
                    .asByteArray();
            return Sealer.of(plain);
        } catch (UnsupportedOperationException e) {
            throw refuse(e, "KMS is not there");
        } catch (AwsServiceException e) {
            throw translate(e);
        }
    }

    private KmsClient kms(Scope scope, String repositoryName) {
        return clients.client(
                KmsClient.class,
                Call.current().principal() instanceof Principal.Service
                        ? new Actor.Service(SERVICE, scope, Repositories.arn(scope, repositoryName))
                        : new Actor.Forwarded(SERVICE));
    }

    private static Map<String, String> context(String repositoryId) {
        return Map.of("aws:codecommit:id", repositoryId);
    }

    private static RuntimeException translate(AwsServiceException e) {
        String message = AwsErrors.message(e);
        return switch (code(e)) {
            case "NotFoundException" ->
                EncryptionKeyNotFoundException.builder()
                        .message(message)
                        .cause(e)
                        .build();
            case "DisabledException", "KMSInvalidStateException" ->
                EncryptionKeyDisabledException.builder()
                        .message(message)
                        .cause(e)
                        .build();
            case "AccessDeniedException" ->
                EncryptionKeyAccessDeniedException.builder()
                        .message(message)
                        .cause(e)
                        .build();
            case "InvalidKeyUsageException" ->
                EncryptionKeyInvalidUsageException.builder()
                        .message(message)
                        .cause(e)
                        .build();
            case "InvalidArnException", "ValidationException" ->
                EncryptionKeyInvalidIdException.builder()
                        .message(message)
                        .cause(e)
                        .build();
            default -> refuse(e, message);
        };
    }

    private static RuntimeException refuse(RuntimeException e, String message) {
        return EncryptionKeyUnavailableException.builder()
                .message(message)
                .cause(e)
                .build();
    }
}

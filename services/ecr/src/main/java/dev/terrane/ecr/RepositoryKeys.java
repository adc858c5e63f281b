package dev.terrane.ecr;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.error.AwsErrors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ecr.model.EncryptionConfiguration;
import software.amazon.awssdk.services.ecr.model.EncryptionType;
import software.amazon.awssdk.services.ecr.model.KmsException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;

/**
 * The KMS keys of repositories, looked at with the rights of whoever makes a repository.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html">Encryption at rest</a>
 */
final class RepositoryKeys {
    private static final String DEFAULT = "alias/aws/ecr";
    private static final Actor CALLER = new Actor.Forwarded("ecr.amazonaws.com");

    private final Clients clients;

    RepositoryKeys(Clients clients) {
        this.clients = clients;
    }

    /** What a new repository is encrypted with: the key by its ARN, where there is one. */
    EncryptionConfiguration checked(Scope scope, @Nullable EncryptionConfiguration asked) {
        if (asked == null) {
            return EncryptionConfiguration.builder()
                    .encryptionType(EncryptionType.AES256)
                    .build();
        }
        if (asked.encryptionType() == EncryptionType.AES256) {
            if (asked.kmsKey() != null) {
                throw Refusals.parameter(
                        "encryptionConfiguration", "kmsKey cannot be specified with encryption type AES256");
            }
            return asked;
        }
        String key = asked.kmsKey() == null ? DEFAULT : asked.kmsKey();
        try {
            KeyMetadata found = clients.client(KmsClient.class, CALLER, scope.region())
                    .describeKey(r -> r.keyId(key))
                    .keyMetadata();
            if (!found.enabled()) {
                throw refused(
                        found.arn() + " is " + found.keyStateAsString() + ".",
                        found.keyStateAsString().equals("Disabled") ? "DisabledException" : "KMSInvalidStateException");
            }
            if (found.keyUsage() != KeyUsageType.ENCRYPT_DECRYPT || found.keySpec() != KeySpec.SYMMETRIC_DEFAULT) {
                throw refused(found.arn() + " is not a symmetric encryption KMS key.", "InvalidKeyUsageException");
            }
            return asked.toBuilder().kmsKey(found.arn()).build();
        } catch (KmsException refusal) {
            throw refusal;
        } catch (UnsupportedOperationException e) {
            throw refused("This server has no KMS", "NotImplemented");
        } catch (AwsServiceException e) {
            throw refused(
                    AwsErrors.message(e),
                    e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode());
        }
    }

    private static KmsException refused(String message, String code) {
        return KmsException.builder().message(message).kmsError(code).build();
    }
}

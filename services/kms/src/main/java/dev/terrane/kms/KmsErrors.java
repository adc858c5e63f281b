package dev.terrane.kms;

import dev.terrane.kernel.error.AwsErrors;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.DryRunOperationException;
import software.amazon.awssdk.services.kms.model.InvalidArnException;
import software.amazon.awssdk.services.kms.model.InvalidKeyUsageException;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.RecipientInfo;
import software.amazon.awssdk.services.kms.model.UnsupportedOperationException;

/** KMS's refusals in its own words. */
final class KmsErrors {
    private KmsErrors() {}

    static RuntimeException noKey(String arn) {
        return notFound("Key '" + arn + "' does not exist");
    }

    static RuntimeException noAlias(String arn) {
        return notFound("Alias " + arn + " is not found.");
    }

    static RuntimeException notFound(String message) {
        return NotFoundException.builder().message(message).build();
    }

    static RuntimeException invalidArn(String message) {
        return InvalidArnException.builder().message(message).build();
    }

    static RuntimeException disabled(String arn) {
        return DisabledException.builder().message(arn + " is disabled.").build();
    }

    static RuntimeException state(String message) {
        return KmsInvalidStateException.builder().message(message).build();
    }

    static RuntimeException usage(String message) {
        return InvalidKeyUsageException.builder().message(message).build();
    }

    static RuntimeException unsupported(String message) {
        return UnsupportedOperationException.builder().message(message).build();
    }

    /** A member that the model does not require, but that a request like this one needs. */
    static RuntimeException missing(String member) {
        return AwsErrors.of(
                "ValidationException",
                400,
                "1 validation error detected: Value null at '" + member
                        + "' failed to satisfy constraint: Member must not be null");
    }

    /** Ends an operation that was only to be tried. */
    static void endDryRun(@org.jspecify.annotations.Nullable Boolean dryRun) {
        if (Boolean.TRUE.equals(dryRun)) {
            throw DryRunOperationException.builder()
                    .message("The request would have succeeded, but the DryRun option is set.")
                    .build();
        }
    }

    static void refuseRecipient(@org.jspecify.annotations.Nullable RecipientInfo recipient) {
        if (recipient != null) {
            throw unsupported("Recipients in AWS Nitro Enclaves are not supported here.");
        }
    }
}

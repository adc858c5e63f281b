package dev.terrane.iam;

import dev.terrane.kernel.error.AwsErrors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.iam.model.DeleteConflictException;
import software.amazon.awssdk.services.iam.model.EntityAlreadyExistsException;
import software.amazon.awssdk.services.iam.model.InvalidInputException;
import software.amazon.awssdk.services.iam.model.LimitExceededException;
import software.amazon.awssdk.services.iam.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.UnmodifiableEntityException;

/** IAM's errors in IAM's words. */
final class Refusals {
    private Refusals() {}

    static NoSuchEntityException noSuchEntity(String message) {
        return NoSuchEntityException.builder().message(message).build();
    }

    static NoSuchEntityException noSuch(Kind kind, String name) {
        return noSuchEntity("The " + kind.word() + " with name " + name + " cannot be found.");
    }

    static EntityAlreadyExistsException alreadyExists(String message) {
        return EntityAlreadyExistsException.builder().message(message).build();
    }

    static EntityAlreadyExistsException alreadyExists(Kind kind, String name) {
        return alreadyExists(kind.title() + " with name " + name + " already exists.");
    }

    static DeleteConflictException conflict(String message) {
        return DeleteConflictException.builder().message(message).build();
    }

    static LimitExceededException limit(String message) {
        return LimitExceededException.builder().message(message).build();
    }

    static LimitExceededException quota(String quota, int value) {
        return limit("Cannot exceed quota for " + quota + ": " + value);
    }

    static InvalidInputException invalid(String message) {
        return InvalidInputException.builder().message(message).build();
    }

    static MalformedPolicyDocumentException malformed(String message) {
        return MalformedPolicyDocumentException.builder().message(message).build();
    }

    static AwsServiceException validation(String message) {
        return AwsErrors.of("ValidationError", 400, message);
    }

    static UnmodifiableEntityException protectedRole(String name) {
        return UnmodifiableEntityException.builder()
                .message("Cannot perform the operation on the protected role '" + name
                        + "' - this role is only modifiable by AWS")
                .build();
    }
}

package dev.terrane.cloudcontrol;

import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.resource.HandlerErrors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudcontrol.model.AlreadyExistsException;
import software.amazon.awssdk.services.cloudcontrol.model.ClientTokenConflictException;
import software.amazon.awssdk.services.cloudcontrol.model.ConcurrentOperationException;
import software.amazon.awssdk.services.cloudcontrol.model.InvalidRequestException;
import software.amazon.awssdk.services.cloudcontrol.model.NotUpdatableException;
import software.amazon.awssdk.services.cloudcontrol.model.RequestTokenNotFoundException;
import software.amazon.awssdk.services.cloudcontrol.model.ResourceConflictException;
import software.amazon.awssdk.services.cloudcontrol.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cloudcontrol.model.ServiceInternalErrorException;
import software.amazon.awssdk.services.cloudcontrol.model.ServiceLimitExceededException;
import software.amazon.awssdk.services.cloudcontrol.model.ThrottlingException;
import software.amazon.awssdk.services.cloudcontrol.model.TypeNotFoundException;
import software.amazon.awssdk.services.cloudcontrol.model.UnsupportedActionException;

/** What Cloud Control API refuses, in its words. */
final class Refusals {
    private Refusals() {}

    static AwsServiceException typeNotFound(String typeName) {
        return TypeNotFoundException.builder()
                .message("The type '" + typeName + "' cannot be found.")
                .build();
    }

    static AwsServiceException unsupported(String typeName, String action) {
        return UnsupportedActionException.builder()
                .message("Resource type " + typeName + " does not support " + action + " action")
                .build();
    }

    static AwsServiceException noRequest(String token) {
        return RequestTokenNotFoundException.builder()
                .message("Request with token " + token + " was not found")
                .build();
    }

    static AwsServiceException over(RequestRecord request) {
        return AwsErrors.validation("Request with token " + request.token() + " cannot be cancelled: its status is "
                + request.progress().status());
    }

    static AwsServiceException clientTokenConflict(String token) {
        return ClientTokenConflictException.builder()
                .message("The client token " + token + " has already been used in another resource request")
                .build();
    }

    static AwsServiceException concurrent(String typeName, String identifier, String request) {
        return ConcurrentOperationException.builder()
                .message("Another operation on resource of type " + typeName + " with identifier " + identifier
                        + " is in progress: request token " + request)
                .build();
    }

    static AwsServiceException notUpdatable(String kind, String paths) {
        return NotUpdatableException.builder()
                .message("Invalid patch update: " + kind + " [" + paths + "] cannot be updated")
                .build();
    }

    static AwsServiceException missingInModel(String typeName, String property) {
        return InvalidRequestException.builder()
                .message("Missing or invalid ResourceModel property in " + typeName
                        + " list handler request input.Required property: (#: required key [" + property
                        + "] not found)")
                .build();
    }

    static String notFound(String typeName, String identifier) {
        return "Resource of type '" + typeName + "' with identifier '" + identifier + "' was not found.";
    }

    /** What a handler answered to an operation that waits for it.
     *
     * @param code of the service */
    static AwsServiceException handler(String typeName, String code, String message, String token) {
        String handlerCode = HandlerErrors.code(code);
        String words = typeName + " Handler returned status FAILED: " + message + " (HandlerErrorCode: " + handlerCode
                + ", RequestToken: " + token + ")";
        return switch (handlerCode) {
            case "AlreadyExists" ->
                AlreadyExistsException.builder().message(words).build();
            case "NotFound" ->
                ResourceNotFoundException.builder().message(words).build();
            case "AccessDenied" -> AwsErrors.accessDenied(words);
            case "ServiceLimitExceeded" ->
                ServiceLimitExceededException.builder().message(words).build();
            case "Throttling" -> ThrottlingException.builder().message(words).build();
            case "ServiceInternalError" ->
                ServiceInternalErrorException.builder().message(words).build();
            case "ResourceConflict" ->
                ResourceConflictException.builder().message(words).build();
            default -> InvalidRequestException.builder().message(words).build();
        };
    }
}

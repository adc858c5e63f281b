package dev.terrane.kernel.error;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Errors that have no class in a service's SDK model, such as {@code ValidationException} or {@code AccessDenied}. Where the
 * model has a class, a service throws that: {@code QueueDoesNotExistException.builder().message("…").build()}; the gateway
 * finds its wire code and HTTP status.
 */
public final class AwsErrors {
    private AwsErrors() {}

    /** An error with a code, an HTTP status and a message, as it goes over the wire. */
    public static AwsServiceException of(String code, int status, String message) {
        return AwsServiceException.builder()
                .message(message)
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .sdkHttpResponse(
                                SdkHttpResponse.builder().statusCode(status).build())
                        .build())
                .build();
    }

    /** {@code ValidationException}, as JSON and REST JSON services answer a bad parameter. */
    public static AwsServiceException validation(String message) {
        return of("ValidationException", 400, message);
    }

    /** {@code AccessDeniedException}, as JSON and REST JSON services deny. The gateway words it for other protocols. */
    public static AwsServiceException accessDenied(String message) {
        return of("AccessDeniedException", 400, message);
    }

    /** The message as the error details or the exception itself give it. */
    public static String message(AwsServiceException e) {
        return e.awsErrorDetails() != null && e.awsErrorDetails().errorMessage() != null
                ? e.awsErrorDetails().errorMessage()
                : String.valueOf(e.getMessage());
    }
}

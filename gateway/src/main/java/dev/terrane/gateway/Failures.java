package dev.terrane.gateway;

import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.contract.ModeledError;
import dev.terrane.kernel.contract.ServiceContract;
import dev.terrane.kernel.error.AwsErrors;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpResponse;

/** Makes errors whole: what a service throws says only the class and the message; clients also read code, status and request id. */
final class Failures {
    private Failures() {}

    /** An operation that is not built. Clients don't try a 501 again. */
    static AwsServiceException notImplemented(BoundOperation operation) {
        return AwsErrors.of(
                "NotImplemented",
                501,
                "Terrane does not implement %s of %s yet."
                        .formatted(
                                operation.operation().name(),
                                operation.service().serviceId()));
    }

    /** The same error with code, status, message and request id, as a client receives it. */
    static AwsServiceException complete(BoundOperation operation, AwsServiceException error, String requestId) {
        AwsErrorDetails given = error.awsErrorDetails();
        Optional<ModeledError> modeled = modeled(operation, error);
        String message = given != null && given.errorMessage() != null ? given.errorMessage() : plain(error);
        String code = given != null && given.errorCode() != null
                ? given.errorCode()
                : modeled.map(m -> wireCode(operation.service(), m))
                        .orElse(error.getClass().getSimpleName());
        int status = modeled.map(ModeledError::status).orElse(error.statusCode() == 0 ? 400 : error.statusCode());
        var builder = error.toBuilder();
        builder.message(message);
        builder.requestId(requestId);
        builder.statusCode(status);
        return builder.awsErrorDetails(AwsErrorDetails.builder()
                        .serviceName(operation.service().serviceId())
                        .errorCode(code)
                        .errorMessage(message)
                        .sdkHttpResponse(answered(given, status))
                        .build())
                .build();
    }

    /** The HTTP answer of an error, with the headers that the service gave it, such as S3's {@code x-amz-delete-marker}. */
    private static SdkHttpResponse answered(@Nullable AwsErrorDetails given, int status) {
        SdkHttpResponse.Builder answer = SdkHttpResponse.builder().statusCode(status);
        if (given != null && given.sdkHttpResponse() != null) {
            answer.headers(given.sdkHttpResponse().headers());
        }
        return answer.build();
    }

    private static String plain(AwsServiceException error) {
        return error.getMessage() == null ? "" : error.getMessage();
    }

    private static Optional<ModeledError> modeled(BoundOperation operation, AwsServiceException error) {
        // The SDK has one class for CloudWatch's ResourceNotFound and ResourceNotFoundException: the operation tells
        // which is meant.
        String name = error.getClass().getSimpleName();
        return operation.operation().errors().stream()
                .filter(own -> own.className().equals(name))
                .findFirst()
                .or(() -> operation.service().errorOfClass(name));
    }

    private static String wireCode(ServiceContract service, ModeledError error) {
        return switch (service.protocols().getFirst()) {
            case "query", "ec2", "rest-xml" -> error.code();
            default -> error.shape();
        };
    }
}

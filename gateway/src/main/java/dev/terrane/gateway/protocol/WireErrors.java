package dev.terrane.gateway.protocol;

import dev.terrane.kernel.contract.ModeledError;
import dev.terrane.kernel.contract.ServiceContract;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * An exception as protocols write it.
 *
 * @param shape the name that JSON and CBOR send
 * @param code the name that query and XML send
 */
record WireErrors(String shape, String code, int status, String message) {

    /** An error of the wire layer itself. */
    static AwsServiceException error(String code, int status, String message) {
        return AwsServiceException.builder()
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .message(message)
                .statusCode(status)
                .build();
    }

    static WireErrors of(ServiceContract service, AwsServiceException error) {
        AwsErrorDetails details = error.awsErrorDetails();
        String code = details == null ? null : details.errorCode();
        Optional<ModeledError> modeled =
                code == null ? service.errorOfClass(error.getClass().getSimpleName()) : service.errorOfCode(code);
        String message = message(error, details);
        if (modeled.isPresent()) {
            ModeledError known = modeled.get();
            return new WireErrors(
                    known.shape(), known.code(), error.statusCode() > 0 ? error.statusCode() : known.status(), message);
        }
        String name = code == null ? "InternalFailure" : code;
        int fallback = code == null ? 500 : 400;
        return new WireErrors(name, name, error.statusCode() > 0 ? error.statusCode() : fallback, message);
    }

    boolean senderFault() {
        return status < 500;
    }

    // With details, getMessage() appends service, status and request id: that is for the client's side.
    private static String message(AwsServiceException error, @Nullable AwsErrorDetails details) {
        String message = details == null ? null : details.errorMessage();
        if (message == null && details == null) {
            message = error.getMessage();
        }
        return message == null ? "" : message;
    }
}

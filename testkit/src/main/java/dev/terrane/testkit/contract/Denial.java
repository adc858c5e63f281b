package dev.terrane.testkit.contract;

import dev.terrane.kernel.authorization.Authorizations;
import dev.terrane.kernel.contract.BoundOperation;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;

/** AWS's denial of a call, which names the action and the resource ("Troubleshoot access denied error messages"). */
public final class Denial {
    private static final Set<String> CODES = Set.of("AccessDenied", "AccessDeniedException", "UnauthorizedOperation");
    private static final Pattern MESSAGE = Pattern.compile(
            "is not authorized to perform: (\\S+) on resource: (.+?) (?:because|with) ", Pattern.DOTALL);

    private Denial() {}

    /** One action on one resource. */
    public record Grant(String action, String resource) {
        String statement(String effect) {
            return "{\"Effect\":\"%s\",\"Action\":\"%s\",\"Resource\":\"%s\"}"
                    .formatted(effect, action, resource.replace("\\", "\\\\").replace("\"", "\\\""));
        }
    }

    /** What a denial says that is lacking; empty where an error is no denial by policies, or does not name it. */
    public static Optional<Grant> lacking(AwsServiceException error) {
        return CODES.contains(error.awsErrorDetails().errorCode())
                ? lacking(error.awsErrorDetails().errorMessage())
                : Optional.empty();
    }

    private static Optional<Grant> lacking(String message) {
        Matcher matcher = MESSAGE.matcher(message);
        return matcher.find() ? Optional.of(new Grant(matcher.group(1), matcher.group(2))) : Optional.empty();
    }

    /** Why a call, of which nothing is known but what its model says, is not denied as it should be; empty if it is. */
    public static Optional<String> missed(BoundOperation operation, SdkClient client) {
        SdkRequest request = new Requests(Names.none()).minimal(operation);
        try {
            invoke(operation, client, request);
            return Optional.of(operation + " was allowed");
        } catch (AwsServiceException e) {
            if (operation.operation().anonymous()) {
                // No policy of the caller's decides, but what an identity provider issued, and here none did.
                return Optional.empty();
            }
            List<String> actions = Authorizations.of(
                            operation.service().name(), operation.operation().name())
                    .actions();
            return lacking(e).filter(grant -> actions.contains(grant.action())).isPresent()
                    ? Optional.empty()
                    : Optional.of(operation + " was refused with " + e.getMessage());
        }
    }

    /** Performs an operation with a short body where it takes one.
     *
     * @throws AwsServiceException as the client does
     */
    static SdkResponse invoke(BoundOperation operation, SdkClient client, SdkRequest request) {
        @Nullable
        Object result = operation.invoke(
                client,
                request,
                operation.operation().body().streamingInput() ? RequestBody.fromString("content") : null,
                operation.operation().body().streamingOutput() ? ResponseTransformer.toBytes() : null);
        Object response = result instanceof ResponseBytes<?> bytes ? bytes.response() : result;
        return (SdkResponse) Objects.requireNonNull(response);
    }
}

package dev.terrane.cloudformation;

import dev.terrane.kernel.resource.HandlerErrors;
import dev.terrane.kernel.workflow.Steps.StepFailed;
import java.util.Collection;

/** Why something failed, as CloudFormation words it. */
final class Reasons {
    /** The error code of what is shown in its own words. */
    static final String AS_IT_IS = "AsItIs";

    static final String CREATION_CANCELLED = "Resource creation cancelled";
    static final String UPDATE_CANCELLED = "Resource update cancelled";
    static final String INITIATED = "Resource creation Initiated";
    static final String REPLACES =
            "Requested update requires the creation of a new physical resource; hence creating one.";
    static final String USER_INITIATED = "User Initiated";

    private Reasons() {}

    /** What a resource's handler answered. */
    static String handler(StepFailed failure, String token) {
        if (failure.code().equals(AS_IT_IS)) {
            return String.valueOf(failure.getMessage());
        }
        return "Resource handler returned message: \"%s\" (RequestToken: %s, HandlerErrorCode: %s)"
                .formatted(failure.getMessage(), token, HandlerErrors.code(failure.code()));
    }

    static String failedTo(String verb, Collection<String> logicalIds) {
        return "The following resource(s) failed to %s: [%s]. ".formatted(verb, String.join(", ", logicalIds));
    }
}

package dev.terrane.cloudformation;

import dev.terrane.kernel.workflow.Steps.StepFailed;
import java.util.Collection;
import java.util.Locale;

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
                .formatted(failure.getMessage(), token, handlerCode(failure.code()));
    }

    /** The handler error code that stands for a service's error code. */
    static String handlerCode(String code) {
        String folded = code.toLowerCase(Locale.ROOT);
        if (folded.contains("alreadyexist") || folded.contains("alreadyown") || folded.endsWith(".duplicate")) {
            return "AlreadyExists";
        }
        if (folded.contains("notfound")
                || folded.contains("nosuch")
                || folded.contains("nonexist")
                || folded.contains("doesnotexist")) {
            return "NotFound";
        }
        if (folded.contains("accessdenied") || folded.contains("unauthorized") || folded.contains("notauthorized")) {
            return "AccessDenied";
        }
        if (folded.contains("limitexceeded") || folded.contains("toomany")) {
            return "ServiceLimitExceeded";
        }
        if (folded.contains("throttl")) {
            return "Throttling";
        }
        if (folded.contains("internalfailure") || folded.contains("unavailable")) {
            return "ServiceInternalError";
        }
        if (folded.contains("conflict") || folded.contains("inuse")) {
            return "ResourceConflict";
        }
        return "InvalidRequest";
    }

    static String failedTo(String verb, Collection<String> logicalIds) {
        return "The following resource(s) failed to %s: [%s]. ".formatted(verb, String.join(", ", logicalIds));
    }
}

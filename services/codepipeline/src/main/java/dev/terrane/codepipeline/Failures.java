package dev.terrane.codepipeline;

import dev.terrane.kernel.workflow.Steps;
import java.util.regex.Pattern;

/** What another service refused, as an action's failure. */
final class Failures {
    private static final Pattern DENIED =
            Pattern.compile("AccessDenied.*|UnauthorizedOperation|.*\\.AccessDenied.*|Forbidden");
    private static final Pattern OURS = Pattern.compile(
            ".*(NotFound|DoesNotExist|NoSuch|Invalid|Validation|Unresolved|Required|Malformed|Declaration).*");
    private static final Pattern FAULT =
            Pattern.compile("InternalFailure|ServiceUnavailable.*|Throttling.*|.*IOException|NotImplemented");

    private Failures() {}

    static ActionOutcome of(Steps.StepFailed failed) {
        String code = failed.code();
        String message = String.valueOf(failed.getMessage());
        if (DENIED.matcher(code).matches()) {
            return ActionOutcome.failed(
                    ActionOutcome.PERMISSION,
                    "The provided role does not have permissions to perform this action. Underlying error: " + message);
        }
        if (FAULT.matcher(code).matches()) {
            return ActionOutcome.failed(ActionOutcome.UNAVAILABLE, message);
        }
        return ActionOutcome.failed(
                OURS.matcher(code).matches() ? ActionOutcome.CONFIGURATION : ActionOutcome.JOB_FAILED, message);
    }
}

package dev.terrane.kernel.balancer;

import java.util.Optional;

/**
 * What is known of a target's health.
 *
 * @param reason why the state is what it is; empty when healthy
 * @param description the reason in words, as AWS words it; empty when healthy
 * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html">TargetHealth</a>
 */
public record TargetHealth(
        String targetGroupId, Target target, TargetState state, Optional<Reason> reason, Optional<String> description) {
    /** AWS's reason codes. */
    public enum Reason {
        REGISTRATION_IN_PROGRESS("Elb.RegistrationInProgress"),
        INITIAL_HEALTH_CHECKING("Elb.InitialHealthChecking"),
        RESPONSE_CODE_MISMATCH("Target.ResponseCodeMismatch"),
        TIMEOUT("Target.Timeout"),
        FAILED_HEALTH_CHECKS("Target.FailedHealthChecks"),
        NOT_REGISTERED("Target.NotRegistered"),
        NOT_IN_USE("Target.NotInUse"),
        DEREGISTRATION_IN_PROGRESS("Target.DeregistrationInProgress"),
        HEALTH_CHECK_DISABLED("Target.HealthCheckDisabled");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        /** The code on the wire. */
        public String code() {
            return code;
        }
    }

    /** The target passes its checks. */
    public static TargetHealth healthy(String targetGroupId, Target target) {
        return new TargetHealth(targetGroupId, target, TargetState.HEALTHY, Optional.empty(), Optional.empty());
    }

    /** Any state but healthy, with its reason. */
    public static TargetHealth of(
            String targetGroupId, Target target, TargetState state, Reason reason, String description) {
        return new TargetHealth(targetGroupId, target, state, Optional.of(reason), Optional.of(description));
    }
}

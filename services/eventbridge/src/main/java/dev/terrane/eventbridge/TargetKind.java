package dev.terrane.eventbridge;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import software.amazon.awssdk.services.eventbridge.model.Target;

/** A kind of target, told by the service in its ARN. */
interface TargetKind {
    /** Refuses a target that lacks what this kind needs. */
    default void check(Target target, Arn arn) {}

    /** Delivers; what it throws tells why it could not. Doing it again for the same event must be harmless, or at least bearable. */
    void deliver(Delivery delivery);

    /**
     * One delivery.
     *
     * @param ruleArn on whose behalf it is made
     * @param payload what the target gets
     */
    record Delivery(
            Scope scope, String rule, String ruleArn, Target target, Arn arn, AcceptedRecord event, String payload) {}
}

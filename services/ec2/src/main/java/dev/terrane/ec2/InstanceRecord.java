package dev.terrane.ec2;

import java.util.Objects;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceState;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.StateReason;

/**
 * An instance as it is stored.
 *
 * @param instance as it is described, without its tags
 * @param reservationId of the launch that made it
 * @param owner the account that launched it
 * @param userData in base64, or empty
 * @param terminates whether it is terminated, and not stopped, when it shuts itself down
 * @param terminationProtected whether the API may not terminate it
 * @param stopProtected whether the API may not stop it
 * @param initialized whether its user data was handed over for its one run
 */
record InstanceRecord(
        Instance instance,
        String reservationId,
        String owner,
        String userData,
        boolean terminates,
        boolean terminationProtected,
        boolean stopProtected,
        boolean initialized) {
    String id() {
        return instance.instanceId();
    }

    InstanceStateName state() {
        return instance.state().name();
    }

    boolean is(InstanceStateName state) {
        return state() == state;
    }

    /** Whether its state is not about to change, or already, into terminated. */
    boolean lives() {
        return !is(InstanceStateName.TERMINATED) && !is(InstanceStateName.SHUTTING_DOWN);
    }

    /** The name under which programs inside see themselves. */
    String hostName() {
        return id();
    }

    InstanceRecord with(Instance changed) {
        return new InstanceRecord(
                changed, reservationId, owner, userData, terminates, terminationProtected, stopProtected, initialized);
    }

    /** In another state, with the reason for it. */
    InstanceRecord in(InstanceStateName state, String transition, String reasonCode, String reason) {
        return with(instance.toBuilder()
                .state(state(state))
                .stateTransitionReason(transition)
                .stateReason(
                        reasonCode.isEmpty()
                                ? null
                                : StateReason.builder()
                                        .code(reasonCode)
                                        .message(reason)
                                        .build())
                .build());
    }

    InstanceRecord withUserData(String data) {
        return new InstanceRecord(
                instance, reservationId, owner, data, terminates, terminationProtected, stopProtected, initialized);
    }

    InstanceRecord withShutdown(boolean terminate) {
        return new InstanceRecord(
                instance, reservationId, owner, userData, terminate, terminationProtected, stopProtected, initialized);
    }

    InstanceRecord withProtection(boolean fromTermination, boolean fromStop) {
        return new InstanceRecord(
                instance, reservationId, owner, userData, terminates, fromTermination, fromStop, initialized);
    }

    InstanceRecord asInitialized() {
        return new InstanceRecord(
                instance, reservationId, owner, userData, terminates, terminationProtected, stopProtected, true);
    }

    /** A state with the code that EC2 gives it. */
    static InstanceState state(InstanceStateName name) {
        int code = switch (Objects.requireNonNull(name)) {
            case PENDING -> 0;
            case RUNNING -> 16;
            case SHUTTING_DOWN -> 32;
            case TERMINATED -> 48;
            case STOPPING -> 64;
            case STOPPED -> 80;
            case UNKNOWN_TO_SDK_VERSION -> throw new IllegalArgumentException("No state of an instance");
        };
        return InstanceState.builder().name(name).code(code).build();
    }
}

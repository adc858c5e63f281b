package dev.terrane.ec2;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.event.Events;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;

/** Events of EC2 ("Monitor Amazon EC2 with EventBridge"). */
final class Ec2Events {
    private final Events events;

    Ec2Events(Events events) {
        this.events = events;
    }

    /** An instance has entered a state. */
    void stateChanged(String instanceId, InstanceStateName state) {
        Call call = Call.current();
        events.emit(
                "aws.ec2",
                "EC2 Instance State-change Notification",
                List.of(Arn.of("ec2", call.region(), call.account(), "instance/" + instanceId)
                        .toString()),
                Map.of("instance-id", instanceId, "state", state.toString()));
    }
}

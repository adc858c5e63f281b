package dev.terrane.codedeploy;

import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.services.codedeploy.model.LifecycleEvent;
import software.amazon.awssdk.services.codedeploy.model.TargetStatus;

/**
 * An instance of a deployment.
 *
 * @param events its lifecycle events in their order
 */
record TargetRecord(
        String deploymentId,
        String instanceId,
        boolean onPremises,
        TargetStatus status,
        List<LifecycleEvent> events,
        Instant updated) {
    TargetRecord {
        events = List.copyOf(events);
    }

    static String key(String deploymentId, String instanceId) {
        return deploymentId + "/" + instanceId;
    }

    TargetRecord in(TargetStatus other, Instant now) {
        return new TargetRecord(deploymentId, instanceId, onPremises, other, events, now);
    }

    TargetRecord with(List<LifecycleEvent> other, Instant now) {
        return new TargetRecord(deploymentId, instanceId, onPremises, status, other, now);
    }
}

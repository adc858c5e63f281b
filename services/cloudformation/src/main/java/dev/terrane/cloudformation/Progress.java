package dev.terrane.cloudformation;

import dev.terrane.cloudformation.ResourceRecord.Physical;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.event.Events;
import dev.terrane.kernel.id.Ids;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.services.cloudformation.model.ResourceStatus;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;

/** Moves stacks and resources from status to status, and tells of it: stack events and EventBridge, in the same commit. */
final class Progress {
    static final String STACK_TYPE = "AWS::CloudFormation::Stack";
    private final CloudFormationTables tables;
    private final Events events;
    private final Clock clock;
    private final Secrets secrets;
    private final AtomicLong sequence = new AtomicLong();

    Progress(CloudFormationTables tables, Events events, Clock clock) {
        this.tables = tables;
        this.events = events;
        this.clock = clock;
        this.secrets = new Secrets(tables);
    }

    Instant now() {
        return clock.instant();
    }

    /** A stack comes into a status. */
    StackRecord stack(Scope scope, StackRecord stack, StackStatus status, String reason) {
        StackRecord changed = stack.in(status, reason);
        tables.put(scope, changed);
        put(scope, changed, changed.name(), changed.arn(), STACK_TYPE, status.toString(), reason, "");
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("stack-id", changed.arn());
        details.put("status-details", Map.of("status", status.toString(), "status-reason", reason));
        details.put("client-request-token", changed.operation().token());
        events.emit("aws.cloudformation", "CloudFormation Stack Status Change", List.of(changed.arn()), details);
        return changed;
    }

    /** A resource comes into a status. */
    ResourceRecord resource(
            Scope scope, StackRecord stack, ResourceRecord resource, ResourceStatus status, String reason) {
        ResourceRecord changed = resource.in(status, reason, clock.instant());
        tables.put(scope, changed);
        tell(scope, stack, changed, changed.physical(), status, reason);
        return changed;
    }

    /** Tells of something that happens to a resource, or to what it was before. */
    void tell(
            Scope scope,
            StackRecord stack,
            ResourceRecord resource,
            Physical physical,
            ResourceStatus status,
            String reason) {
        put(
                scope,
                stack,
                resource.logicalId(),
                physical.reference(),
                resource.type(),
                status.toString(),
                reason,
                secrets.hidden(scope, stack, physical));
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("stack-id", stack.arn());
        details.put("logical-resource-id", resource.logicalId());
        details.put("physical-resource-id", physical.reference());
        details.put("status-details", Map.of("status", status.toString(), "status-reason", reason));
        details.put("resource-type", resource.type());
        details.put("client-request-token", stack.operation().token());
        events.emit("aws.cloudformation", "CloudFormation Resource Status Change", List.of(stack.arn()), details);
    }

    private void put(
            Scope scope,
            StackRecord stack,
            String logicalId,
            String physicalId,
            String type,
            String status,
            String reason,
            String properties) {
        Instant now = clock.instant();
        StackOperation operation = StackOperation.of(stack);
        tables.put(
                scope,
                new EventRecord(
                        "%s/%014d-%012d".formatted(stack.id(), now.toEpochMilli(), sequence.incrementAndGet()),
                        type.equals(STACK_TYPE) && physicalId.equals(stack.arn())
                                ? Ids.uuid()
                                : logicalId + "-" + status + "-" + Ids.uuid(),
                        logicalId,
                        physicalId,
                        type,
                        status,
                        reason,
                        properties,
                        stack.operation().token(),
                        now,
                        operation.id(),
                        operation.type()));
    }
}

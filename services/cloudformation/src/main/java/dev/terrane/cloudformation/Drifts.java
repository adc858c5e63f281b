package dev.terrane.cloudformation;

import dev.terrane.cloudformation.StackRecord.Drift;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import dev.terrane.kernel.service.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.cloudformation.model.*;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Whether stacks still are what their templates say. */
final class Drifts {
    private final Platform platform;
    private final CloudFormationTables tables;
    private final Resolver resolver;
    private final DriftWorkflow workflow = new DriftWorkflow(this);

    Drifts(Platform platform, CloudFormationTables tables, Resolver resolver) {
        this.platform = platform;
        this.tables = tables;
        this.resolver = resolver;
    }

    DriftWorkflow workflow() {
        return workflow;
    }

    List<String> names(DriftWorkflow.Input input) {
        return tables.resources(Call.current().scope(), input.stack()).stream()
                .filter(r -> r.exists() && !ResourceSchema.isCustom(r.type()))
                .map(ResourceRecord::logicalId)
                .filter(id -> input.logicalIds().isEmpty() || input.logicalIds().contains(id))
                .toList();
    }

    DetectStackDriftResponse detect(DetectStackDriftRequest request) {
        Scope scope = Call.current().scope();
        StackRecord stack = tables.find(scope, request.stackName())
                .filter(s -> !s.deleted())
                .orElseThrow(() -> Refusals.noStackNamed(request.stackName()));
        if (stack.busy() || stack.status() == StackStatus.REVIEW_IN_PROGRESS) {
            throw Refusals.invalid("Drift detection cannot be performed on stack [" + stack.name()
                    + "] while it is in status " + stack.status());
        }
        String id = Ids.uuid();
        tables.put(
                scope,
                new DriftRecord(
                        id,
                        stack.id(),
                        "DETECTION_IN_PROGRESS",
                        "",
                        List.of(),
                        platform.clock().instant()));
        platform.workflows()
                .start(
                        workflow,
                        scope,
                        id,
                        new DriftWorkflow.Input(
                                id,
                                stack.id(),
                                request.logicalResourceIds(),
                                Call.current().principal()));
        return DetectStackDriftResponse.builder().stackDriftDetectionId(id).build();
    }

    DetectStackResourceDriftResponse detectOne(DetectStackResourceDriftRequest request) {
        Scope scope = Call.current().scope();
        StackRecord stack = tables.find(scope, request.stackName())
                .filter(s -> !s.deleted())
                .orElseThrow(() -> Refusals.noStackNamed(request.stackName()));
        String type = tables.resource(scope, stack.id(), request.logicalResourceId())
                .filter(ResourceRecord::exists)
                .orElseThrow(() -> Refusals.invalid(
                        "Resource " + request.logicalResourceId() + " does not exist for stack " + stack.name()))
                .type();
        if (ResourceSchema.isCustom(type)) {
            throw Refusals.invalid("Drift detection is not supported for resource " + request.logicalResourceId()
                    + " of type " + type);
        }
        return DetectStackResourceDriftResponse.builder()
                .stackResourceDrift(detect(
                        stack.id(), request.logicalResourceId(), Call.current().principal()))
                .build();
    }

    /** Reads one resource and compares it. */
    StackResourceDrift detect(String stackId, String logicalId, Principal caller) {
        Scope scope = Call.current().scope();
        StackRecord stack = tables.peek(scope, stackId).orElseThrow();
        ResourceRecord resource = tables.resource(scope, stackId, logicalId).orElseThrow();
        StackResourceDrift.Builder drift = StackResourceDrift.builder()
                .stackId(stack.arn())
                .logicalResourceId(logicalId)
                .physicalResourceId(resource.physical().reference())
                .resourceType(resource.type())
                .timestamp(platform.clock().instant());
        ResourceType type = platform.resourceTypes().find(resource.type()).orElseThrow();
        Actor actor = stack.settings().role().isEmpty()
                ? new Actor.Delegated(caller, scope, CloudFormationService.PRINCIPAL)
                : new Actor.Role(stack.settings().role(), CloudFormationService.PRINCIPAL, "AWSCloudFormation");
        Work work = new Work(
                platform.clients(),
                resolver,
                actor,
                scope,
                "",
                ResourceSchema.of(resource.type()).orElseThrow(),
                new ResourceWork.InStack(stack.arn(), stack.name(), logicalId, resource.type()),
                resource.physical(),
                resource.physical(),
                Work.Hearing.NOBODY);
        Optional<Properties> found = type.read(work, resource.physical().id());
        if (found.isEmpty()) {
            return drift.stackResourceDriftStatus(StackResourceDriftStatus.DELETED)
                    .expectedProperties(resource.physical().properties())
                    .propertyDifferences(List.of())
                    .build();
        }
        ObjectNode expected =
                (ObjectNode) JsonMapper.shared().readTree(resource.physical().properties());
        // Secrets cannot be compared, and what was never read cannot have changed visibly.
        ObjectNode first =
                (ObjectNode) JsonMapper.shared().readTree(resource.physical().state());
        expected.properties().stream()
                .filter(e -> !first.has(e.getKey()) || e.getValue().toString().contains("{{resolve:"))
                .map(java.util.Map.Entry::getKey)
                .toList()
                .forEach(expected::remove);
        ObjectNode actual =
                Attachments.without(type, resource, expected, found.get(), tables.resources(scope, stackId));
        List<PropertyDifference> differences = Differences.of(expected, actual);
        ObjectNode shown = JsonMapper.shared().createObjectNode();
        for (String name : expected.propertyNames()) {
            JsonNode value = actual.get(name);
            if (value != null) {
                shown.set(name, value);
            }
        }
        return drift.stackResourceDriftStatus(
                        differences.isEmpty() ? StackResourceDriftStatus.IN_SYNC : StackResourceDriftStatus.MODIFIED)
                .expectedProperties(expected.toString())
                .actualProperties(shown.toString())
                .propertyDifferences(differences)
                .build();
    }

    void end(DriftWorkflow.Input input, List<StackResourceDrift> found, Optional<String> failure) {
        Scope scope = Call.current().scope();
        DriftRecord detection = tables.drift(scope, input.id()).orElseThrow();
        tables.put(
                scope,
                new DriftRecord(
                        detection.id(),
                        detection.stack(),
                        failure.isEmpty() ? "DETECTION_COMPLETE" : "DETECTION_FAILED",
                        failure.orElse(""),
                        found,
                        detection.time()));
        List<StackResourceDrift> kept = new ArrayList<>(known(scope, input.stack()));
        kept.removeIf(old -> input.logicalIds().isEmpty() || input.logicalIds().contains(old.logicalResourceId()));
        kept.addAll(found);
        tables.put(
                scope,
                new DriftRecord(
                        input.stack(),
                        input.stack(),
                        "",
                        "",
                        kept,
                        platform.clock().instant()));
        tables.peek(scope, input.stack()).filter(stack -> !stack.deleted()).ifPresent(peeked -> {
            StackRecord stack = tables.stack(scope, input.stack());
            tables.put(
                    scope,
                    stack.drifted(new Drift(
                            drifted(kept) ? "DRIFTED" : "IN_SYNC",
                            Optional.of(platform.clock().instant()))));
        });
    }

    private static boolean drifted(List<StackResourceDrift> drifts) {
        return drifts.stream()
                .anyMatch(d -> d.stackResourceDriftStatus() == StackResourceDriftStatus.MODIFIED
                        || d.stackResourceDriftStatus() == StackResourceDriftStatus.DELETED);
    }

    private List<StackResourceDrift> known(Scope scope, String stack) {
        return tables.drift(scope, stack).map(DriftRecord::resources).orElse(List.of());
    }

    DescribeStackDriftDetectionStatusResponse status(DescribeStackDriftDetectionStatusRequest request) {
        Scope scope = Call.current().scope();
        DriftRecord detection = tables.drift(scope, request.stackDriftDetectionId())
                .filter(d -> !d.status().isEmpty())
                .orElseThrow(() -> Refusals.invalid(
                        "Drift detection with id " + request.stackDriftDetectionId() + " does not exist"));
        boolean over = !detection.status().equals("DETECTION_IN_PROGRESS");
        return DescribeStackDriftDetectionStatusResponse.builder()
                .stackId(tables.stack(scope, detection.stack()).arn())
                .stackDriftDetectionId(detection.id())
                .stackDriftStatus(over ? drifted(detection.resources()) ? "DRIFTED" : "IN_SYNC" : null)
                .detectionStatus(detection.status())
                .detectionStatusReason(Views.emptyToNull(detection.reason()))
                .driftedStackResourceCount(
                        over
                                ? (int) detection.resources().stream()
                                        .filter(d -> d.stackResourceDriftStatus() != StackResourceDriftStatus.IN_SYNC)
                                        .count()
                                : null)
                .timestamp(detection.time())
                .build();
    }

    DescribeStackResourceDriftsResponse describe(DescribeStackResourceDriftsRequest request) {
        Scope scope = Call.current().scope();
        StackRecord stack =
                tables.find(scope, request.stackName()).orElseThrow(() -> Refusals.noStackNamed(request.stackName()));
        List<String> wanted = request.stackResourceDriftStatusFiltersAsStrings();
        return DescribeStackResourceDriftsResponse.builder()
                .stackResourceDrifts(known(scope, stack.id()).stream()
                        .filter(d -> wanted.isEmpty() || wanted.contains(d.stackResourceDriftStatusAsString()))
                        .toList())
                .build();
    }
}

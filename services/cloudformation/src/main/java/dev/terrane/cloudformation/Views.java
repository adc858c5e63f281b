package dev.terrane.cloudformation;

import dev.terrane.cloudformation.StackRecord.Parameter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudformation.model.*;

/** Stacks and resources as CloudFormation shows them. */
final class Views {
    /** What is shown of a parameter with NoEcho. */
    static final String HIDDEN = "****";

    private Views() {}

    static Stack stack(StackRecord stack, String description) {
        StackRecord.Settings shown = stack.settings();
        return Stack.builder()
                .stackId(stack.arn())
                .stackName(stack.name())
                .changeSetId(emptyToNull(stack.changeSet()))
                .description(emptyToNull(description))
                .parameters(parameters(shown.parameters()))
                .creationTime(stack.timeline().created())
                .lastUpdatedTime(stack.timeline().updated().orElse(null))
                .deletionTime(stack.timeline().deleted().orElse(null))
                .rollbackConfiguration(shown.rollback())
                .stackStatus(stack.status())
                .stackStatusReason(emptyToNull(stack.reason()))
                .disableRollback(stack.operation().onFailure() == StackRecord.OnFailure.DO_NOTHING
                        && stack.operation().kind() == StackRecord.Kind.CREATE)
                .notificationARNs(shown.notifications())
                .timeoutInMinutes(
                        stack.operation().timeoutMinutes() == 0
                                ? null
                                : stack.operation().timeoutMinutes())
                .capabilitiesWithStrings(shown.capabilities())
                .outputs(stack.outputs())
                .roleARN(emptyToNull(shown.role()))
                .tags(tags(shown.tags()))
                .enableTerminationProtection(stack.terminationProtection())
                .parentId(emptyToNull(stack.parent()))
                .rootId(emptyToNull(stack.root()))
                .driftInformation(StackDriftInformation.builder()
                        .stackDriftStatus(stack.drift().status())
                        .lastCheckTimestamp(stack.drift().checked().orElse(null))
                        .build())
                .lastOperations(StackOperation.latest(stack))
                .build();
    }

    static StackSummary summary(StackRecord stack, String description) {
        return StackSummary.builder()
                .stackId(stack.arn())
                .stackName(stack.name())
                .templateDescription(emptyToNull(description))
                .creationTime(stack.timeline().created())
                .lastUpdatedTime(stack.timeline().updated().orElse(null))
                .deletionTime(stack.timeline().deleted().orElse(null))
                .stackStatus(stack.status())
                .stackStatusReason(emptyToNull(stack.reason()))
                .parentId(emptyToNull(stack.parent()))
                .rootId(emptyToNull(stack.root()))
                .driftInformation(StackDriftInformationSummary.builder()
                        .stackDriftStatus(stack.drift().status())
                        .lastCheckTimestamp(stack.drift().checked().orElse(null))
                        .build())
                .lastOperations(StackOperation.latest(stack))
                .build();
    }

    static List<software.amazon.awssdk.services.cloudformation.model.Parameter> parameters(List<Parameter> parameters) {
        return parameters.stream()
                .map(p -> software.amazon.awssdk.services.cloudformation.model.Parameter.builder()
                        .parameterKey(p.key())
                        .parameterValue(p.secret() ? HIDDEN : p.value())
                        .resolvedValue(p.resolved().isEmpty() ? null : p.resolved())
                        .build())
                .toList();
    }

    static List<Tag> tags(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(e -> Tag.builder().key(e.getKey()).value(e.getValue()).build())
                .toList();
    }

    static StackResource resource(StackRecord stack, ResourceRecord resource) {
        return StackResource.builder()
                .stackName(stack.name())
                .stackId(stack.arn())
                .logicalResourceId(resource.logicalId())
                .physicalResourceId(emptyToNull(resource.physical().reference()))
                .resourceType(resource.type())
                .timestamp(resource.time())
                .resourceStatus(resource.status())
                .resourceStatusReason(emptyToNull(resource.reason()))
                .driftInformation(StackResourceDriftInformation.builder()
                        .stackResourceDriftStatus(StackResourceDriftStatus.NOT_CHECKED)
                        .build())
                .build();
    }

    static StackResourceSummary resourceSummary(ResourceRecord resource) {
        return StackResourceSummary.builder()
                .logicalResourceId(resource.logicalId())
                .physicalResourceId(emptyToNull(resource.physical().reference()))
                .resourceType(resource.type())
                .lastUpdatedTimestamp(resource.time())
                .resourceStatus(resource.status())
                .resourceStatusReason(emptyToNull(resource.reason()))
                .driftInformation(StackResourceDriftInformationSummary.builder()
                        .stackResourceDriftStatus(StackResourceDriftStatus.NOT_CHECKED)
                        .build())
                .build();
    }

    static StackResourceDetail resourceDetail(StackRecord stack, ResourceRecord resource) {
        return StackResourceDetail.builder()
                .stackName(stack.name())
                .stackId(stack.arn())
                .logicalResourceId(resource.logicalId())
                .physicalResourceId(emptyToNull(resource.physical().reference()))
                .resourceType(resource.type())
                .lastUpdatedTimestamp(resource.time())
                .resourceStatus(resource.status())
                .resourceStatusReason(emptyToNull(resource.reason()))
                .metadata(emptyToNull(resource.physical().attributes().metadata()))
                .driftInformation(StackResourceDriftInformation.builder()
                        .stackResourceDriftStatus(StackResourceDriftStatus.NOT_CHECKED)
                        .build())
                .build();
    }

    static StackEvent event(StackRecord stack, EventRecord event) {
        return StackEvent.builder()
                .stackId(stack.arn())
                .eventId(event.id())
                .stackName(stack.name())
                .logicalResourceId(event.logicalId())
                .physicalResourceId(event.physicalId())
                .resourceType(event.type())
                .timestamp(event.time())
                .resourceStatus(event.status())
                .resourceStatusReason(emptyToNull(event.reason()))
                .resourceProperties(emptyToNull(event.properties()))
                .clientRequestToken(emptyToNull(event.token()))
                .operationId(emptyToNull(event.operation()))
                .build();
    }

    static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }
}

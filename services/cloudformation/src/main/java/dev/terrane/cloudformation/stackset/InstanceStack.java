package dev.terrane.cloudformation.stackset;

import dev.terrane.kernel.error.AwsErrors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.cloudformation.model.StackEvent;
import software.amazon.awssdk.services.cloudformation.model.StackInstanceResourceDriftsSummary;
import software.amazon.awssdk.services.cloudformation.model.Tag;

/** The stack of an instance, in its account and region. */
final class InstanceStack {
    private static final int LONGEST_SET_NAME = 128 - "StackSet--".length() - 36;
    private static final Set<String> NOBODYS_FAULT = Set.of("Resource creation cancelled", "Resource update cancelled");

    private final CloudFormationClient stacks;
    private final String work;

    /** @param work names what is done to it */
    InstanceStack(CloudFormationClient stacks, String work) {
        this.stacks = stacks;
        this.work = work;
    }

    /** The same UUID for the same text, so that what is done again has the same name. */
    private static String uuid(String text) {
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private String token() {
        return uuid(work);
    }

    /** Begins to make it.
     *
     * @return its ARN */
    String create(StackSetRecord set, InstanceRecord instance) {
        String name = set.name().substring(0, Math.min(set.name().length(), LONGEST_SET_NAME));
        return stacks.createStack(r -> r.stackName("StackSet-" + name + "-" + uuid("stack/" + work))
                        .templateBody(set.settings().template())
                        .parameters(parameters(set, instance))
                        .capabilitiesWithStrings(set.settings().capabilities())
                        .tags(tags(set))
                        .clientRequestToken(token()))
                .stackId();
    }

    /** Begins to change it.
     *
     * @return whether there is anything to change */
    boolean update(StackSetRecord set, InstanceRecord instance) {
        try {
            stacks.updateStack(r -> r.stackName(instance.stack())
                    .templateBody(set.settings().template())
                    .parameters(parameters(set, instance))
                    .capabilitiesWithStrings(set.settings().capabilities())
                    .tags(tags(set))
                    .clientRequestToken(token()));
            return true;
        } catch (AwsServiceException e) {
            if (AwsErrors.message(e).contains("No updates are to be performed")) {
                return false;
            }
            throw e;
        }
    }

    void delete(String arn) {
        stacks.deleteStack(r -> r.stackName(arn).clientRequestToken(token()));
    }

    private static List<Parameter> parameters(StackSetRecord set, InstanceRecord instance) {
        Map<String, Parameter> values = new LinkedHashMap<>();
        set.settings().parameters().forEach(parameter -> values.put(parameter.parameterKey(), parameter));
        // An override of a parameter that the template has no more is one of nothing.
        instance.overrides().forEach(parameter -> values.replace(parameter.parameterKey(), parameter));
        return new ArrayList<>(values.values());
    }

    private static List<Tag> tags(StackSetRecord set) {
        return set.settings().tags().entrySet().stream()
                .map(e -> Tag.builder().key(e.getKey()).value(e.getValue()).build())
                .toList();
    }

    /** Its status; empty where it is not there. */
    String status(String arn) {
        try {
            String status = describe(arn).stackStatusAsString();
            return status.equals("DELETE_COMPLETE") ? "" : status;
        } catch (AwsServiceException e) {
            if (AwsErrors.message(e).endsWith("does not exist")) {
                return "";
            }
            throw e;
        }
    }

    Stack describe(String arn) {
        return stacks.describeStacks(r -> r.stackName(arn)).stacks().getFirst();
    }

    String template(String arn) {
        return stacks.getTemplate(r -> r.stackName(arn)).templateBody();
    }

    /** Why what was done to it last has failed: the first resource that did, or what the stack says. */
    String failure(String arn) {
        List<StackEvent> events = stacks.describeStackEventsPaginator(r -> r.stackName(arn)).stackEvents().stream()
                .filter(event -> token().equals(event.clientRequestToken()))
                .filter(event ->
                        event.resourceStatusReason() != null && !NOBODYS_FAULT.contains(event.resourceStatusReason()))
                .toList()
                .reversed();
        return events.stream()
                .filter(event ->
                        event.resourceStatusAsString().endsWith("_FAILED") && !arn.equals(event.physicalResourceId()))
                .findFirst()
                .map(event -> "ResourceLogicalId:" + event.logicalResourceId() + ", ResourceType:"
                        + event.resourceType() + ", ResourceStatusReason:" + event.resourceStatusReason() + ".")
                .or(() -> events.stream()
                        .filter(event -> arn.equals(event.physicalResourceId())
                                && event.resourceStatusAsString().matches(".*(FAILED|ROLLBACK_IN_PROGRESS)"))
                        .findFirst()
                        .map(StackEvent::resourceStatusReason))
                .orElse("Stack " + arn + " is in " + status(arn) + " state");
    }

    /** Begins to detect its drift.
     *
     * @return the detection's id */
    String detect(String arn) {
        return stacks.detectStackDrift(r -> r.stackName(arn)).stackDriftDetectionId();
    }

    /** What a detection has come to: of {@code DETECTION_IN_PROGRESS}, {@code DETECTION_COMPLETE}, {@code DETECTION_FAILED}. */
    String detection(String id) {
        return stacks.describeStackDriftDetectionStatus(r -> r.stackDriftDetectionId(id))
                .detectionStatusAsString();
    }

    List<StackInstanceResourceDriftsSummary> drifts(String arn) {
        return stacks.describeStackResourceDrifts(r -> r.stackName(arn)).stackResourceDrifts().stream()
                .map(drift -> StackInstanceResourceDriftsSummary.builder()
                        .stackId(drift.stackId())
                        .logicalResourceId(drift.logicalResourceId())
                        .physicalResourceId(drift.physicalResourceId())
                        .resourceType(drift.resourceType())
                        .propertyDifferences(drift.propertyDifferences())
                        .stackResourceDriftStatus(drift.stackResourceDriftStatus())
                        .timestamp(drift.timestamp())
                        .build())
                .toList();
    }
}

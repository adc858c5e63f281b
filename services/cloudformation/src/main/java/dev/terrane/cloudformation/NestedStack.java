package dev.terrane.cloudformation;

import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Capability;
import software.amazon.awssdk.services.cloudformation.model.OnFailure;
import software.amazon.awssdk.services.cloudformation.model.Output;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.cloudformation.model.StackEvent;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;
import software.amazon.awssdk.services.cloudformation.model.Tag;

/** A stack in a stack. */
final class NestedStack implements ResourceType {
    /** What nested stacks are made with: whoever makes their root has acknowledged it. */
    static final List<Capability> CAPABILITIES =
            List.of(Capability.CAPABILITY_IAM, Capability.CAPABILITY_NAMED_IAM, Capability.CAPABILITY_AUTO_EXPAND);

    /** Statuses that stacks come to when something fails, with the reason. */
    private static final Set<String> FAILING = Set.of(
            "CREATE_FAILED",
            "DELETE_FAILED",
            "ROLLBACK_FAILED",
            "ROLLBACK_IN_PROGRESS",
            "UPDATE_FAILED",
            "UPDATE_ROLLBACK_FAILED",
            "UPDATE_ROLLBACK_IN_PROGRESS");

    private final CloudFormationTables tables;
    private final ChangeSetTree tree;

    NestedStack(CloudFormationTables tables, ChangeSetTree tree) {
        this.tables = tables;
        this.tree = tree;
    }

    @Override
    public String name() {
        return "AWS::CloudFormation::Stack";
    }

    @Override
    public Set<String> supported() {
        return Set.of("NotificationARNs", "Parameters", "Tags", "TemplateURL", "TimeoutInMinutes");
    }

    @Override
    public String create(ResourceWork work) {
        Properties desired = work.desired();
        Optional<ChangeSetTree.Planned> planned = planned(work);
        String id = work.client(CloudFormationClient.class)
                .createStack(r -> r.stackName(
                                planned.map(ChangeSetTree.Planned::stackName).orElseGet(() -> work.name(128)))
                        .templateBody(
                                planned.map(ChangeSetTree.Planned::template).orElse(null))
                        .templateURL(
                                planned.isPresent()
                                        ? null
                                        : desired.text("TemplateURL").orElse(null))
                        .parameters(parameters(desired))
                        .notificationARNs(desired.has("NotificationARNs") ? desired.texts("NotificationARNs") : null)
                        .timeoutInMinutes(desired.integer("TimeoutInMinutes").orElse(null))
                        .tags(tags(work.tags()))
                        .capabilities(CAPABILITIES)
                        .onFailure(OnFailure.ROLLBACK)
                        .clientRequestToken(work.token()))
                .stackId();
        work.made(id);
        work.stack()
                .ifPresent(place -> tables.transact(() -> {
                    StackRecord parent =
                            tables.find(work.scope(), place.stack()).orElseThrow();
                    StackRecord child = tables.find(work.scope(), id).orElseThrow();
                    tables.put(
                            work.scope(),
                            child.nestedIn(parent.arn(), parent.root().isEmpty() ? parent.arn() : parent.root()));
                }));
        return id;
    }

    @Override
    public void update(ResourceWork work, String id) {
        if (continued(work, id)) {
            return;
        }
        Properties desired = work.desired();
        Optional<ChangeSetTree.Planned> planned = planned(work);
        try {
            work.client(CloudFormationClient.class)
                    .updateStack(r -> r.stackName(id)
                            .templateBody(
                                    planned.map(ChangeSetTree.Planned::template).orElse(null))
                            .templateURL(
                                    planned.isPresent()
                                            ? null
                                            : desired.text("TemplateURL").orElse(null))
                            .parameters(parameters(desired))
                            .notificationARNs(
                                    desired.has("NotificationARNs") ? desired.texts("NotificationARNs") : null)
                            .tags(tags(work.tags()))
                            .capabilities(CAPABILITIES)
                            .clientRequestToken(work.token()));
        } catch (AwsServiceException e) {
            if (!AwsErrors.message(e).contains("No updates are to be performed")) {
                throw e;
            }
        }
    }

    /** Continues the rollback of a nested stack where that of the stack that it is in is continued.
     *
     * @return whether it is */
    private boolean continued(ResourceWork work, String id) {
        Optional<StackRecord> parent = work.stack()
                .flatMap(place -> tables.transact(() -> tables.find(work.scope(), place.stack())))
                .filter(stack -> stack.operation().kind() == StackRecord.Kind.CONTINUE_ROLLBACK);
        Optional<Stack> child = parent.isEmpty()
                ? Optional.empty()
                : find(work, id).filter(stack -> stack.stackStatus() == StackStatus.UPDATE_ROLLBACK_FAILED);
        if (child.isEmpty()) {
            return false;
        }
        String logicalId = work.stack().orElseThrow().logicalId();
        List<String> skipped =
                SkippedResources.of(parent.orElseThrow(), logicalId, child.get().stackName());
        work.client(CloudFormationClient.class)
                .continueUpdateRollback(r -> r.stackName(id).resourcesToSkip(skipped));
        return true;
    }

    /** What a change set that is carried out says of the stack. */
    private Optional<ChangeSetTree.Planned> planned(ResourceWork work) {
        return work.stack()
                .flatMap(place -> tables.transact(
                        () -> tree.planned(work.scope(), place.stack(), place.logicalId(), work.token())));
    }

    @Override
    public void delete(ResourceWork work, String id) {
        work.client(CloudFormationClient.class).deleteStack(r -> r.stackName(id).clientRequestToken(work.token()));
    }

    @Override
    public boolean settled(ResourceWork work, String id, Change change) {
        Optional<Stack> stack = find(work, id);
        if (stack.isEmpty()) {
            return true;
        }
        String status = stack.get().stackStatusAsString();
        if (status.endsWith("_IN_PROGRESS")) {
            return false;
        }
        boolean fine = switch (change) {
            case CREATE -> status.equals("CREATE_COMPLETE");
            case UPDATE ->
                Set.of("UPDATE_COMPLETE", "CREATE_COMPLETE").contains(status)
                        // It is as it was before an update that failed: well, where nothing else was asked of it.
                        || (status.equals("UPDATE_ROLLBACK_COMPLETE")
                                && events(work, id).noneMatch(e -> work.token().equals(e.clientRequestToken())));
            case DELETE -> status.equals("DELETE_COMPLETE");
        };
        if (!fine) {
            throw Refusals.failed("Embedded stack " + id + " was not successfully "
                    + switch (change) {
                        case CREATE -> "created";
                        case UPDATE -> "updated";
                        case DELETE -> "deleted";
                    }
                    + ": " + reason(work, id));
        }
        return true;
    }

    /** Why the last operation of a stack failed, as its events tell: the stack's own reason is that of its rollback. */
    private static String reason(ResourceWork work, String id) {
        return events(work, id)
                .filter(event -> id.equals(event.physicalResourceId()) && event.resourceStatusReason() != null)
                .filter(event -> FAILING.contains(event.resourceStatusAsString()))
                .findFirst()
                .map(event -> event.resourceStatusReason().replace("Rollback requested by user.", ""))
                .orElse("");
    }

    /** The events of a stack, newest first. */
    private static Stream<StackEvent> events(ResourceWork work, String id) {
        return work
                .client(CloudFormationClient.class)
                .describeStackEventsPaginator(r -> r.stackName(id))
                .stackEvents()
                .stream();
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return find(work, id)
                .filter(stack -> !stack.stackStatusAsString().equals("DELETE_COMPLETE"))
                .map(stack -> {
                    Properties.Builder found = Properties.builder()
                            .put("StackId", id)
                            .put("TemplateURL", work.desired().text("TemplateURL"))
                            .put("TimeoutInMinutes", work.desired().node().get("TimeoutInMinutes"))
                            .put("Parameters", work.desired().textMap("Parameters"))
                            .put("NotificationARNs", stack.notificationARNs());
                    for (Output output : stack.outputs()) {
                        found.put("Outputs." + output.outputKey(), output.outputValue());
                    }
                    return found.build();
                });
    }

    private static Optional<Stack> find(ResourceWork work, String id) {
        try {
            return work.client(CloudFormationClient.class).describeStacks(r -> r.stackName(id)).stacks().stream()
                    .findFirst();
        } catch (AwsServiceException e) {
            if (AwsErrors.message(e).endsWith("does not exist")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    static List<Parameter> parameters(Properties desired) {
        return desired.textMap("Parameters").entrySet().stream()
                .map(e -> Parameter.builder()
                        .parameterKey(e.getKey())
                        .parameterValue(e.getValue())
                        .build())
                .toList();
    }

    static List<Tag> tags(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(e -> Tag.builder().key(e.getKey()).value(e.getValue()).build())
                .toList();
    }
}

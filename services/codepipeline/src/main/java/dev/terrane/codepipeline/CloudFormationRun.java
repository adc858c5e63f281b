package dev.terrane.codepipeline;

import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.kernel.workflow.Steps;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetStatus;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetType;
import software.amazon.awssdk.services.cloudformation.model.DescribeChangeSetResponse;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.cloudformation.model.StackEvent;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;

/**
 * An operation on a CloudFormation stack or change set. The action's id is the client token of what it begins, by which one that was begun before the server
 * died is found again.
 *
 * @see <a href="https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html">CloudFormation deploy action</a>
 */
final class CloudFormationRun implements ActionRun {
    private static final Set<StackStatus> FAILED = Set.of(
            StackStatus.CREATE_FAILED,
            StackStatus.ROLLBACK_COMPLETE,
            StackStatus.ROLLBACK_FAILED,
            StackStatus.DELETE_FAILED,
            StackStatus.UPDATE_ROLLBACK_FAILED);
    private static final Set<StackStatus> SUCCEEDED =
            Set.of(StackStatus.CREATE_COMPLETE, StackStatus.UPDATE_COMPLETE, StackStatus.DELETE_COMPLETE);
    /** What {@link #begin} answers for a change that changes nothing. */
    private static final String NOTHING = "";

    private final Roles roles;
    private final ArtifactFiles artifacts;
    private final JobBoard jobs;

    CloudFormationRun(Roles roles, ArtifactFiles artifacts, JobBoard jobs) {
        this.roles = roles;
        this.artifacts = artifacts;
        this.jobs = jobs;
    }

    /** A stack that has come to rest.
     *
     * @param problem why it is not as it should be; empty when it is */
    record Rested(String problem, Map<String, String> outputs) {}

    /** A change set that is made. */
    record Planned(String problem) {}

    /** An operation on a stack. */
    private interface Operation {
        void begin(Optional<Stack> found) throws IOException;
    }

    @Override
    public ActionOutcome run(Steps steps, ActionRecord action) throws InterruptedException {
        return switch (StackSettings.mode(action)) {
            case CREATE_UPDATE -> deploy(steps, action);
            case REPLACE_ON_FAILURE -> {
                Rested removed = rest(steps, action, "remove", found -> removeFailed(action, found));
                yield removed.problem().isEmpty() ? deploy(steps, action) : failed(removed.problem());
            }
            case DELETE_ONLY ->
                outcome(steps, action, rest(steps, action, "delete", found -> delete(action, found)), Map.of());
            case CHANGE_SET_REPLACE -> plan(steps, action);
            case CHANGE_SET_EXECUTE -> {
                Rested rested = rest(steps, action, "execute", found -> execute(action));
                yield outcome(steps, action, rested, rested.outputs());
            }
        };
    }

    private ActionOutcome deploy(Steps steps, ActionRecord action) throws InterruptedException {
        Rested rested = rest(steps, action, "deploy", found -> createOrUpdate(action, found));
        return outcome(steps, action, rested, rested.outputs());
    }

    private ActionOutcome outcome(Steps steps, ActionRecord action, Rested rested, Map<String, String> outputs)
            throws InterruptedException {
        if (!rested.problem().isEmpty()) {
            return failed(rested.problem());
        }
        if (action.declaration().outputArtifacts().isEmpty()) {
            return ActionOutcome.succeeded("Stack " + name(action), List.of(), outputs);
        }
        ArtifactRecord artifact = steps.step("output", ArtifactRecord.class, () -> write(action, outputs));
        return ActionOutcome.succeeded("Stack " + name(action), List.of(artifact), outputs);
    }

    private static ActionOutcome failed(String problem) {
        return ActionOutcome.failed(ActionOutcome.JOB_FAILED, problem);
    }

    private ArtifactRecord write(ActionRecord action, Map<String, String> outputs) throws IOException {
        ArtifactRecord artifact = artifacts.place(
                action, action.declaration().outputArtifacts().getFirst().name(), action.id(), "");
        byte[] json =
                RecordCodec.json().writeValueAsString(new TreeMap<>(outputs)).getBytes(StandardCharsets.UTF_8);
        return ArtifactFiles.inTemporaryFile(file -> {
            try (ZipWriter zip = new ZipWriter(new BufferedOutputStream(Files.newOutputStream(file)))) {
                zip.add(action.setting("OutputFileName").orElseThrow(), 0100644, json);
            }
            artifacts.write(action, artifact, file, "");
            return artifact;
        });
    }

    /** Begins an operation, unless that was done before, and waits until the stack is at rest. */
    private Rested rest(Steps steps, ActionRecord action, String step, Operation operation)
            throws InterruptedException {
        String stack = steps.step(step, String.class, () -> begin(action, step, operation));
        if (stack.equals(NOTHING)) {
            return steps.step(step + "-outputs", Rested.class, () -> new Rested("", outputs(find(action))));
        }
        return jobs.await(steps, step, Rested.class, () -> look(action, stack, token(action, step)));
    }

    /** @return the stack's id, or {@link #NOTHING} when there was nothing to do */
    private String begin(ActionRecord action, String step, Operation operation) throws IOException {
        Optional<Stack> found = find(action);
        boolean before = jobs.beginning(action);
        if (!before || found.isEmpty() || !begun(action, found.get(), token(action, step))) {
            try {
                operation.begin(found);
            } catch (NothingToDo e) {
                return NOTHING;
            }
        }
        String id = find(action).or(() -> found).map(Stack::stackId).orElseThrow();
        jobs.note(
                action,
                id,
                "https://console.aws.amazon.com/cloudformation/home#/stacks/" + id,
                "Stack " + name(action));
        return id;
    }

    /** A stack that is as it should be. */
    private static final class NothingToDo extends RuntimeException {}

    private void createOrUpdate(ActionRecord action, Optional<Stack> found) throws IOException {
        StackInput input = StackInput.read(action, artifacts, roles);
        if (found.isEmpty()) {
            stacks(action)
                    .createStack(r -> r.stackName(name(action))
                            .templateBody(input.template().orElse(null))
                            .templateURL(input.templateUrl().orElse(null))
                            .parameters(input.parameters())
                            .tags(input.tags())
                            .stackPolicyBody(input.stackPolicy().orElse(null))
                            .capabilities(StackSettings.capabilities(action))
                            .roleARN(role(action))
                            .clientRequestToken(token(action, "deploy")));
            return;
        }
        try {
            stacks(action)
                    .updateStack(r -> r.stackName(name(action))
                            .templateBody(input.template().orElse(null))
                            .templateURL(input.templateUrl().orElse(null))
                            .parameters(input.parameters())
                            .tags(input.tags())
                            .stackPolicyBody(input.stackPolicy().orElse(null))
                            .capabilities(StackSettings.capabilities(action))
                            .roleARN(role(action))
                            .clientRequestToken(token(action, "deploy")));
        } catch (AwsServiceException e) {
            if (changesNothing(e.awsErrorDetails().errorMessage())) {
                throw new NothingToDo();
            }
            throw e;
        }
    }

    private void removeFailed(ActionRecord action, Optional<Stack> found) {
        if (found.filter(stack -> FAILED.contains(stack.stackStatus())).isEmpty()) {
            throw new NothingToDo();
        }
        stacks(action)
                .deleteStack(r -> r.stackName(found.get().stackId())
                        .roleARN(role(action))
                        .clientRequestToken(token(action, "remove")));
    }

    private void delete(ActionRecord action, Optional<Stack> found) {
        if (found.isEmpty()) {
            throw new NothingToDo();
        }
        stacks(action)
                .deleteStack(r -> r.stackName(found.get().stackId())
                        .roleARN(role(action))
                        .clientRequestToken(token(action, "delete")));
    }

    private void execute(ActionRecord action) {
        DescribeChangeSetResponse planned = changeSet(action);
        if (planned.status() == ChangeSetStatus.FAILED && changesNothing(planned.statusReason())) {
            throw new NothingToDo();
        }
        stacks(action)
                .executeChangeSet(r -> r.stackName(name(action))
                        .changeSetName(changeSetName(action))
                        .clientRequestToken(token(action, "execute")));
    }

    private ActionOutcome plan(Steps steps, ActionRecord action) throws InterruptedException {
        steps.step("plan", () -> replaceChangeSet(action));
        Planned planned = jobs.await(steps, "plan", Planned.class, () -> planned(action));
        if (!planned.problem().isEmpty()) {
            return failed(planned.problem());
        }
        Map<String, String> outputs = steps.step("outputs", Rested.class, () -> new Rested("", outputs(find(action))))
                .outputs();
        return outcome(steps, action, new Rested("", outputs), outputs);
    }

    private void replaceChangeSet(ActionRecord action) throws IOException {
        StackInput input = StackInput.read(action, artifacts, roles);
        Optional<Stack> found = find(action);
        if (found.isPresent()) {
            // One that is not there is deleted as well: CloudFormation answers the same.
            stacks(action).deleteChangeSet(r -> r.stackName(name(action)).changeSetName(changeSetName(action)));
        }
        boolean making = found.isEmpty() || found.get().stackStatus() == StackStatus.REVIEW_IN_PROGRESS;
        stacks(action)
                .createChangeSet(r -> r.stackName(name(action))
                        .changeSetName(changeSetName(action))
                        .changeSetType(making ? ChangeSetType.CREATE : ChangeSetType.UPDATE)
                        .templateBody(input.template().orElse(null))
                        .templateURL(input.templateUrl().orElse(null))
                        .parameters(input.parameters())
                        .tags(input.tags())
                        .capabilities(StackSettings.capabilities(action))
                        .roleARN(role(action)));
    }

    private Optional<Planned> planned(ActionRecord action) {
        DescribeChangeSetResponse changes = changeSet(action);
        return switch (changes.status()) {
            case CREATE_COMPLETE -> Optional.of(new Planned(""));
            case FAILED ->
                Optional.of(new Planned(
                        changesNothing(changes.statusReason())
                                ? ""
                                : "Change set %s failed: %s".formatted(changeSetName(action), changes.statusReason())));
            default -> Optional.empty();
        };
    }

    /** Neither a change that there is none of, nor an empty change set, is a failure of the action. */
    private static boolean changesNothing(String reason) {
        return reason.contains("No updates are to be performed") || reason.contains("didn't contain changes");
    }

    private DescribeChangeSetResponse changeSet(ActionRecord action) {
        return stacks(action).describeChangeSet(r -> r.stackName(name(action)).changeSetName(changeSetName(action)));
    }

    private Optional<Rested> look(ActionRecord action, String id, String token) {
        Stack stack =
                stacks(action).describeStacks(r -> r.stackName(id)).stacks().getFirst();
        if (stack.stackStatusAsString().endsWith("_IN_PROGRESS")) {
            return Optional.empty();
        }
        if (SUCCEEDED.contains(stack.stackStatus())) {
            return Optional.of(new Rested("", outputs(Optional.of(stack))));
        }
        String cause = cause(action, stack, token);
        return Optional.of(new Rested(
                "Stack %s is %s%s".formatted(stack.stackName(), stack.stackStatusAsString(), cause), Map.of()));
    }

    /** What the first resource that failed says; nothing where the role may not read the stack's events, as in AWS. */
    private String cause(ActionRecord action, Stack stack, String token) {
        try {
            return events(action, stack).stream()
                    .filter(e -> token.equals(e.clientRequestToken()))
                    .filter(e -> e.resourceStatusAsString().endsWith("_FAILED") && e.resourceStatusReason() != null)
                    .reduce((later, earlier) -> earlier)
                    .map(e -> ". %s (%s): %s"
                            .formatted(e.logicalResourceId(), e.resourceType(), e.resourceStatusReason()))
                    .orElse("");
        } catch (AwsServiceException e) {
            return "";
        }
    }

    private boolean begun(ActionRecord action, Stack stack, String token) {
        return events(action, stack).stream().anyMatch(e -> token.equals(e.clientRequestToken()));
    }

    /** The stack's events, the newest first. */
    private List<StackEvent> events(ActionRecord action, Stack stack) {
        return stacks(action)
                .describeStackEvents(r -> r.stackName(stack.stackId()))
                .stackEvents();
    }

    private Optional<Stack> find(ActionRecord action) {
        try {
            return stacks(action).describeStacks(r -> r.stackName(name(action))).stacks().stream()
                    .findFirst();
        } catch (AwsServiceException e) {
            if (e.awsErrorDetails().errorMessage().contains("does not exist")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Map<String, String> outputs(Optional<Stack> stack) {
        Map<String, String> outputs = new TreeMap<>();
        stack.ifPresent(s -> s.outputs().forEach(o -> outputs.put(o.outputKey(), o.outputValue())));
        return outputs;
    }

    private CloudFormationClient stacks(ActionRecord action) {
        return roles.client(CloudFormationClient.class, action);
    }

    private static String name(ActionRecord action) {
        return action.setting("StackName").orElseThrow();
    }

    private static String changeSetName(ActionRecord action) {
        return action.setting("ChangeSetName").orElseThrow();
    }

    private static String role(ActionRecord action) {
        return action.setting("RoleArn").orElseThrow();
    }

    private static String token(ActionRecord action, String step) {
        return action.id() + "-" + step;
    }
}

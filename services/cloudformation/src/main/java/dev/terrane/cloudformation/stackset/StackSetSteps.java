package dev.terrane.cloudformation.stackset;

import dev.terrane.cloudformation.stackset.InstanceGroups.Group;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceType.Change;
import dev.terrane.kernel.resource.ResourceWork;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.*;

/**
 * The operations on a set that a change of its resource takes, one after another. Their ids follow from the change, so that whoever looks again finds those that
 * were begun.
 */
final class StackSetSteps {
    /** Properties that say how the set is worked on, and not what it is. */
    private static final String[] MANNER = {"StackInstancesGroup", "OperationPreferences", "CallAs"};

    /** How much of the instances' reasons a resource's reason takes. */
    private static final int LONGEST_REASON = 1_000;

    private static final Set<StackSetOperationStatus> GOING_ON =
            Set.of(StackSetOperationStatus.QUEUED, StackSetOperationStatus.RUNNING, StackSetOperationStatus.STOPPING);

    private final ResourceWork work;
    private final CloudFormationClient client;
    private final String set;

    StackSetSteps(ResourceWork work, String set) {
        this.work = work;
        this.client = work.client(CloudFormationClient.class);
        this.set = set;
    }

    /**
     * Begins the next operation when that before it is over.
     *
     * @return whether all are over
     * @throws AwsServiceException when one has failed, with the reasons of its instances
     */
    boolean goOn(Change change) {
        int number = 0;
        for (Consumer<String> step : steps(change)) {
            if (!isOver(operationId(++number), step)) {
                return false;
            }
        }
        return true;
    }

    private String operationId(int number) {
        return UUID.nameUUIDFromBytes((work.token() + "/" + number).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private boolean isOver(String id, Consumer<String> begin) {
        Optional<StackSetOperation> operation = operation(id);
        if (operation.isEmpty()) {
            begun(() -> begin.accept(id));
            return false;
        }
        StackSetOperationStatus status = operation.get().status();
        if (GOING_ON.contains(status)) {
            return false;
        }
        if (status != StackSetOperationStatus.SUCCEEDED) {
            throw AwsErrors.of(
                    "NotStabilized",
                    400,
                    "Stack set operation [" + id + "] was unexpectedly stopped or failed. status reason(s):"
                            + reasons(id));
        }
        return true;
    }

    private Optional<StackSetOperation> operation(String id) {
        return work.ifThere(
                OperationNotFoundException.class,
                () -> client.describeStackSetOperation(
                                r -> r.stackSetName(set).operationId(id).callAs(callAs()))
                        .stackSetOperation());
    }

    /** Begins something, unless an operation that somebody else has begun is to be waited for.
     *
     * @return whether it has begun */
    private static boolean begun(Runnable begin) {
        try {
            begin.run();
            return true;
        } catch (AwsServiceException e) {
            if (!e.awsErrorDetails().errorCode().startsWith("OperationInProgress")) {
                throw e;
            }
            return false;
        }
    }

    /** Deletes the set when its operations are over.
     *
     * @return whether it is gone */
    boolean delete() {
        return goOn(Change.DELETE) && begun(() -> client.deleteStackSet(r -> r.stackSetName(set)));
    }

    private String reasons(String id) {
        String all = client
                .listStackSetOperationResultsPaginator(
                        r -> r.stackSetName(set).operationId(id).callAs(callAs()))
                .summaries()
                .stream()
                .filter(result -> result.status() == StackSetOperationResultStatus.FAILED)
                .map(StackSetOperationResultSummary::statusReason)
                .distinct()
                .map(reason -> " [" + reason + "]")
                .collect(Collectors.joining());
        return all.length() <= LONGEST_REASON
                ? all
                : all.substring(0, LONGEST_REASON) + "... ListStackSetOperationResults tells the rest.";
    }

    private List<Consumer<String>> steps(Change change) {
        InstanceGroups wanted = InstanceGroups.of(work.desired());
        return switch (change) {
            case CREATE -> wanted.groups().stream().map(this::create).toList();
            case UPDATE -> updates(InstanceGroups.of(work.previous()), wanted);
            case DELETE -> wanted.plain().groups().stream().map(this::delete).toList();
        };
    }

    private List<Consumer<String>> updates(InstanceGroups before, InstanceGroups wanted) {
        List<Consumer<String>> steps = new ArrayList<>();
        before.without(wanted).plain().groups().stream().map(this::delete).forEach(steps::add);
        if (!work.desired().without(MANNER).equals(work.previous().without(MANNER))
                || !work.tags().equals(work.previousTags())) {
            steps.add(this::update);
        }
        wanted.without(before).groups().stream().map(this::create).forEach(steps::add);
        wanted.differing(before).groups().stream().map(this::override).forEach(steps::add);
        return steps;
    }

    private Consumer<String> create(Group group) {
        return id -> client.createStackInstances(r -> r.stackSetName(set)
                .accounts(group.accounts())
                .regions(group.regions())
                .parameterOverrides(group.overrides().isEmpty() ? null : parameters(group.overrides()))
                .operationPreferences(preferences())
                .operationId(id)
                .callAs(callAs()));
    }

    private Consumer<String> override(Group group) {
        return id -> client.updateStackInstances(r -> r.stackSetName(set)
                .accounts(group.accounts())
                .regions(group.regions())
                .parameterOverrides(parameters(group.overrides()))
                .operationPreferences(preferences())
                .operationId(id)
                .callAs(callAs()));
    }

    private Consumer<String> delete(Group group) {
        return id -> client.deleteStackInstances(r -> r.stackSetName(set)
                .accounts(group.accounts())
                .regions(group.regions())
                .retainStacks(false)
                .operationPreferences(preferences())
                .operationId(id)
                .callAs(callAs()));
    }

    private void update(String id) {
        Properties desired = work.desired();
        UpdateStackSetRequest.Builder request =
                desired.as(UpdateStackSetRequest.builder()).toBuilder().stackSetName(set);
        if (!desired.has("ManagedExecution") && work.previous().has("ManagedExecution")) {
            request.managedExecution(ManagedExecution.builder().active(false).build());
        }
        client.updateStackSet(
                request.tags(StackSetResource.tags(work.tags())).operationId(id).build());
    }

    private CallAs callAs() {
        return CallAs.fromValue(work.desired().text("CallAs").orElse("SELF"));
    }

    private StackSetOperationPreferences preferences() {
        return work.desired()
                .as("OperationPreferences", StackSetOperationPreferences.builder())
                .orElse(StackSetOperationPreferences.builder().build());
    }

    private static List<Parameter> parameters(Map<String, String> values) {
        return values.entrySet().stream()
                .map(e -> Parameter.builder()
                        .parameterKey(e.getKey())
                        .parameterValue(e.getValue())
                        .build())
                .toList();
    }
}

package dev.terrane.cloudformation;

import dev.terrane.cloudformation.StackRecord.Drift;
import dev.terrane.cloudformation.StackRecord.Kind;
import dev.terrane.cloudformation.StackRecord.OnFailure;
import dev.terrane.cloudformation.StackRecord.Operation;
import dev.terrane.cloudformation.StackRecord.Settings;
import dev.terrane.cloudformation.StackRecord.Then;
import dev.terrane.cloudformation.StackRecord.Timeline;
import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.workflow.Workflows;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudformation.model.*;

/** Makes, changes and deletes stacks: begins what {@link StackWorkflow} carries out. */
final class Stacks {
    /** Of stacks that can be updated. */
    static final Set<StackStatus> UPDATABLE = Set.of(
            StackStatus.CREATE_COMPLETE,
            StackStatus.UPDATE_COMPLETE,
            StackStatus.UPDATE_ROLLBACK_COMPLETE,
            StackStatus.IMPORT_COMPLETE,
            StackStatus.IMPORT_ROLLBACK_COMPLETE,
            StackStatus.UPDATE_FAILED,
            StackStatus.CREATE_FAILED);

    private final CloudFormationTables tables;
    private final Progress progress;
    private final Requests requests;
    private final Guards guards;
    private final Workflows workflows;
    private final StackWorkflow operations;
    private final ChangeSetTree tree;
    private final SkippedResources skipped;

    Stacks(
            CloudFormationTables tables,
            Progress progress,
            Requests requests,
            Guards guards,
            Workflows workflows,
            StackWorkflow operations,
            ChangeSetTree tree) {
        this.tables = tables;
        this.progress = progress;
        this.requests = requests;
        this.guards = guards;
        this.workflows = workflows;
        this.operations = operations;
        this.tree = tree;
        this.skipped = new SkippedResources(tables, progress);
    }

    CreateStackResponse create(CreateStackRequest request) {
        Scope scope = scope();
        if (request.disableRollback() != null && request.onFailure() != null) {
            throw Refusals.invalid("You can specify either DisableRollback or OnFailure, but not both.");
        }
        Optional<StackRecord> there = tables.find(scope, request.stackName());
        if (there.isPresent() && there.get().status() != StackStatus.REVIEW_IN_PROGRESS) {
            Operation last = there.get().operation();
            if (request.clientRequestToken() != null
                    && last.kind() == Kind.CREATE
                    && last.token().equals(request.clientRequestToken())) {
                return CreateStackResponse.builder()
                        .stackId(there.get().arn())
                        .operationId(last.id())
                        .build();
            }
            throw AlreadyExistsException.builder()
                    .message("Stack [" + request.stackName() + "] already exists")
                    .build();
        }
        Optional<ChangeSetRecord> carriedOut =
                there.flatMap(s -> tree.carriedOut(scope, s, request.clientRequestToken()));
        if (there.isPresent() && carriedOut.isEmpty()) {
            throw Refusals.invalid(
                    "Stack:" + there.get().arn() + " is in REVIEW_IN_PROGRESS state and can not be created.");
        }
        Settings settings = requests.settings(
                new Requests.Asked(
                        request.templateBody(),
                        request.templateURL(),
                        false,
                        request.parameters(),
                        request.capabilities(),
                        request.roleARN(),
                        request.hasNotificationARNs() ? request.notificationARNs() : null,
                        request.hasTags() ? request.tags() : null,
                        request.rollbackConfiguration()),
                request.stackName(),
                Optional.empty());
        StackRecord stack = there.map(s -> s.becoming(settings).settled(List.of()))
                .orElseGet(() -> add(
                        scope,
                        request.stackName(),
                        settings,
                        StackStatus.CREATE_IN_PROGRESS,
                        Boolean.TRUE.equals(request.enableTerminationProtection())));
        String policy = guards.policy(request.stackPolicyBody(), request.stackPolicyURL());
        OnFailure onFailure = request.onFailure() == null
                ? Boolean.TRUE.equals(request.disableRollback()) ? OnFailure.DO_NOTHING : OnFailure.ROLLBACK
                : OnFailure.valueOf(request.onFailureAsString());
        Operation operation = operation(
                Kind.CREATE,
                onFailure,
                request.timeoutInMinutes() == null ? 0 : request.timeoutInMinutes(),
                List.of(),
                request.clientRequestToken());
        begin(
                scope,
                tree.executing(scope, stack.underPolicy(policy), carriedOut),
                StackStatus.CREATE_IN_PROGRESS,
                operation
                        .carrying(carriedOut.map(ChangeSetRecord::arn).orElse(""))
                        .fleeting(request.retainExceptOnCreate()));
        return CreateStackResponse.builder()
                .stackId(stack.arn())
                .operationId(operation.id())
                .build();
    }

    /** A new stack, of which nothing is there yet. */
    StackRecord add(Scope scope, String name, Settings settings, StackStatus status, boolean guarded) {
        String id = Ids.uuid();
        if (!tables.take(scope, name, id)) {
            throw AlreadyExistsException.builder()
                    .message("Stack [" + name + "] already exists")
                    .build();
        }
        return fresh(scope, id, name, settings, status, guarded);
    }

    /** The same, which has not taken its name. */
    StackRecord fresh(Scope scope, String id, String name, Settings settings, StackStatus status, boolean guarded) {
        String arn = Arn.of("cloudformation", scope.region(), scope.account(), "stack/" + name + "/" + id)
                .toString();
        return new StackRecord(
                id,
                arn,
                name,
                status,
                "",
                settings,
                Optional.empty(),
                guarded,
                "",
                List.of(),
                "",
                "",
                "",
                Operation.NONE,
                new Timeline(progress.now(), Optional.empty(), Optional.empty()),
                Drift.UNCHECKED);
    }

    static Operation operation(
            Kind kind, OnFailure onFailure, int timeoutMinutes, List<String> keep, @Nullable String token) {
        return Operation.of(
                Ids.uuid(),
                kind,
                Optional.of(Call.current().principal()),
                onFailure,
                timeoutMinutes,
                keep,
                token == null ? "" : token);
    }

    /** Begins an operation. */
    void begin(Scope scope, StackRecord stack, StackStatus status, Operation operation) {
        StackRecord changed = stack.with(operation);
        progress.stack(scope, changed, status, Reasons.USER_INITIATED);
        workflows.start(operations, scope, operation.id(), new StackWorkflow.Input(stack.id(), operation.id()));
    }

    /** Begins to take resources that are there already. */
    void take(Scope scope, StackRecord stack, Settings settings, Operation operation) {
        boolean fresh = stack.status() == StackStatus.REVIEW_IN_PROGRESS;
        StackRecord becoming = stack.becoming(settings);
        begin(
                scope,
                fresh ? becoming.settled(List.of()) : becoming.touched(progress.now()),
                StackStatus.IMPORT_IN_PROGRESS,
                operation);
    }

    UpdateStackResponse update(UpdateStackRequest request) {
        Scope scope = scope();
        StackRecord stack = updatable(scope, request.stackName(), request.clientRequestToken());
        if (repeated(stack, Kind.UPDATE, request.clientRequestToken())) {
            return UpdateStackResponse.builder()
                    .stackId(stack.arn())
                    .operationId(stack.operation().id())
                    .build();
        }
        Settings settings = requests.settings(
                new Requests.Asked(
                        request.templateBody(),
                        request.templateURL(),
                        Boolean.TRUE.equals(request.usePreviousTemplate()),
                        request.parameters(),
                        request.capabilities(),
                        request.roleARN(),
                        request.hasNotificationARNs() ? request.notificationARNs() : null,
                        request.hasTags() ? request.tags() : null,
                        request.rollbackConfiguration()),
                stack.name(),
                Optional.of(stack));
        Optional<ChangeSetRecord> carriedOut = tree.carriedOut(scope, stack, request.clientRequestToken());
        if (carriedOut.isEmpty()
                && stack.status() != StackStatus.UPDATE_FAILED
                && stack.status() != StackStatus.CREATE_FAILED
                && stack.settings().makesSame(settings)
                && request.stackPolicyBody() == null) {
            throw Refusals.invalid("No updates are to be performed.");
        }
        String policy = guards.policy(request.stackPolicyBody(), request.stackPolicyURL());
        Operation operation = operation(
                        Kind.UPDATE,
                        Boolean.TRUE.equals(request.disableRollback()) ? OnFailure.DO_NOTHING : OnFailure.ROLLBACK,
                        0,
                        List.of(),
                        request.clientRequestToken())
                .fleeting(request.retainExceptOnCreate())
                .under(guards.policy(request.stackPolicyDuringUpdateBody(), request.stackPolicyDuringUpdateURL()));
        change(
                scope,
                tree.executing(scope, policy.isEmpty() ? stack : stack.underPolicy(policy), carriedOut),
                settings,
                operation.carrying(carriedOut.map(ChangeSetRecord::arn).orElse("")));
        return UpdateStackResponse.builder()
                .stackId(stack.arn())
                .operationId(operation.id())
                .build();
    }

    /** Begins to make a stack what it is to become. */
    void change(Scope scope, StackRecord stack, Settings settings, Operation operation) {
        begin(scope, stack.becoming(settings).touched(progress.now()), StackStatus.UPDATE_IN_PROGRESS, operation);
    }

    private static boolean repeated(StackRecord stack, Kind kind, @Nullable String token) {
        return token != null
                && stack.operation().kind() == kind
                && stack.operation().token().equals(token);
    }

    private StackRecord updatable(Scope scope, String name, @Nullable String token) {
        StackRecord stack = guards.existing(scope, name);
        if (!UPDATABLE.contains(stack.status()) && !repeated(stack, Kind.UPDATE, token)) {
            throw Refusals.invalid(
                    "Stack:" + stack.arn() + " is in " + stack.status() + " state and can not be updated.");
        }
        return stack;
    }

    DeleteStackResponse delete(DeleteStackRequest request) {
        Scope scope = scope();
        Optional<StackRecord> found = tables.find(scope, request.stackName()).filter(s -> !s.deleted());
        if (found.isEmpty() || found.get().status() == StackStatus.DELETE_IN_PROGRESS) {
            return DeleteStackResponse.builder().build();
        }
        StackRecord stack = found.get();
        if (stack.terminationProtection()) {
            throw Refusals.invalid(
                    "Stack [" + stack.name() + "] cannot be deleted while TerminationProtection is enabled");
        }
        boolean forced = request.deletionMode() == DeletionMode.FORCE_DELETE_STACK;
        if ((!request.retainResources().isEmpty() || forced) && stack.status() != StackStatus.DELETE_FAILED) {
            throw Refusals.invalid("Invalid operation on stack [" + stack.arn()
                    + "]. Resources to retain can be specified only when the stack is in DELETE_FAILED state.");
        }
        Operation operation = operation(
                Kind.DELETE,
                OnFailure.DO_NOTHING,
                0,
                forced ? failed(scope, stack) : request.retainResources(),
                request.clientRequestToken());
        StackRecord asked = request.roleARN() == null ? stack : stack.underRole(request.roleARN());
        switch (stack.status()) {
            case REVIEW_IN_PROGRESS -> {
                tree.deleteAll(scope, stack);
                tree.delete(scope, asked.with(operation));
            }
            case CREATE_IN_PROGRESS -> {
                tables.put(
                        scope,
                        asked.in(StackStatus.DELETE_IN_PROGRESS, Reasons.USER_INITIATED)
                                .with(stack.operation().then(Then.DELETE)));
                workflows.cancel(operations, stack.operation().id(), Reasons.USER_INITIATED);
            }
            default -> {
                if (stack.busy()) {
                    throw Refusals.invalid(
                            "Stack [" + stack.name() + "] cannot be deleted while in status " + stack.status());
                }
                begin(scope, asked, StackStatus.DELETE_IN_PROGRESS, operation);
            }
        }
        return DeleteStackResponse.builder().build();
    }

    private List<String> failed(Scope scope, StackRecord stack) {
        return tables.resources(scope, stack.id()).stream()
                .filter(r -> r.status() == ResourceStatus.DELETE_FAILED)
                .map(ResourceRecord::logicalId)
                .toList();
    }

    CancelUpdateStackResponse cancelUpdate(CancelUpdateStackRequest request) {
        Scope scope = scope();
        StackRecord stack = guards.existing(scope, request.stackName());
        if (stack.status() != StackStatus.UPDATE_IN_PROGRESS) {
            throw Refusals.invalid("CancelUpdateStack cannot be called from current stack status");
        }
        tables.put(scope, stack.with(stack.operation().then(Then.ROLL_BACK)));
        workflows.cancel(operations, stack.operation().id(), Reasons.USER_INITIATED);
        return CancelUpdateStackResponse.builder().build();
    }

    ContinueUpdateRollbackResponse continueRollback(ContinueUpdateRollbackRequest request) {
        Scope scope = scope();
        StackRecord stack = guards.existing(scope, request.stackName());
        if (stack.status() != StackStatus.UPDATE_ROLLBACK_FAILED) {
            throw Refusals.invalid("Stack:" + stack.arn() + " is in " + stack.status()
                    + " state and can not continue update rollback.");
        }
        skipped.check(scope, stack, request.resourcesToSkip());
        StackRecord asked = request.roleARN() == null ? stack : stack.underRole(request.roleARN());
        begin(
                scope,
                asked,
                StackStatus.UPDATE_ROLLBACK_IN_PROGRESS,
                operation(
                                Kind.CONTINUE_ROLLBACK,
                                OnFailure.ROLLBACK,
                                0,
                                request.resourcesToSkip(),
                                request.clientRequestToken())
                        .carrying(stack.operation().changeSet()));
        return ContinueUpdateRollbackResponse.builder().build();
    }

    RollbackStackResponse rollBack(RollbackStackRequest request) {
        Scope scope = scope();
        StackRecord stack = guards.existing(scope, request.stackName());
        StackRecord asked = request.roleARN() == null ? stack : stack.underRole(request.roleARN());
        boolean made = stack.status() == StackStatus.CREATE_FAILED;
        if (!made && stack.status() != StackStatus.UPDATE_FAILED) {
            throw Refusals.invalid(
                    "Stack:" + stack.arn() + " is in " + stack.status() + " state and can not be rolled back.");
        }
        Operation operation = operation(
                made ? Kind.ROLL_BACK : Kind.CONTINUE_ROLLBACK,
                OnFailure.ROLLBACK,
                0,
                List.of(),
                request.clientRequestToken());
        begin(
                scope,
                asked,
                made ? StackStatus.ROLLBACK_IN_PROGRESS : StackStatus.UPDATE_ROLLBACK_IN_PROGRESS,
                (made ? operation : operation.carrying(stack.operation().changeSet()))
                        .fleeting(request.retainExceptOnCreate()));
        return RollbackStackResponse.builder()
                .stackId(stack.arn())
                .operationId(operation.id())
                .build();
    }

    SignalResourceResponse signal(SignalResourceRequest request) {
        Scope scope = scope();
        StackRecord stack = guards.existing(scope, request.stackName());
        ResourceRecord resource = tables.resource(scope, stack.id(), request.logicalResourceId())
                .orElseThrow(() -> Refusals.invalid(
                        "Resource " + request.logicalResourceId() + " does not exist for stack " + stack.name()));
        if (resource.status() != ResourceStatus.CREATE_IN_PROGRESS
                && resource.status() != ResourceStatus.UPDATE_IN_PROGRESS) {
            throw Refusals.invalid("Resource " + resource.logicalId() + " is in " + resource.status()
                    + " state and can not be signaled");
        }
        ResourceWorkflow.Signal signal =
                new ResourceWorkflow.Signal(request.uniqueId(), request.status() == ResourceSignalStatus.SUCCESS);
        ResourceWorkflow.working(resource)
                .forEach(process -> workflows.signal(operations.resources(), process, ResourceWorkflow.SIGNAL, signal));
        return SignalResourceResponse.builder().build();
    }

    private static Scope scope() {
        return Call.current().scope();
    }
}

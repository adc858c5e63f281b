package dev.terrane.cloudformation;

import static dev.terrane.cloudformation.ChangeSetRecord.Option.IMPORT_EXISTING_RESOURCES;

import dev.terrane.cloudformation.ChangeSetRecord.Nesting;
import dev.terrane.cloudformation.NestedChangeSets.Named;
import dev.terrane.cloudformation.StackRecord.Kind;
import dev.terrane.cloudformation.StackRecord.OnFailure;
import dev.terrane.cloudformation.StackRecord.Settings;
import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.error.AwsErrors;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.model.*;

/** Change sets: what an operation would do, and the operation. */
final class ChangeSets {
    static final String NO_CHANGES =
            "The submitted information didn't contain changes. Submit different information to create a change set.";

    private final CloudFormationTables tables;
    private final Stacks stacks;
    private final Requests requests;
    private final Progress progress;
    private final Preview preview;
    private final Imports imports;
    private final ExistingResources existing;
    private final ChangeSetTree tree;
    private final NestedChangeSets nested;

    ChangeSets(
            CloudFormationTables tables,
            Stacks stacks,
            Requests requests,
            Progress progress,
            Preview preview,
            Imports imports,
            ExistingResources existing,
            ChangeSetTree tree,
            NestedChangeSets nested) {
        this.tables = tables;
        this.stacks = stacks;
        this.requests = requests;
        this.progress = progress;
        this.preview = preview;
        this.imports = imports;
        this.existing = existing;
        this.tree = tree;
        this.nested = nested;
    }

    CreateChangeSetResponse create(CreateChangeSetRequest request) {
        Scope scope = Call.current().scope();
        boolean importing = request.changeSetType() == ChangeSetType.IMPORT;
        if (request.deploymentMode() != null) {
            throw AwsErrors.of(
                    "NotImplemented",
                    501,
                    "Terrane does not implement change sets that revert drift (DeploymentMode) yet.");
        }
        if (request.hasResourcesToImport() && !importing) {
            throw Refusals.invalid("ResourcesToImport can be specified only for ChangeSetType IMPORT");
        }
        Optional<StackRecord> there = tables.find(scope, request.stackName()).filter(s -> !s.deleted());
        boolean creating = request.changeSetType() == ChangeSetType.CREATE
                || (importing
                        && there.filter(s -> s.status() != StackStatus.REVIEW_IN_PROGRESS)
                                .isEmpty());
        if (creating && there.isPresent() && there.get().status() != StackStatus.REVIEW_IN_PROGRESS) {
            throw Refusals.invalid("Stack [" + request.stackName()
                    + "] already exists and cannot be created again with the changeSet [" + request.changeSetName()
                    + "].");
        }
        if (!creating && there.isEmpty()) {
            throw Refusals.noStackNamed(request.stackName());
        }
        if (!creating && !Stacks.UPDATABLE.contains(there.get().status())) {
            throw Refusals.invalid(
                    "Stack:" + there.get().arn() + " is in " + there.get().status() + " state and can not be updated.");
        }
        Optional<StackRecord> before = there.filter(s -> s.status() != StackStatus.REVIEW_IN_PROGRESS);
        Requests.Drafted drafted = requests.drafted(
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
                there.map(StackRecord::name).orElse(request.stackName()),
                before);
        Settings settings = drafted.settings();
        if (Boolean.TRUE.equals(request.includeNestedStacks()) && importing && requests.hasNestedStacks(settings)) {
            throw Refusals.invalid("IncludeNestedStacks cannot be used with ChangeSetType IMPORT");
        }
        StackRecord stack = there.orElseGet(() -> {
            StackRecord added =
                    stacks.add(scope, request.stackName(), Settings.NONE, StackStatus.REVIEW_IN_PROGRESS, false);
            return progress.stack(scope, added, StackStatus.REVIEW_IN_PROGRESS, Reasons.USER_INITIATED);
        });
        if (tables.changeSet(scope, ChangeSetRecord.key(stack.id(), request.changeSetName()))
                .isPresent()) {
            throw AlreadyExistsException.builder()
                    .message("ChangeSet " + request.changeSetName()
                            + " cannot be created because a ChangeSet with the same name already exists for stack "
                            + stack.name())
                    .build();
        }
        ChangeSetRecord changeSet = record(
                scope,
                stack,
                request,
                drafted,
                importing && drafted.failure().isEmpty()
                        ? imports.asked(stack, settings, request.resourcesToImport())
                        : Map.of());
        tables.put(scope, changeSet);
        return CreateChangeSetResponse.builder()
                .id(changeSet.arn())
                .stackId(stack.arn())
                .build();
    }

    private ChangeSetRecord record(
            Scope scope,
            StackRecord stack,
            CreateChangeSetRequest request,
            Requests.Drafted drafted,
            Map<String, String> asked) {
        Settings settings = drafted.settings();
        boolean takesExisting = Boolean.TRUE.equals(request.importExistingResources());
        Named named = Named.of(scope, request.changeSetName());
        boolean readable = drafted.failure().isEmpty();
        boolean including = Boolean.TRUE.equals(request.includeNestedStacks());
        Optional<NestedChangeSets.Level> level =
                including && readable ? Optional.of(nested.level(stack, settings, named)) : Optional.empty();
        Looked looked = readable
                ? look(scope, stack, settings, asked, takesExisting, level)
                : new Looked(List.of(), asked, drafted.failure());
        String reason = looked.reason();
        boolean fine = reason.isEmpty();
        OnFailure onFailure = request.onStackFailure() == null
                ? OnFailure.ROLLBACK
                : OnFailure.valueOf(request.onStackFailureAsString());
        return new ChangeSetRecord(
                named.id(),
                named.arn(),
                named.name(),
                stack.id(),
                request.changeSetType() == null ? "UPDATE" : request.changeSetTypeAsString(),
                request.description() == null ? "" : request.description(),
                fine ? ChangeSetStatus.CREATE_COMPLETE : ChangeSetStatus.FAILED,
                fine ? ExecutionStatus.AVAILABLE : ExecutionStatus.UNAVAILABLE,
                reason,
                settings,
                onFailure,
                looked.changes(),
                looked.imports(),
                takesExisting ? Set.of(IMPORT_EXISTING_RESOURCES) : Set.of(),
                level.map(one -> Nesting.root(one.nested())).orElse(Nesting.NONE),
                progress.now());
    }

    /**
     * What a change set would do.
     *
     * @param imports the primary identifiers of what is to be imported, by logical ids
     * @param reason why it cannot be carried out; empty where it can
     */
    private record Looked(List<Change> changes, Map<String, String> imports, String reason) {}

    private Looked look(
            Scope scope,
            StackRecord stack,
            Settings settings,
            Map<String, String> asked,
            boolean takesExisting,
            Optional<NestedChangeSets.Level> level) {
        Map<String, String> imported = asked;
        List<Change> changes = List.of();
        try {
            changes = preview.look(
                            scope,
                            stack,
                            settings,
                            level.<Preview.Inner>map(one -> one).orElse(Preview.Inner.NONE))
                    .changes();
            if (!imported.isEmpty()) {
                changes = Imports.changes(changes, imported, preview.sameOutputs(scope, stack, settings));
            } else if (takesExisting) {
                imported = existing.among(changes, stack, settings);
                changes = Imports.marked(changes, imported);
            }
            String reason = level.map(NestedChangeSets.Level::failure).orElse("");
            boolean same = reason.isEmpty() && changes.isEmpty() && preview.sameBeside(scope, stack, settings);
            return new Looked(changes, imported, same ? NO_CHANGES : reason);
        } catch (AwsServiceException e) {
            return new Looked(changes, imported, AwsErrors.message(e));
        }
    }

    /** A change set by its ARN, or by the names of its stack and itself.
     *
     * @throws ChangeSetNotFoundException when there is none */
    static ChangeSetRecord find(CloudFormationTables tables, @Nullable String stackName, String name) {
        Scope scope = Call.current().scope();
        Optional<ChangeSetRecord> found;
        if (Arn.isArn(name)) {
            found = tables.changeSetByArn(scope, name);
        } else if (stackName == null) {
            throw Refusals.invalid("StackName must be specified if ChangeSetName is not specified as an ARN.");
        } else {
            StackRecord stack = tables.find(scope, stackName).orElseThrow(() -> Refusals.noStackNamed(stackName));
            found = tables.changeSet(scope, ChangeSetRecord.key(stack.id(), name));
        }
        return found.orElseThrow(() -> ChangeSetNotFoundException.builder()
                .message("ChangeSet [" + name + "] does not exist")
                .build());
    }

    DescribeChangeSetResponse describe(DescribeChangeSetRequest request) {
        ChangeSetRecord changeSet = find(tables, request.stackName(), request.changeSetName());
        StackRecord stack = tables.stack(Call.current().scope(), changeSet.stack());
        Settings settings = changeSet.settings();
        boolean values = Boolean.TRUE.equals(request.includePropertyValues());
        return DescribeChangeSetResponse.builder()
                .changeSetName(changeSet.name())
                .changeSetId(changeSet.arn())
                .stackId(stack.arn())
                .stackName(stack.name())
                .description(Views.emptyToNull(changeSet.description()))
                .parameters(Views.parameters(settings.parameters()))
                .creationTime(changeSet.created())
                .executionStatus(changeSet.execution())
                .status(changeSet.status())
                .statusReason(Views.emptyToNull(changeSet.reason()))
                .notificationARNs(settings.notifications())
                .rollbackConfiguration(settings.rollback())
                .capabilitiesWithStrings(settings.capabilities())
                .tags(Views.tags(settings.tags()))
                .changes(
                        values
                                ? changeSet.changes()
                                : changeSet.changes().stream()
                                        .map(Preview::withoutValues)
                                        .toList())
                .includeNestedStacks(changeSet.nesting().included())
                .parentChangeSetId(Views.emptyToNull(changeSet.nesting().parent()))
                .rootChangeSetId(Views.emptyToNull(changeSet.nesting().root()))
                .importExistingResources(changeSet.options().contains(IMPORT_EXISTING_RESOURCES))
                .onStackFailure(
                        changeSet.onFailure() == OnFailure.ROLLBACK
                                ? null
                                : changeSet.onFailure().toString())
                .build();
    }

    /** No hook is ever invoked here. */
    DescribeChangeSetHooksResponse hooks(DescribeChangeSetHooksRequest request) {
        ChangeSetRecord changeSet = find(tables, request.stackName(), request.changeSetName());
        StackRecord stack = tables.stack(Call.current().scope(), changeSet.stack());
        return DescribeChangeSetHooksResponse.builder()
                .changeSetId(changeSet.arn())
                .changeSetName(changeSet.name())
                .stackId(stack.arn())
                .stackName(stack.name())
                .hooks(List.of())
                .status(
                        changeSet.status() == ChangeSetStatus.FAILED
                                ? ChangeSetHooksStatus.UNAVAILABLE
                                : ChangeSetHooksStatus.PLANNED)
                .build();
    }

    ListChangeSetsResponse list(ListChangeSetsRequest request) {
        Scope scope = Call.current().scope();
        StackRecord stack =
                tables.find(scope, request.stackName()).orElseThrow(() -> Refusals.noStackNamed(request.stackName()));
        return ListChangeSetsResponse.builder()
                .summaries(tables.changeSets(scope, stack.id()).stream()
                        .map(c -> ChangeSetSummary.builder()
                                .stackId(stack.arn())
                                .stackName(stack.name())
                                .changeSetId(c.arn())
                                .changeSetName(c.name())
                                .executionStatus(c.execution())
                                .status(c.status())
                                .statusReason(Views.emptyToNull(c.reason()))
                                .creationTime(c.created())
                                .description(Views.emptyToNull(c.description()))
                                .includeNestedStacks(c.nesting().included())
                                .parentChangeSetId(Views.emptyToNull(c.nesting().parent()))
                                .rootChangeSetId(Views.emptyToNull(c.nesting().root()))
                                .importExistingResources(c.options().contains(IMPORT_EXISTING_RESOURCES))
                                .build())
                        .toList())
                .build();
    }

    DeleteChangeSetResponse delete(DeleteChangeSetRequest request) {
        ChangeSetRecord changeSet;
        try {
            changeSet = find(tables, request.stackName(), request.changeSetName());
        } catch (ChangeSetNotFoundException e) {
            return DeleteChangeSetResponse.builder().build();
        }
        refuseNested(changeSet, "deleted");
        StackRecord stack = tables.stack(Call.current().scope(), changeSet.stack());
        if (stack.busy() && stack.operation().changeSet().equals(changeSet.arn())) {
            throw InvalidChangeSetStatusException.builder()
                    .message("ChangeSet [" + changeSet.arn()
                            + "] cannot be deleted in its current status of [EXECUTE_IN_PROGRESS]")
                    .build();
        }
        tree.delete(Call.current().scope(), changeSet);
        return DeleteChangeSetResponse.builder().build();
    }

    private static void refuseNested(ChangeSetRecord changeSet, String what) {
        if (!changeSet.nesting().isRoot()) {
            throw InvalidChangeSetStatusException.builder()
                    .message("ChangeSet [" + changeSet.arn() + "] of a nested stack can be " + what
                            + " only from the root change set ["
                            + changeSet.nesting().root() + "]")
                    .build();
        }
    }

    ExecuteChangeSetResponse execute(ExecuteChangeSetRequest request) {
        Scope scope = Call.current().scope();
        ChangeSetRecord changeSet = find(tables, request.stackName(), request.changeSetName());
        StackRecord stack = tables.stack(scope, changeSet.stack());
        if (request.clientRequestToken() != null && stack.operation().token().equals(request.clientRequestToken())) {
            return ExecuteChangeSetResponse.builder().build();
        }
        refuseNested(changeSet, "executed");
        if (changeSet.execution() != ExecutionStatus.AVAILABLE) {
            throw InvalidChangeSetStatusException.builder()
                    .message("ChangeSet [" + changeSet.arn() + "] cannot be executed in its current status of ["
                            + changeSet.status() + "]")
                    .build();
        }
        if (request.disableRollback() != null && changeSet.onFailure() != OnFailure.ROLLBACK) {
            throw Refusals.invalid(
                    "You cannot specify DisableRollback when the change set was created with OnStackFailure.");
        }
        OnFailure onFailure =
                Boolean.TRUE.equals(request.disableRollback()) ? OnFailure.DO_NOTHING : changeSet.onFailure();
        boolean creating = stack.status() == StackStatus.REVIEW_IN_PROGRESS;
        StackRecord.Operation operation = Stacks.operation(
                        creating ? Kind.CREATE : Kind.UPDATE, onFailure, 0, List.of(), request.clientRequestToken())
                .importing(changeSet.imports())
                .carrying(changeSet.nesting().included() ? changeSet.arn() : "")
                .fleeting(request.retainExceptOnCreate());
        StackRecord executing = stack.executing(changeSet.arn());
        if (changeSet.type().equals("IMPORT")) {
            stacks.take(
                    scope,
                    executing,
                    changeSet.settings(),
                    Stacks.operation(Kind.IMPORT, OnFailure.ROLLBACK, 0, List.of(), request.clientRequestToken())
                            .importing(changeSet.imports()));
        } else if (creating) {
            stacks.begin(
                    scope,
                    executing.becoming(changeSet.settings()).settled(List.of()),
                    StackStatus.CREATE_IN_PROGRESS,
                    operation);
        } else {
            stacks.change(scope, executing, changeSet.settings(), operation);
        }
        tree.deleteOthers(scope, changeSet);
        tables.put(scope, changeSet.executing(ExecutionStatus.EXECUTE_COMPLETE));
        return ExecuteChangeSetResponse.builder().build();
    }
}

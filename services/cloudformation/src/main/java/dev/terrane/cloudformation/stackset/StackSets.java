package dev.terrane.cloudformation.stackset;

import dev.terrane.cloudformation.stackset.OperationRecord.Asked;
import dev.terrane.cloudformation.stackset.StackSetRecord.Settings;
import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.workflow.Workflow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudformation.model.*;

/** Stack sets with self-managed permissions. */
public final class StackSets {
    private static final String ADMINISTRATION_ROLE = "AWSCloudFormationStackSetAdministrationRole";
    private static final String EXECUTION_ROLE = "AWSCloudFormationStackSetExecutionRole";

    private final StackSetTables tables;
    private final SetTemplates templates;
    private final Targets targets;
    private final OperationWorkflow workflow;
    private final Operations operations;
    private final StackInstances instances;
    private final OperationListings listings;
    private final Paging paging;

    public StackSets(Platform platform, SetTemplates templates) {
        this.tables = new StackSetTables(platform.store());
        this.templates = templates;
        this.targets = new Targets(templates);
        this.workflow = new OperationWorkflow(
                tables,
                platform.workflows(),
                platform.clock(),
                new StackAccounts(platform.clients(), platform.sessions()));
        this.operations = workflow.operations();
        this.paging = new Paging(platform.pages());
        this.instances = new StackInstances(tables, operations, templates, targets, paging);
        this.listings = new OperationListings(tables, operations, paging);
    }

    /** Its durable processes. */
    public List<Workflow<?>> workflows() {
        return List.of(workflow, workflow.instances());
    }

    public StackInstances instances() {
        return instances;
    }

    public OperationListings operations() {
        return listings;
    }

    /** The ARN of a set that goes by a name or an id. */
    public Optional<String> arn(Scope scope, String nameOrId) {
        return tables.find(scope, nameOrId).map(StackSetRecord::arn);
    }

    /** The tags of what an ARN names. */
    public Map<String, String> tags(String arn) {
        return Arn.find(arn)
                .filter(a -> a.resource().startsWith("stackset/"))
                .flatMap(a -> tables.find(
                        new Scope(a.account(), a.region()), a.resource().substring("stackset/".length())))
                .map(set -> set.settings().tags())
                .orElse(Map.of());
    }

    /** The template of a set. */
    public String template(Scope scope, String nameOrId) {
        return operations.existing(scope, nameOrId).settings().template();
    }

    public CreateStackSetResponse create(CreateStackSetRequest request) {
        Scope scope = Call.current().scope();
        refuseServiceManaged(request.permissionModel(), request.autoDeployment(), request.callAs());
        if (request.stackId() != null) {
            throw Refusals.invalid("StackId is not carried out here: give the template, and import the stack with"
                    + " ImportStacksToStackSet");
        }
        String name = request.stackSetName();
        if (!name.matches("[a-zA-Z][-a-zA-Z0-9]{0,127}")) {
            throw Refusals.invalid("1 validation error detected: Value '" + name
                    + "' at 'stackSetName' failed to satisfy constraint: Member must satisfy regular expression pattern:"
                    + " [a-zA-Z][-a-zA-Z0-9]*");
        }
        Settings settings = made(scope, request);
        Optional<StackSetRecord> there = tables.find(scope, name);
        if (there.isPresent()) {
            return again(there.get(), settings, request);
        }
        String id = name + ":" + Ids.uuid();
        StackSetRecord set = new StackSetRecord(
                id,
                Arn.of("cloudformation", scope.region(), scope.account(), "stackset/" + id)
                        .toString(),
                name,
                StackSetStatus.ACTIVE,
                settings,
                Optional.empty(),
                request.clientRequestToken() == null ? "" : request.clientRequestToken());
        tables.take(scope, set);
        tables.put(scope, set);
        return CreateStackSetResponse.builder().stackSetId(id).build();
    }

    /** The same request once more gives the same set. */
    private static CreateStackSetResponse again(StackSetRecord set, Settings asked, CreateStackSetRequest request) {
        if (!set.token().equals(request.clientRequestToken())) {
            throw NameAlreadyExistsException.builder()
                    .message("StackSet with name " + set.name() + " already exists")
                    .build();
        }
        if (!set.settings().equals(asked)) {
            throw CreatedButModifiedException.builder()
                    .message("StackSet " + set.name() + " exists, but has been changed")
                    .build();
        }
        return CreateStackSetResponse.builder().stackSetId(set.id()).build();
    }

    private Settings made(Scope scope, CreateStackSetRequest request) {
        String template = templates.text(request.templateBody(), request.templateURL());
        templates.check(template, request.capabilitiesAsStrings());
        return new Settings(
                request.description() == null ? "" : request.description(),
                template,
                templates.values(template, request.parameters(), List.of()),
                request.capabilitiesAsStrings(),
                templates.tags(request.tags()),
                administrationRole(scope, request.administrationRoleARN()),
                request.executionRoleName() == null ? EXECUTION_ROLE : request.executionRoleName(),
                managed(request.managedExecution(), false));
    }

    private static String administrationRole(Scope scope, @Nullable String given) {
        return given == null
                ? Arn.iam(scope.account(), "role/" + ADMINISTRATION_ROLE).toString()
                : given;
    }

    private static boolean managed(@Nullable ManagedExecution asked, boolean before) {
        return Optional.ofNullable(asked).map(ManagedExecution::active).orElse(before);
    }

    private static void refuseServiceManaged(
            @Nullable PermissionModels model, @Nullable AutoDeployment deployment, @Nullable CallAs callAs) {
        if (model == PermissionModels.SERVICE_MANAGED) {
            throw Refusals.noOrganizations("PermissionModel SERVICE_MANAGED");
        }
        if (deployment != null) {
            throw Refusals.noOrganizations("AutoDeployment");
        }
        if (callAs == CallAs.DELEGATED_ADMIN) {
            throw Refusals.noOrganizations("CallAs DELEGATED_ADMIN");
        }
    }

    public UpdateStackSetResponse update(UpdateStackSetRequest request) {
        Scope scope = Call.current().scope();
        StackSetRecord set = operations.existing(scope, request.stackSetName());
        Optional<String> before = operations.repeated(scope, set, request.operationId(), request);
        if (before.isPresent()) {
            return UpdateStackSetResponse.builder().operationId(before.get()).build();
        }
        refuseServiceManaged(request.permissionModel(), request.autoDeployment(), request.callAs());
        List<Target> where = List.of();
        if (!request.accounts().isEmpty()
                || request.deploymentTargets() != null
                || !request.regions().isEmpty()) {
            where = targets.of(request.accounts(), request.deploymentTargets(), request.regions());
            instances.requireAll(scope, set, where);
        }
        Settings settings = changed(scope, set, request);
        if (settings.managedExecution() != set.settings().managedExecution()) {
            operations.requireIdle(scope, set);
        }
        Asked asked = Asked.of(
                        StackSetOperationAction.UPDATE, Preferences.checked(request.operationPreferences()), where)
                .becoming(Optional.of(settings));
        return UpdateStackSetResponse.builder()
                .operationId(operations.begin(scope, set, request.operationId(), request, asked))
                .build();
    }

    private Settings changed(Scope scope, StackSetRecord set, UpdateStackSetRequest request) {
        Settings was = set.settings();
        boolean previous = Boolean.TRUE.equals(request.usePreviousTemplate());
        if (previous && (request.templateBody() != null || request.templateURL() != null)) {
            throw Refusals.invalid(
                    "You must specify only one of the following: TemplateBody, TemplateURL, or UsePreviousTemplate");
        }
        String template = previous ? was.template() : templates.text(request.templateBody(), request.templateURL());
        templates.check(template, request.capabilitiesAsStrings());
        String standard = administrationRole(scope, null);
        if (request.administrationRoleARN() == null && !was.administrationRole().equals(standard)) {
            throw Refusals.invalid(
                    "AdministrationRoleARN must be specified: the stack set has a customized administrator role");
        }
        return new Settings(
                request.description() == null ? was.description() : request.description(),
                template,
                templates.values(template, request.parameters(), was.parameters()),
                request.capabilitiesAsStrings(),
                request.hasTags() ? templates.tags(request.tags()) : was.tags(),
                administrationRole(scope, request.administrationRoleARN()),
                request.executionRoleName() == null ? was.executionRole() : request.executionRoleName(),
                managed(request.managedExecution(), was.managedExecution()));
    }

    public DeleteStackSetResponse delete(DeleteStackSetRequest request) {
        Scope scope = Call.current().scope();
        refuseServiceManaged(null, null, request.callAs());
        StackSetRecord set = operations.existing(scope, request.stackSetName());
        operations.requireIdle(scope, set);
        if (!tables.instances(scope, set.id()).isEmpty()) {
            throw StackSetNotEmptyException.builder()
                    .message("StackSet is not empty")
                    .build();
        }
        tables.put(scope, set.deleted());
        tables.release(scope, set);
        return DeleteStackSetResponse.builder().build();
    }

    public DescribeStackSetResponse describe(DescribeStackSetRequest request) {
        Scope scope = Call.current().scope();
        refuseServiceManaged(null, null, request.callAs());
        StackSetRecord set =
                tables.find(scope, request.stackSetName()).orElseThrow(() -> Refusals.noSet(request.stackSetName()));
        return DescribeStackSetResponse.builder()
                .stackSet(
                        Views.set(set, templates.secrets(set.settings().template()), tables.instances(scope, set.id())))
                .build();
    }

    public ListStackSetsResponse list(ListStackSetsRequest request) {
        Scope scope = Call.current().scope();
        refuseServiceManaged(null, null, request.callAs());
        Paging.Paged<StackSetRecord> page = paging.page(
                "ListStackSets|" + scope + "|" + request.statusAsString(),
                request.nextToken(),
                request.maxResults(),
                (after, limit) -> tables.sets(scope, after, limit),
                set -> request.status() == null || set.status() == request.status());
        return ListStackSetsResponse.builder()
                .summaries(page.items().stream().map(Views::summary).toList())
                .nextToken(page.next())
                .build();
    }
}

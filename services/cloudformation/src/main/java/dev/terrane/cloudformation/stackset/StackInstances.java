package dev.terrane.cloudformation.stackset;

import dev.terrane.cloudformation.stackset.OperationRecord.Asked;
import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.cloudformation.model.*;

/** The instances of stack sets: each a stack in one account and region. */
public final class StackInstances {
    private static final int MOST_IMPORTED = 10;
    private static final int MOST_IMPORTED_BY_URL = 200;

    private final StackSetTables tables;
    private final Operations operations;
    private final SetTemplates templates;
    private final Targets targets;
    private final Paging paging;

    StackInstances(
            StackSetTables tables, Operations operations, SetTemplates templates, Targets targets, Paging paging) {
        this.tables = tables;
        this.operations = operations;
        this.templates = templates;
        this.targets = targets;
        this.paging = paging;
    }

    public CreateStackInstancesResponse create(CreateStackInstancesRequest request) {
        Scope scope = Call.current().scope();
        refuseDelegated(request.callAs());
        StackSetRecord set = operations.existing(scope, request.stackSetName());
        String id = operations
                .repeated(scope, set, request.operationId(), request)
                .orElseGet(() -> operations.begin(
                        scope,
                        set,
                        request.operationId(),
                        request,
                        Asked.of(
                                        StackSetOperationAction.CREATE,
                                        Preferences.checked(request.operationPreferences()),
                                        targets.of(request.accounts(), request.deploymentTargets(), request.regions()))
                                .overriding(overrides(
                                        set, request.hasParameterOverrides(), request.parameterOverrides()))));
        return CreateStackInstancesResponse.builder().operationId(id).build();
    }

    public UpdateStackInstancesResponse update(UpdateStackInstancesRequest request) {
        Scope scope = Call.current().scope();
        refuseDelegated(request.callAs());
        StackSetRecord set = operations.existing(scope, request.stackSetName());
        String id = operations
                .repeated(scope, set, request.operationId(), request)
                .orElseGet(() -> {
                    List<Target> where = targets.of(request.accounts(), request.deploymentTargets(), request.regions());
                    requireAll(scope, set, where);
                    return operations.begin(
                            scope,
                            set,
                            request.operationId(),
                            request,
                            Asked.of(
                                            StackSetOperationAction.UPDATE,
                                            Preferences.checked(request.operationPreferences()),
                                            where)
                                    .overriding(overrides(
                                            set, request.hasParameterOverrides(), request.parameterOverrides())));
                });
        return UpdateStackInstancesResponse.builder().operationId(id).build();
    }

    public DeleteStackInstancesResponse delete(DeleteStackInstancesRequest request) {
        Scope scope = Call.current().scope();
        refuseDelegated(request.callAs());
        StackSetRecord set = operations.existing(scope, request.stackSetName());
        String id = operations
                .repeated(scope, set, request.operationId(), request)
                .orElseGet(() -> operations.begin(
                        scope,
                        set,
                        request.operationId(),
                        request,
                        Asked.of(
                                        StackSetOperationAction.DELETE,
                                        Preferences.checked(request.operationPreferences()),
                                        targets.of(request.accounts(), request.deploymentTargets(), request.regions()))
                                .retaining(request.retainStacks())));
        return DeleteStackInstancesResponse.builder().operationId(id).build();
    }

    public ImportStacksToStackSetResponse take(ImportStacksToStackSetRequest request) {
        Scope scope = Call.current().scope();
        refuseDelegated(request.callAs());
        if (!request.organizationalUnitIds().isEmpty()) {
            throw Refusals.noOrganizations("OrganizationalUnitIds");
        }
        StackSetRecord set = operations.existing(scope, request.stackSetName());
        String id = operations
                .repeated(scope, set, request.operationId(), request)
                .orElseGet(() -> {
                    Map<String, String> stacks = new LinkedHashMap<>();
                    List<Target> where = new ArrayList<>();
                    for (String stack : stacks(request)) {
                        Target target = placeOf(stack);
                        if (stacks.put(target.key(), stack) != null
                                || tables.instance(scope, set.id(), target).isPresent()) {
                            throw Refusals.invalid("A stack set has one stack instance in an account and region: "
                                    + stack + " would be another one");
                        }
                        where.add(target);
                    }
                    return operations.begin(
                            scope,
                            set,
                            request.operationId(),
                            request,
                            Asked.of(
                                            StackSetOperationAction.CREATE,
                                            Preferences.checked(request.operationPreferences()),
                                            where)
                                    .importing(stacks));
                });
        return ImportStacksToStackSetResponse.builder().operationId(id).build();
    }

    private List<String> stacks(ImportStacksToStackSetRequest request) {
        if (request.stackIds().isEmpty() == (request.stackIdsUrl() == null)) {
            throw Refusals.invalid("Specify either StackIds or StackIdsUrl.");
        }
        List<String> stacks = request.stackIdsUrl() == null
                ? request.stackIds()
                : List.of(templates.file(request.stackIdsUrl()).strip().split("[\\s,]+", -1));
        int most = request.stackIdsUrl() == null ? MOST_IMPORTED : MOST_IMPORTED_BY_URL;
        if (stacks.size() > most) {
            throw LimitExceededException.builder()
                    .message("At most " + most + " stacks can be imported at once")
                    .build();
        }
        return stacks;
    }

    private static Target placeOf(String stack) {
        Arn arn = Arn.find(stack)
                .filter(a ->
                        a.service().equals("cloudformation") && a.resource().startsWith("stack/"))
                .orElseThrow(() -> StackNotFoundException.builder()
                        .message("Stack " + stack + " not found: stacks are imported by their ids")
                        .build());
        Targets.checkRegions(List.of(arn.region()));
        return new Target(arn.account(), arn.region());
    }

    public DetectStackSetDriftResponse detectDrift(DetectStackSetDriftRequest request) {
        Scope scope = Call.current().scope();
        refuseDelegated(request.callAs());
        StackSetRecord set = operations.existing(scope, request.stackSetName());
        String id = operations
                .repeated(scope, set, request.operationId(), request)
                .orElseGet(() -> operations.begin(
                        scope,
                        set,
                        request.operationId(),
                        request,
                        Asked.of(
                                StackSetOperationAction.DETECT_DRIFT,
                                Preferences.checked(request.operationPreferences()),
                                List.of())));
        return DetectStackSetDriftResponse.builder().operationId(id).build();
    }

    /** Refuses places in which the set has no instance. */
    void requireAll(Scope scope, StackSetRecord set, List<Target> where) {
        for (Target target : where) {
            if (tables.instance(scope, set.id(), target).isEmpty()) {
                throw Refusals.noInstance(set, target);
            }
        }
    }

    /** The values that a request gives, held against the template; empty where it gives none. */
    private Optional<List<Parameter>> overrides(StackSetRecord set, boolean given, List<Parameter> values) {
        if (!given) {
            return Optional.empty();
        }
        List<Parameter> whole = new ArrayList<>(values);
        Set<String> named = values.stream().map(Parameter::parameterKey).collect(Collectors.toSet());
        set.settings().parameters().stream()
                .filter(parameter -> !named.contains(parameter.parameterKey()))
                .forEach(whole::add);
        templates.values(set.settings().template(), whole, set.settings().parameters());
        return Optional.of(values);
    }

    public DescribeStackInstanceResponse describe(DescribeStackInstanceRequest request) {
        Scope scope = Call.current().scope();
        refuseDelegated(request.callAs());
        StackSetRecord set = operations.existing(scope, request.stackSetName());
        Target target = new Target(request.stackInstanceAccount(), request.stackInstanceRegion());
        InstanceRecord instance =
                tables.instance(scope, set.id(), target).orElseThrow(() -> Refusals.noInstance(set, target));
        return DescribeStackInstanceResponse.builder()
                .stackInstance(Views.instance(
                        instance, templates.secrets(set.settings().template())))
                .build();
    }

    public ListStackInstancesResponse list(ListStackInstancesRequest request) {
        Scope scope = Call.current().scope();
        refuseDelegated(request.callAs());
        StackSetRecord set = operations.existing(scope, request.stackSetName());
        Paging.Paged<InstanceRecord> page = paging.page(
                "ListStackInstances|" + set.id() + "|" + request.filters() + "|" + request.stackInstanceAccount() + "|"
                        + request.stackInstanceRegion(),
                request.nextToken(),
                request.maxResults(),
                (after, limit) -> tables.instances(scope, set.id(), after, limit),
                instance -> wanted(request, instance));
        return ListStackInstancesResponse.builder()
                .summaries(page.items().stream().map(Views::summary).toList())
                .nextToken(page.next())
                .build();
    }

    private static boolean wanted(ListStackInstancesRequest request, InstanceRecord instance) {
        boolean here = (request.stackInstanceAccount() == null
                        || request.stackInstanceAccount()
                                .equals(instance.target().account()))
                && (request.stackInstanceRegion() == null
                        || request.stackInstanceRegion()
                                .equals(instance.target().region()));
        return here
                && request.filters().stream().allMatch(filter -> {
                    String value = switch (filter.name()) {
                        case DETAILED_STATUS -> instance.detailed().toString();
                        case LAST_OPERATION_ID -> instance.operation();
                        case DRIFT_STATUS -> instance.drift().toString();
                        case null, default -> throw Refusals.invalid("Invalid filter " + filter.nameAsString());
                    };
                    return filter.values() != null
                            && List.of(filter.values().split(",", -1)).contains(value);
                });
    }

    static void refuseDelegated(CallAs callAs) {
        if (callAs == CallAs.DELEGATED_ADMIN) {
            throw Refusals.noOrganizations("CallAs DELEGATED_ADMIN");
        }
    }
}

package dev.terrane.cloudformation;

import dev.terrane.cloudformation.ResourceRecord.Attributes;
import dev.terrane.cloudformation.ResourceRecord.Physical;
import dev.terrane.cloudformation.StackRecord.Settings;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import dev.terrane.kernel.service.Platform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.cloudformation.model.Change;
import software.amazon.awssdk.services.cloudformation.model.ChangeAction;

/**
 * Resources that a change set takes over since they are there already, under names that its template gives them.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html">Import resources automatically</a>
 */
final class ExistingResources {
    private static final Set<String> KEEPING = Set.of("Retain", "RetainExceptOnCreate");

    private final Platform platform;
    private final CloudFormationTables tables;
    private final Blueprints blueprints;
    private final Resolver resolver;

    ExistingResources(Platform platform, CloudFormationTables tables, Blueprints blueprints, Resolver resolver) {
        this.platform = platform;
        this.tables = tables;
        this.blueprints = blueprints;
        this.resolver = resolver;
    }

    /**
     * The primary identifiers, by logical ids, of what would be added and is there, in no stack.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException when one of them might be deleted with the stack
     */
    Map<String, String> among(List<Change> changes, StackRecord stack, Settings settings) {
        Blueprint blueprint = blueprints.of(stack, settings);
        Blueprint.Values values = blueprints.preview(Map.of(), Set.of());
        Map<String, String> found = new LinkedHashMap<>();
        List<String> unguarded = new ArrayList<>();
        changes.stream()
                .map(Change::resourceChange)
                .filter(change -> change.action() == ChangeAction.ADD)
                .forEach(change -> {
                    String id = change.logicalResourceId();
                    Optional<String> identifier = identifier(blueprint, id)
                            .filter(named -> isFree(stack, settings, id, blueprint.type(id), named));
                    if (identifier.isEmpty()) {
                        return;
                    }
                    if (!KEEPING.contains(blueprint.attributes(id, values).deletionPolicy())) {
                        unguarded.add(id + " (" + identifier.get() + ")");
                    }
                    found.put(id, identifier.get());
                });
        if (!unguarded.isEmpty()) {
            throw Refusals.invalid("CloudFormation is attempting to import some resources because they already exist in"
                    + " your account. The resources must have the DeletionPolicy attribute set to 'Retain' or"
                    + " 'RetainExceptOnCreate' in the template for successful import. The affected resources are "
                    + String.join(", ", unguarded));
        }
        return found;
    }

    /** The primary identifier that the template itself tells, by properties without functions. */
    private Optional<String> identifier(Blueprint blueprint, String id) {
        String type = blueprint.type(id);
        boolean importable = !ResourceSchema.isCustom(type)
                && !type.equals(Progress.STACK_TYPE)
                && platform.resourceTypes()
                        .find(type)
                        .filter(ResourceType::provisionable)
                        .isPresent();
        if (!importable) {
            return Optional.empty();
        }
        List<Optional<String>> parts = ResourceSchema.of(type).orElseThrow().identifier().stream()
                .map(name -> blueprint.literal(id, name))
                .toList();
        return parts.stream().allMatch(Optional::isPresent)
                ? Optional.of(String.join(
                        "|", parts.stream().flatMap(Optional::stream).toList()))
                : Optional.empty();
    }

    /** Whether there is such a resource, and in no other stack. */
    private boolean isFree(StackRecord stack, Settings settings, String id, String typeName, String identifier) {
        Scope scope = Call.current().scope();
        ResourceType type = platform.resourceTypes().find(typeName).orElseThrow();
        Actor actor = settings.role().isEmpty()
                ? new Actor.Delegated(Call.current().principal(), scope, CloudFormationService.PRINCIPAL)
                : new Actor.Role(settings.role(), CloudFormationService.PRINCIPAL, "AWSCloudFormation");
        Physical bare = Physical.wanted(1, "{}", Map.of(), Attributes.NONE);
        Work work = new Work(
                platform.clients(),
                resolver,
                actor,
                scope,
                "",
                ResourceSchema.of(typeName).orElseThrow(),
                new ResourceWork.InStack(stack.arn(), stack.name(), id, typeName),
                bare,
                bare,
                Work.Hearing.NOBODY);
        Optional<Properties> state = type.read(work, identifier);
        return state.isPresent()
                && !tables.isInAnotherStack(scope, stack.id(), typeName, type.ref(identifier, state.get()));
    }
}

package dev.terrane.cloudformation;

import dev.terrane.cloudformation.StackRecord.Settings;
import dev.terrane.kernel.resource.ResourceSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import software.amazon.awssdk.services.cloudformation.model.Change;
import software.amazon.awssdk.services.cloudformation.model.ChangeAction;
import software.amazon.awssdk.services.cloudformation.model.ResourceToImport;

/**
 * Resources that are there already and are to belong to a stack.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-import.html">Resource import</a>
 */
final class Imports {
    private final Blueprints blueprints;

    Imports(Blueprints blueprints) {
        this.blueprints = blueprints;
    }

    /**
     * The primary identifiers of what is to be imported, by logical ids.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException when the template does not fit them
     */
    Map<String, String> asked(StackRecord stack, Settings settings, List<ResourceToImport> resources) {
        if (resources.isEmpty()) {
            throw Refusals.invalid("ResourcesToImport must be specified for ChangeSetType IMPORT");
        }
        Blueprint blueprint = blueprints.of(stack, settings);
        Map<String, String> asked = new LinkedHashMap<>();
        List<String> unguarded = new ArrayList<>();
        for (ResourceToImport resource : resources) {
            String id = resource.logicalResourceId();
            if (!blueprint.resources().contains(id)) {
                throw Refusals.invalid("Resource " + id + " to import does not exist in the template");
            }
            String type = blueprint.type(id);
            if (!type.equals(resource.resourceType())) {
                throw Refusals.invalid("Resource " + id + " to import is of type " + type + " in the template, not "
                        + resource.resourceType());
            }
            if (ResourceSchema.isCustom(type) || type.equals(Progress.STACK_TYPE)) {
                throw Refusals.invalid("ResourceTypes [" + type + "] are not supported for Import");
            }
            if (blueprint
                    .attributes(id, blueprints.preview(Map.of(), new TreeSet<>()))
                    .deletionPolicy()
                    .isEmpty()) {
                unguarded.add(id);
            }
            asked.put(id, identifier(resource));
        }
        if (!unguarded.isEmpty()) {
            throw Refusals.invalid("The following resources to import [" + String.join(", ", unguarded)
                    + "] must have DeletionPolicy attribute specified in the template.");
        }
        return asked;
    }

    private static String identifier(ResourceToImport resource) {
        List<String> names = ResourceSchema.of(resource.resourceType())
                .map(ResourceSchema::identifier)
                .orElseThrow();
        Map<String, String> given = resource.resourceIdentifier();
        if (!given.keySet().equals(new TreeSet<>(names))) {
            throw Refusals.invalid("Invalid ResourceIdentifier " + given.keySet() + " of "
                    + resource.logicalResourceId() + ": resources of type " + resource.resourceType()
                    + " are identified by " + names);
        }
        return String.join("|", names.stream().map(given::get).toList());
    }

    /** What importing would do: nothing else may change meanwhile.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException when something does */
    static List<Change> changes(List<Change> changes, Map<String, String> asked, boolean sameBeside) {
        List<String> others = changes.stream()
                .map(change -> change.resourceChange().logicalResourceId())
                .filter(id -> !asked.containsKey(id))
                .toList();
        if (!others.isEmpty()) {
            throw Refusals.invalid("As part of the import operation, you cannot modify or add " + others
                    + ": they are not among the resources to import");
        }
        changes.stream()
                .map(Change::resourceChange)
                .filter(change -> change.action() != ChangeAction.ADD)
                .findFirst()
                .ifPresent(change -> {
                    throw Refusals.invalid("Resource " + change.logicalResourceId()
                            + " is part of the stack already and cannot be imported");
                });
        if (!sameBeside) {
            throw Refusals.invalid("As part of the import operation, you cannot modify or add [Outputs]");
        }
        return marked(changes, asked);
    }

    /** Changes of which some take what is there already. */
    static List<Change> marked(List<Change> changes, Map<String, String> asked) {
        return changes.stream()
                .map(change -> !asked.containsKey(change.resourceChange().logicalResourceId())
                        ? change
                        : change.toBuilder()
                                .resourceChange(change.resourceChange().toBuilder()
                                        .action(ChangeAction.IMPORT)
                                        .physicalResourceId(asked.get(
                                                change.resourceChange().logicalResourceId()))
                                        .build())
                                .build())
                .toList();
    }
}

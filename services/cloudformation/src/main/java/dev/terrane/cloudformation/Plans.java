package dev.terrane.cloudformation;

import dev.terrane.cloudformation.ResourceRecord.Attributes;
import dev.terrane.cloudformation.ResourceRecord.Physical;
import dev.terrane.cloudformation.ResourceWorkflow.Input;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceTypes;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.cloudformation.model.ResourceStatus;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Finds out what is to be done to a resource. */
final class Plans {
    private final CloudFormationTables tables;
    private final Blueprints blueprints;
    private final ResourceTypes types;
    private final ChangeSetTree tree;

    Plans(CloudFormationTables tables, Blueprints blueprints, ResourceTypes types, ChangeSetTree tree) {
        this.types = types;
        this.tree = tree;
        this.tables = tables;
        this.blueprints = blueprints;
    }

    /** The plan for a resource of the operation that goes on. */
    Plan of(Input input) {
        StackRecord stack = tables.peek(Call.current().scope(), input.stack()).orElseThrow();
        Blueprint blueprint = blueprints.of(stack);
        Blueprint.Values values = blueprints.values(stack);
        Optional<ResourceRecord> found = tables.resource(Call.current().scope(), input.stack(), input.logicalId());
        Plan plan = of(
                input.logicalId(),
                blueprint,
                stack.settings().tags(),
                blueprint.properties(input.logicalId(), values),
                blueprint.attributes(input.logicalId(), values),
                found);
        if (plan.action() == Plan.Action.CREATE || plan.action() == Plan.Action.REPLACE) {
            plan = plan.waitingFor(blueprint.signals(input.logicalId(), values));
        }
        String imported = stack.operation().imports().get(input.logicalId());
        if (plan.action() == Plan.Action.CREATE && imported != null) {
            return new Plan(Plan.Action.IMPORT, plan.type(), plan.wanted().made(imported), Physical.NONE);
        }
        if (plan.action() == Plan.Action.NOTHING && tree.changes(Call.current().scope(), stack, input.logicalId())) {
            Physical given = found.orElseThrow().physical();
            plan = new Plan(Plan.Action.UPDATE, plan.type(), plan.wanted(), given);
        }
        switch (plan.action()) {
            case UPDATE -> allowed(stack, "Modify", input.logicalId(), plan.type());
            case REPLACE -> allowed(stack, "Replace", input.logicalId(), plan.type());
            case CREATE, IMPORT, NOTHING -> {}
        }
        return plan;
    }

    /** Holds a change of a resource that is there against the stack policy.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException when that does not allow it */
    static void allowed(StackRecord stack, String action, String logicalId, String type) {
        StackPolicy.refusal(stack, action, logicalId, type).ifPresent(refusal -> {
            throw Refusals.invalid(refusal);
        });
    }

    /** The type that the stack's template gives a resource. */
    String type(StackRecord stack, String logicalId) {
        return blueprints.of(stack).type(logicalId);
    }

    /** The plan for a resource whose properties are evaluated. */
    Plan of(
            String logicalId,
            Blueprint blueprint,
            Map<String, String> tags,
            String properties,
            Attributes attributes,
            Optional<ResourceRecord> found) {
        String type = blueprint.type(logicalId);
        Optional<ResourceRecord> existing = found.filter(ResourceRecord::exists);
        Physical given = existing.map(ResourceRecord::physical).orElse(Physical.NONE);
        int generation = found.map(r -> r.physical().generation()).orElse(0) + 1;
        if (existing.isEmpty()) {
            Physical wanted = Physical.wanted(generation, properties, tags, attributes);
            return new Plan(Plan.Action.CREATE, type, wanted, Physical.NONE);
        }
        if (existing.get().status() == ResourceStatus.CREATE_FAILED) {
            // Nobody knows how far it came.
            Physical wanted = Physical.wanted(generation, properties, tags, attributes);
            return new Plan(Plan.Action.REPLACE, type, wanted, Physical.NONE);
        }
        ResourceSchema schema = ResourceSchema.of(type).orElseThrow();
        boolean failed = existing.get().status() == ResourceStatus.UPDATE_FAILED;
        if (failed) {
            given = doubtful(existing.get(), properties);
        }
        Set<String> changed = changed(given.properties(), properties);
        boolean retagged = !schema.tagProperty().isEmpty() && !given.tags().equals(tags);
        if (changed.isEmpty() && !retagged && !failed) {
            return new Plan(Plan.Action.NOTHING, type, given.with(attributes), given);
        }
        boolean anew = UpdatePolicy.ofInstances(changed)
                && UpdatePolicy.of(type, attributes).replaces();
        if (replaces(schema, changed, given.properties(), properties) || anew) {
            Physical wanted = Physical.wanted(generation, properties, tags, attributes);
            return new Plan(Plan.Action.REPLACE, type, wanted, Physical.NONE);
        }
        Physical wanted = given.changed(properties, tags, attributes);
        return new Plan(Plan.Action.UPDATE, type, wanted, given);
    }

    /** What a resource may be whose change has failed: of properties of which nobody knows, that which is not what they are to be now, so that all are set. */
    private static Physical doubtful(ResourceRecord failed, String wanted) {
        Physical is = failed.physical();
        Optional<Physical> was = failed.before().filter(old -> old.id().equals(is.id()));
        if (was.isEmpty()) {
            return is;
        }
        ObjectNode known = (ObjectNode) JsonMapper.shared().readTree(is.properties());
        ObjectNode before = (ObjectNode) JsonMapper.shared().readTree(was.get().properties());
        for (String name : changed(is.properties(), was.get().properties())) {
            if (!changed(is.properties(), wanted).contains(name)) {
                if (before.has(name)) {
                    known.set(name, before.get(name));
                } else {
                    known.remove(name);
                }
            }
        }
        return is.changed(known.toString(), was.get().tags(), is.attributes());
    }

    /** Whether a change of these properties makes the resource anew; custom resources tell it themselves. */
    private boolean replaces(ResourceSchema schema, Set<String> changed, String before, String after) {
        return !schema.name().equals(ResourceSchema.CUSTOM)
                && changed.stream()
                        .map(name -> Map.entry(
                                name, Optional.ofNullable(schema.properties().get(name))))
                        .filter(e -> e.getValue().isPresent())
                        .anyMatch(e -> switch (e.getValue().get().replacement()) {
                            case NO -> false;
                            case YES -> true;
                            case MAYBE ->
                                types.find(schema.name())
                                        .filter(type -> type.replaces(
                                                e.getKey(), Properties.parse(before), Properties.parse(after)))
                                        .isPresent();
                        });
    }

    /** The properties that differ. */
    static Set<String> changed(String before, String after) {
        ObjectNode old = (ObjectNode) JsonMapper.shared().readTree(before);
        ObjectNode fresh = (ObjectNode) JsonMapper.shared().readTree(after);
        Set<String> names = new TreeSet<>(old.propertyNames());
        names.addAll(fresh.propertyNames());
        names.removeIf(name -> Objects.equals(old.get(name), fresh.get(name)));
        return names;
    }
}

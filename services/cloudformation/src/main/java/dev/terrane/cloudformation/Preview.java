package dev.terrane.cloudformation;

import dev.terrane.cloudformation.ResourceRecord.Attributes;
import dev.terrane.cloudformation.StackRecord.Settings;
import dev.terrane.cloudformation.template.StackOutput;
import dev.terrane.cloudformation.template.Unknown;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceSchema.Property;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudformation.model.*;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What an update would do, without doing it. What is not known before is shown as such. */
final class Preview {
    private final CloudFormationTables tables;
    private final Blueprints blueprints;
    private final Plans plans;

    Preview(CloudFormationTables tables, Blueprints blueprints, Plans plans) {
        this.plans = plans;
        this.tables = tables;
        this.blueprints = blueprints;
    }

    /** What an update would do.
     *
     * @param inner looks at nested stacks */
    Seen look(Scope scope, StackRecord stack, Settings settings, Inner inner) {
        Blueprint blueprint = blueprints.of(stack, settings);
        Map<String, ResourceRecord> there = new LinkedHashMap<>();
        tables.resources(scope, stack.id()).stream()
                .filter(ResourceRecord::exists)
                .forEach(r -> there.put(r.logicalId(), r));
        Set<String> unknown = new HashSet<>();
        Map<String, Map<String, String>> outputs = new HashMap<>();
        Blueprint.Values values = new WithOutputs(blueprints.preview(there, unknown), outputs);
        Map<String, ResourceRecord> gone = new LinkedHashMap<>(there);
        List<Change> changes = new ArrayList<>();
        for (String id : blueprint.resources()) {
            ResourceRecord known = gone.remove(id);
            String properties = blueprint.properties(id, values);
            Attributes attributes = blueprint.attributes(id, values);
            Plan plan = plans.of(id, blueprint, settings.tags(), properties, attributes, Optional.ofNullable(known));
            Optional<Nested> nested = plan.type().equals(Progress.STACK_TYPE)
                    ? inner.look(id, properties, Optional.ofNullable(known))
                    : Optional.empty();
            nested.filter(Nested::changes).ifPresent(look -> outputs.put(id, look.outputs()));
            int before = changes.size();
            switch (plan.action()) {
                case CREATE, IMPORT -> {
                    unknown.add(id);
                    changes.add(added(id, plan, properties));
                }
                case UPDATE, REPLACE -> {
                    if (plan.action() == Plan.Action.REPLACE) {
                        unknown.add(id);
                    }
                    changes.add(modified(known, plan, properties));
                }
                case NOTHING -> {
                    if (known != null && nested.filter(Nested::changes).isPresent()) {
                        changes.add(within(known));
                    } else if (known != null
                            && !known.physical().attributes().metadata().equals(attributes.metadata())) {
                        changes.add(reworded(known));
                    }
                }
            }
            if (nested.isPresent() && changes.size() > before) {
                changes.add(naming(changes.removeLast(), nested.get().changeSet()));
            }
        }
        gone.values().forEach(resource -> changes.add(removed(resource)));
        return new Seen(
                Secrets.hidden(changes, List.of(stack.settings(), settings), there.values()), blueprint, values);
    }

    /**
     * What was seen.
     *
     * @param changes of resources, in the order in which they would be made; those that go come last
     */
    record Seen(List<Change> changes, Blueprint blueprint, Blueprint.Values values) {
        /** The outputs after it, as far as they are known before. */
        Map<String, String> outputs() {
            Map<String, String> outputs = new HashMap<>();
            blueprint.outputs(values).forEach(output -> outputs.put(output.outputKey(), output.outputValue()));
            return outputs;
        }
    }

    /** Looks at stacks in a stack. */
    interface Inner {
        /** Looks at none of them. */
        Inner NONE = (logicalId, properties, there) -> Optional.empty();

        /** What a nested stack would become with these properties. */
        Optional<Nested> look(String logicalId, String properties, Optional<ResourceRecord> there);
    }

    /**
     * What a nested stack would become.
     *
     * @param changeSet the ARN of the change set that says it
     * @param changes whether that changes anything
     * @param outputs as far as they are known before
     */
    record Nested(String changeSet, boolean changes, Map<String, String> outputs) {}

    /** The values of a stack of which some nested stacks will have other outputs. */
    private record WithOutputs(Blueprint.Values values, Map<String, Map<String, String>> outputs)
            implements Blueprint.Values {
        private static final String PREFIX = "Outputs.";

        @Override
        public JsonNode reference(String logicalId) {
            return values.reference(logicalId);
        }

        @Override
        public JsonNode attribute(String logicalId, String name) {
            Map<String, String> known = outputs.get(logicalId);
            if (known == null || !name.startsWith(PREFIX)) {
                return values.attribute(logicalId, name);
            }
            return JsonNodeFactory.instance.stringNode(
                    known.getOrDefault(name.substring(PREFIX.length()), Unknown.TEXT));
        }

        @Override
        public JsonNode imported(String export) {
            return values.imported(export);
        }

        @Override
        public JsonNode output(StackOutput output) {
            return values.output(output);
        }
    }

    private static Change naming(Change change, String changeSet) {
        return change.toBuilder()
                .resourceChange(change.resourceChange().toBuilder()
                        .changeSetId(changeSet)
                        .build())
                .build();
    }

    /** Whether an update would leave also all that is no resource as it is. */
    boolean sameBeside(Scope scope, StackRecord stack, Settings settings) {
        if (stack.status() == StackStatus.REVIEW_IN_PROGRESS) {
            return false;
        }
        Settings is = stack.settings();
        return is.tags().equals(settings.tags())
                && is.notifications().equals(settings.notifications())
                && sameOutputs(scope, stack, settings);
    }

    /** Whether an update would leave the outputs as they are. */
    boolean sameOutputs(Scope scope, StackRecord stack, Settings settings) {
        Blueprint after = blueprints.of(stack, settings);
        Map<String, ResourceRecord> there = new LinkedHashMap<>();
        tables.resources(scope, stack.id()).forEach(r -> there.put(r.logicalId(), r));
        if (stack.status() == StackStatus.REVIEW_IN_PROGRESS) {
            return after.outputs(blueprints.preview(there, Set.of())).isEmpty();
        }
        Blueprint before = blueprints.of(stack, stack.settings());
        return before.outputs(blueprints.preview(there, Set.of()))
                .equals(after.outputs(blueprints.preview(there, Set.of())));
    }

    private static Change added(String id, Plan plan, String properties) {
        return change(ResourceChange.builder()
                .action(ChangeAction.ADD)
                .logicalResourceId(id)
                .resourceType(plan.type())
                .scopeWithStrings(List.of())
                .details(List.of())
                .afterContext("{\"Properties\":" + properties + "}"));
    }

    private static Change removed(ResourceRecord gone) {
        return change(ResourceChange.builder()
                .action(ChangeAction.REMOVE)
                .policyAction(
                        gone.physical().attributes().deletionPolicy().startsWith("Retain")
                                ? PolicyAction.RETAIN
                                : PolicyAction.DELETE)
                .logicalResourceId(gone.logicalId())
                .physicalResourceId(gone.physical().reference())
                .resourceType(gone.type())
                .scopeWithStrings(List.of())
                .details(List.of())
                .beforeContext("{\"Properties\":" + gone.physical().properties() + "}"));
    }

    private static Change reworded(ResourceRecord known) {
        return change(ResourceChange.builder()
                .action(ChangeAction.MODIFY)
                .logicalResourceId(known.logicalId())
                .physicalResourceId(known.physical().reference())
                .resourceType(known.type())
                .replacement(Replacement.FALSE)
                .scope(ResourceAttribute.METADATA)
                .details(ResourceChangeDetail.builder()
                        .target(ResourceTargetDefinition.builder()
                                .attribute(ResourceAttribute.METADATA)
                                .requiresRecreation(RequiresRecreation.NEVER)
                                .build())
                        .evaluation(EvaluationType.STATIC)
                        .changeSource(ChangeSource.DIRECT_MODIFICATION)
                        .build()));
    }

    /** A nested stack that is the same itself, and has changes in it. */
    private static Change within(ResourceRecord known) {
        return change(ResourceChange.builder()
                .action(ChangeAction.MODIFY)
                .logicalResourceId(known.logicalId())
                .physicalResourceId(known.physical().reference())
                .resourceType(known.type())
                .replacement(Replacement.FALSE)
                .scope(ResourceAttribute.PROPERTIES)
                .details(ResourceChangeDetail.builder()
                        .target(ResourceTargetDefinition.builder()
                                .attribute(ResourceAttribute.PROPERTIES)
                                .requiresRecreation(RequiresRecreation.NEVER)
                                .build())
                        .evaluation(EvaluationType.DYNAMIC)
                        .changeSource(ChangeSource.AUTOMATIC)
                        .build()));
    }

    private static Change modified(@Nullable ResourceRecord known, Plan plan, String after) {
        ResourceRecord resource = java.util.Objects.requireNonNull(known);
        ResourceSchema schema = ResourceSchema.of(plan.type()).orElseThrow();
        String before = resource.physical().properties();
        Set<String> names = Plans.changed(before, after);
        List<ResourceChangeDetail> details = new ArrayList<>();
        Set<ResourceAttribute> scope = new TreeSet<>();
        ObjectNode was = (ObjectNode) JsonMapper.shared().readTree(before);
        ObjectNode is = (ObjectNode) JsonMapper.shared().readTree(after);
        boolean always = false;
        boolean unsure = false;
        for (String name : names) {
            RequiresRecreation recreation = recreation(schema.properties().get(name));
            String text = is.has(name) ? is.get(name).toString() : "";
            boolean dynamic = text.contains(Unknown.TEXT);
            always |= recreation != RequiresRecreation.NEVER && !dynamic;
            unsure |= recreation != RequiresRecreation.NEVER && dynamic;
            ResourceAttribute attribute =
                    name.equals(schema.tagProperty()) ? ResourceAttribute.TAGS : ResourceAttribute.PROPERTIES;
            scope.add(attribute);
            details.add(ResourceChangeDetail.builder()
                    .target(ResourceTargetDefinition.builder()
                            .attribute(attribute)
                            .name(name)
                            .requiresRecreation(recreation)
                            .path("/Properties/" + name)
                            .beforeValue(shown(was.get(name)))
                            .afterValue(shown(is.get(name)))
                            .attributeChangeType(
                                    !was.has(name)
                                            ? AttributeChangeType.ADD
                                            : !is.has(name) ? AttributeChangeType.REMOVE : AttributeChangeType.MODIFY)
                            .build())
                    .evaluation(dynamic ? EvaluationType.DYNAMIC : EvaluationType.STATIC)
                    .changeSource(dynamic ? ChangeSource.RESOURCE_REFERENCE : ChangeSource.DIRECT_MODIFICATION)
                    .build());
        }
        if (details.isEmpty()) {
            scope.add(ResourceAttribute.TAGS);
        }
        return change(ResourceChange.builder()
                .action(ChangeAction.MODIFY)
                .policyAction(
                        plan.action() == Plan.Action.REPLACE
                                ? resource.physical()
                                                .attributes()
                                                .updateReplacePolicy()
                                                .equals("Retain")
                                        ? PolicyAction.REPLACE_AND_RETAIN
                                        : PolicyAction.REPLACE_AND_DELETE
                                : null)
                .logicalResourceId(resource.logicalId())
                .physicalResourceId(resource.physical().reference())
                .resourceType(plan.type())
                .replacement(
                        plan.action() == Plan.Action.REPLACE && always
                                ? Replacement.TRUE
                                : plan.action() == Plan.Action.REPLACE || unsure
                                        ? Replacement.CONDITIONAL
                                        : Replacement.FALSE)
                .scope(scope)
                .details(details)
                .beforeContext("{\"Properties\":" + before + "}")
                .afterContext("{\"Properties\":" + after + "}"));
    }

    private static RequiresRecreation recreation(@Nullable Property property) {
        if (property == null) {
            return RequiresRecreation.NEVER;
        }
        return switch (property.replacement()) {
            case NO -> RequiresRecreation.NEVER;
            case YES -> RequiresRecreation.ALWAYS;
            case MAYBE -> RequiresRecreation.CONDITIONALLY;
        };
    }

    private static @Nullable String shown(@Nullable JsonNode value) {
        return value == null ? null : value.isValueNode() ? value.asString() : value.toString();
    }

    private static Change change(ResourceChange.Builder change) {
        return Change.builder()
                .type(ChangeType.RESOURCE)
                .resourceChange(change.build())
                .build();
    }

    /** A change as it is shown to who did not ask for values. */
    static Change withoutValues(Change change) {
        ResourceChange of = change.resourceChange();
        return change.toBuilder()
                .resourceChange(of.toBuilder()
                        .beforeContext(null)
                        .afterContext(null)
                        .details(of.details().stream()
                                .map(d -> d.toBuilder()
                                        .target(d.target().toBuilder()
                                                .beforeValue(null)
                                                .afterValue(null)
                                                .path(null)
                                                .attributeChangeType((String) null)
                                                .build())
                                        .build())
                                .toList())
                        .build())
                .build();
    }
}

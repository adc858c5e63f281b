package dev.terrane.cloudformation;

import dev.terrane.cloudformation.RefactorRecord.Part;
import dev.terrane.cloudformation.RefactorRecord.Place;
import dev.terrane.cloudformation.StackRecord.Settings;
import dev.terrane.cloudformation.template.StackOutput;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.resource.ResourceSchema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.cloudformation.model.CreateStackRefactorRequest;
import software.amazon.awssdk.services.cloudformation.model.Output;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.ResourceLocation;
import software.amazon.awssdk.services.cloudformation.model.ResourceMapping;
import software.amazon.awssdk.services.cloudformation.model.StackDefinition;
import software.amazon.awssdk.services.cloudformation.model.StackRefactorExecutionStatus;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Plans the refactor that a request asks for, and holds it against what a refactor may do: no resource is made, changed or deleted. */
final class RefactorPlanner {
    private static final Set<StackStatus> SETTLED = Set.of(
            StackStatus.CREATE_COMPLETE,
            StackStatus.UPDATE_COMPLETE,
            StackStatus.UPDATE_ROLLBACK_COMPLETE,
            StackStatus.IMPORT_COMPLETE,
            StackStatus.IMPORT_ROLLBACK_COMPLETE);

    /** Types of which something beside the stack knows its place. */
    private static final Set<String> BOUND = Set.of(
            Progress.STACK_TYPE,
            ResourceSchema.CUSTOM,
            "AWS::CloudFormation::Macro",
            "AWS::CloudFormation::WaitCondition",
            "AWS::CloudFormation::WaitConditionHandle");

    private final CloudFormationTables tables;
    private final Requests requests;
    private final Blueprints blueprints;
    private final Stacks stacks;

    RefactorPlanner(CloudFormationTables tables, Requests requests, Blueprints blueprints, Stacks stacks) {
        this.tables = tables;
        this.requests = requests;
        this.blueprints = blueprints;
        this.stacks = stacks;
    }

    /** A plan that can be carried out.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException when it cannot */
    RefactorRecord plan(CreateStackRefactorRequest request, String id, Instant now) {
        Scope scope = Call.current().scope();
        List<Part> parts = new ArrayList<>();
        for (StackDefinition definition : request.stackDefinitions()) {
            parts.add(part(scope, definition, Boolean.TRUE.equals(request.enableStackCreation())));
        }
        RefactorMatch match = new RefactorMatch(there(scope, parts), wanted(parts));
        for (ResourceMapping mapping : request.resourceMappings()) {
            match.put(place(parts, mapping.source()), place(parts, mapping.destination()));
        }
        match.finish(stack -> named(parts, stack).name());
        refuseBound(match);
        new After(parts, match.placed()).refuseChanges();
        return new RefactorRecord(
                id,
                request.description() == null ? "" : request.description(),
                parts,
                match.moves(),
                "",
                StackRefactorExecutionStatus.AVAILABLE,
                "",
                Optional.empty(),
                now);
    }

    private Part part(Scope scope, StackDefinition definition, boolean creating) {
        Optional<StackRecord> there = tables.find(scope, definition.stackName()).filter(stack -> !stack.deleted());
        if (there.isEmpty() && !creating) {
            throw Refusals.noStackNamed(definition.stackName());
        }
        there.filter(stack -> !SETTLED.contains(stack.status())).ifPresent(stack -> {
            throw Refusals.invalid(
                    "Stack:" + stack.arn() + " is in " + stack.status() + " state and can not be refactored.");
        });
        Settings after = requests.settings(
                new Requests.Asked(
                        definition.templateBody(),
                        definition.templateURL(),
                        false,
                        there.map(stack -> kept(stack, definition)).orElse(List.of()),
                        NestedStack.CAPABILITIES,
                        null,
                        null,
                        null,
                        null),
                definition.stackName(),
                there);
        if (there.isPresent()) {
            StackRecord stack = there.get();
            Settings before = stack.settings();
            return new Part(
                    stack.id(), stack.arn(), stack.name(), false, before, after.acknowledging(before.capabilities()));
        }
        StackRecord fresh =
                stacks.fresh(scope, Ids.uuid(), definition.stackName(), after, StackStatus.CREATE_IN_PROGRESS, false);
        return new Part(fresh.id(), fresh.arn(), fresh.name(), true, Settings.NONE, after);
    }

    /** A refactor leaves parameters as they are. */
    private List<Parameter> kept(StackRecord stack, StackDefinition definition) {
        String text = requests.template(definition.templateBody(), definition.templateURL());
        Set<String> declared = blueprints.template(text).parameters().keySet();
        return stack.settings().parameters().stream()
                .filter(parameter -> declared.contains(parameter.key()))
                .map(parameter -> Parameter.builder()
                        .parameterKey(parameter.key())
                        .usePreviousValue(true)
                        .build())
                .toList();
    }

    private Map<Place, ResourceRecord> there(Scope scope, List<Part> parts) {
        Map<Place, ResourceRecord> there = new LinkedHashMap<>();
        for (Part part : parts) {
            tables.resources(scope, part.stack()).stream()
                    .filter(ResourceRecord::exists)
                    .forEach(resource -> there.put(new Place(part.stack(), resource.logicalId()), resource));
        }
        return there;
    }

    private Map<Place, String> wanted(List<Part> parts) {
        Map<Place, String> wanted = new LinkedHashMap<>();
        for (Part part : parts) {
            Blueprint blueprint = blueprint(part);
            blueprint
                    .resources()
                    .forEach(logicalId -> wanted.put(new Place(part.stack(), logicalId), blueprint.type(logicalId)));
        }
        return wanted;
    }

    /** What a stack is to be. */
    Blueprint blueprint(Part part) {
        StackRecord stack = stacks.fresh(
                Call.current().scope(), part.stack(), part.name(), part.after(), StackStatus.UPDATE_IN_PROGRESS, false);
        return blueprints.of(stack, part.after());
    }

    private static Place place(List<Part> parts, ResourceLocation location) {
        return parts.stream()
                .filter(part ->
                        part.name().equals(location.stackName()) || part.arn().equals(location.stackName()))
                .findFirst()
                .map(part -> new Place(part.stack(), location.logicalResourceId()))
                .orElseThrow(() -> Refusals.invalid("Stack " + location.stackName() + " of a resource mapping is not"
                        + " among the stack definitions"));
    }

    private static Part named(List<Part> parts, String stack) {
        return parts.stream()
                .filter(part -> part.stack().equals(stack))
                .findFirst()
                .orElseThrow();
    }

    private static void refuseBound(RefactorMatch match) {
        List<String> bound = match.moves().stream()
                .filter(move -> BOUND.contains(move.type()) || ResourceSchema.isCustom(move.type()))
                .map(move -> move.from().logicalId() + " (" + move.type() + ")")
                .toList();
        if (!bound.isEmpty()) {
            throw Refusals.invalid("Stack refactor does not support the resources " + bound);
        }
    }

    /** What templates refer to when everything stands where it is to. */
    private final class After {
        private final List<Part> parts;
        private final Map<String, Map<String, ResourceRecord>> resources = new HashMap<>();
        private final Map<String, List<Output>> outputs = new HashMap<>();
        private final Set<String> evaluating = new HashSet<>();

        After(List<Part> parts, Map<Place, ResourceRecord> placed) {
            this.parts = parts;
            parts.forEach(part -> resources.put(part.stack(), new HashMap<>()));
            placed.forEach((place, resource) -> resources
                    .computeIfAbsent(place.stack(), stack -> new HashMap<>())
                    .put(place.logicalId(), resource));
        }

        void refuseChanges() {
            for (Part part : parts) {
                Blueprint blueprint = blueprint(part);
                Blueprint.Values values = values(part);
                for (String logicalId : blueprint.resources()) {
                    String given = Optional.ofNullable(there(part).get(logicalId))
                            .orElseThrow()
                            .physical()
                            .properties();
                    Set<String> changed = Plans.changed(given, blueprint.properties(logicalId, values));
                    if (!changed.isEmpty()) {
                        throw Refusals.invalid("A stack refactor changes no resource: " + part.name() + "." + logicalId
                                + " would have other " + changed);
                    }
                }
                outputs(part);
            }
        }

        private Map<String, ResourceRecord> there(Part part) {
            return Optional.ofNullable(resources.get(part.stack())).orElseThrow();
        }

        private List<Output> outputs(Part part) {
            List<Output> known = outputs.get(part.stack());
            if (known != null) {
                return known;
            }
            // One that is being evaluated exports nothing that it needs itself.
            if (!evaluating.add(part.stack())) {
                return List.of();
            }
            List<Output> found = blueprint(part).outputs(values(part));
            outputs.put(part.stack(), found);
            return found;
        }

        private Blueprint.Values values(Part part) {
            Blueprint.Values known = blueprints.preview(there(part), Set.of());
            return new Blueprint.Values() {
                @Override
                public JsonNode reference(String logicalId) {
                    return known.reference(logicalId);
                }

                @Override
                public JsonNode attribute(String logicalId, String name) {
                    return known.attribute(logicalId, name);
                }

                @Override
                public JsonNode imported(String export) {
                    return exported(export);
                }

                @Override
                public JsonNode output(StackOutput output) {
                    return known.output(output);
                }
            };
        }

        private JsonNode exported(String name) {
            for (Part part : parts) {
                for (Output output : outputs(part)) {
                    if (name.equals(output.exportName())) {
                        return JsonNodeFactory.instance.stringNode(output.outputValue());
                    }
                }
            }
            return JsonNodeFactory.instance.stringNode(
                    tables.export(Call.current().scope(), name)
                            .filter(export -> !resources.containsKey(export.stack()))
                            .orElseThrow(() -> Refusals.invalid("No export named " + name + " found."))
                            .value());
        }
    }

    /** Whether a stack is what it was when its refactor was made. */
    boolean current(Scope scope, Part part) {
        Optional<StackRecord> there =
                tables.find(scope, part.fresh() ? part.name() : part.arn()).filter(stack -> !stack.deleted());
        return part.fresh()
                ? there.isEmpty()
                : there.filter(stack -> SETTLED.contains(stack.status())
                                && stack.settings().makesSame(part.before()))
                        .isPresent();
    }
}

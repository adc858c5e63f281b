package dev.terrane.codepipeline;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.codepipeline.model.ActionDeclaration;
import software.amazon.awssdk.services.codepipeline.model.ActionTypeId;
import software.amazon.awssdk.services.codepipeline.model.InputArtifact;
import software.amazon.awssdk.services.codepipeline.model.InvalidActionDeclarationException;
import software.amazon.awssdk.services.codepipeline.model.OutputArtifact;
import software.amazon.awssdk.services.codepipeline.model.PipelineDeclaration;
import software.amazon.awssdk.services.codepipeline.model.PipelineVariableDeclaration;
import software.amazon.awssdk.services.codepipeline.model.StageDeclaration;

/** Goes through a pipeline's actions in the order of their work: what one takes, an earlier one must have given. */
final class StructuredActions {
    private static final int MOST_VALUE = 50_000;

    private final String region;
    private final Function<ActionTypeId, Optional<ActionForm>> types;
    private final Set<String> variables;
    private final Set<String> artifacts = new HashSet<>();
    private final Set<String> namespaces = new HashSet<>(Set.of(Variables.PIPELINE, Variables.CODEPIPELINE));

    StructuredActions(PipelineDeclaration pipeline, String region, Function<ActionTypeId, Optional<ActionForm>> types) {
        this.types = types;
        this.region = region;
        variables = pipeline.variables().stream()
                .map(PipelineVariableDeclaration::name)
                .collect(Collectors.toSet());
    }

    /** Checks the next stage. */
    void check(StageDeclaration stage, boolean first) {
        if (stage.actions().isEmpty()) {
            throw Structure.invalidStage("Stage " + stage.name() + " must have at least one action.");
        }
        Set<String> names = new HashSet<>();
        TreeMap<Integer, List<ActionDeclaration>> groups = stage.actions().stream()
                .collect(Collectors.groupingBy(ActionDeclaration::runOrder, TreeMap::new, Collectors.toList()));
        groups.values().forEach(group -> {
            for (ActionDeclaration action : group) {
                if (!names.add(action.name())) {
                    throw invalid("Action names must be unique within a stage: " + action.name());
                }
                check(stage, action, first);
            }
            group.stream().sorted(Comparator.comparing(ActionDeclaration::name)).forEach(this::remember);
        });
    }

    private void check(StageDeclaration stage, ActionDeclaration action, boolean first) {
        ActionForm kind = types.apply(action.actionTypeId())
                .orElseThrow(() -> invalid(
                        "ActionType (Category: '%s', Provider: '%s', Owner: '%s', Version: '%s') in action '%s' is not available in region %s"
                                .formatted(
                                        action.actionTypeId().categoryAsString(),
                                        action.actionTypeId().provider(),
                                        action.actionTypeId().ownerAsString(),
                                        action.actionTypeId().version(),
                                        action.name(),
                                        region)));
        if (first != kind.isSource()) {
            throw first
                    ? Structure.invalid(
                            "Pipeline stage 1 must only contain Source actions; action '%s' in stage '%s' is not one."
                                    .formatted(action.name(), stage.name()))
                    : Structure.invalid("Only the first stage can contain Source actions; stage '%s' has '%s'."
                            .formatted(stage.name(), action.name()));
        }
        refuseUnavailable(action, kind);
        checkArtifacts(action, kind);
        checkConfiguration(action, kind);
    }

    private void refuseUnavailable(ActionDeclaration action, ActionForm kind) {
        if (action.region() != null && !action.region().equals(region)) {
            throw invalid("Action '%s' names region %s. Actions in other regions than the pipeline's are not available."
                    .formatted(action.name(), action.region()));
        }
        if (!action.commands().isEmpty()
                || !action.outputVariables().isEmpty()
                || !action.environmentVariables().isEmpty()) {
            throw invalid(
                    "Action '%s' has commands, outputVariables or environmentVariables, which are for the Commands action only."
                            .formatted(action.name()));
        }
        if (action.timeoutInMinutes() != null && kind != ActionKind.APPROVAL) {
            throw invalid(
                    "Action '%s' has timeoutInMinutes, which is for manual approvals only.".formatted(action.name()));
        }
        for (OutputArtifact output : action.outputArtifacts()) {
            if (!output.files().isEmpty()) {
                throw invalid("Output artifact '%s' has files, which are for the Commands action only."
                        .formatted(output.name()));
            }
        }
    }

    private void checkArtifacts(ActionDeclaration action, ActionForm kind) {
        requireCount(action, "input", kind.inputs(), action.inputArtifacts().size());
        requireCount(action, "output", kind.outputs(), action.outputArtifacts().size());
        Structure.requireDistinct(
                action.inputArtifacts().stream().map(InputArtifact::name).toList(), "input artifact");
        for (InputArtifact input : action.inputArtifacts()) {
            if (!artifacts.contains(input.name())) {
                throw Structure.invalid(
                        "Input artifact '%s' in action '%s' is not declared as an output artifact of an earlier action."
                                .formatted(input.name(), action.name()));
            }
        }
    }

    private static void requireCount(ActionDeclaration action, String side, ActionKind.Artifacts allowed, int count) {
        if (!allowed.allow(count)) {
            throw invalid("Action '%s' has %d %s artifact(s); it must have between %d and %d."
                    .formatted(action.name(), count, side, allowed.least(), allowed.most()));
        }
    }

    private void checkConfiguration(ActionDeclaration action, ActionForm kind) {
        action.configuration().forEach((key, value) -> {
            if (!kind.knows(key)) {
                throw invalid("Action configuration for action '%s' contains unknown configuration '%s'."
                        .formatted(action.name(), key));
            }
            if (value.length() > MOST_VALUE) {
                throw invalid("The value of '%s' in action '%s' is too long.".formatted(key, action.name()));
            }
            checkReferences(action, value);
        });
        for (String key : kind.required()) {
            if (action.configuration().getOrDefault(key, "").isBlank()) {
                throw invalid("Action configuration for action '%s' is missing required configuration '%s'."
                        .formatted(action.name(), key));
            }
        }
        if (kind instanceof ActionKind ours) {
            ActionSettings.check(action, ours);
        }
    }

    private void checkReferences(ActionDeclaration action, String value) {
        for (String namespace : Variables.namespaces(value)) {
            if (!namespaces.contains(namespace)) {
                throw invalid("Action '%s' refers to the namespace '%s', which no earlier action has."
                        .formatted(action.name(), namespace));
            }
        }
        for (String name : Variables.names(value, Variables.PIPELINE)) {
            if (!variables.contains(name)) {
                throw invalid("Action '%s' refers to the variable '%s', which the pipeline does not declare."
                        .formatted(action.name(), name));
            }
        }
    }

    private void remember(ActionDeclaration action) {
        for (OutputArtifact output : action.outputArtifacts()) {
            if (!artifacts.add(output.name())) {
                throw Structure.invalid("Output artifact name must be unique within a pipeline: '%s' in action '%s'."
                        .formatted(output.name(), action.name()));
            }
        }
        String namespace = action.namespace();
        if (namespace != null && !namespaces.add(namespace)) {
            throw invalid("The namespace '%s' of action '%s' is reserved or used by another action."
                    .formatted(namespace, action.name()));
        }
    }

    static InvalidActionDeclarationException invalid(String message) {
        return InvalidActionDeclarationException.builder().message(message).build();
    }
}

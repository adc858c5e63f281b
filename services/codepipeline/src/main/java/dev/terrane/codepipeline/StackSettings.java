package dev.terrane.codepipeline;

import dev.terrane.kernel.store.RecordCodec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.cloudformation.model.Capability;
import software.amazon.awssdk.services.codepipeline.model.ActionDeclaration;
import software.amazon.awssdk.services.codepipeline.model.InputArtifact;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What the configuration of a CloudFormation action means. */
final class StackSettings {
    /** What the action does with the stack. */
    enum Mode {
        CREATE_UPDATE(Set.of("TemplatePath", "RoleArn")),
        REPLACE_ON_FAILURE(Set.of("TemplatePath", "RoleArn")),
        DELETE_ONLY(Set.of("RoleArn")),
        CHANGE_SET_REPLACE(Set.of("TemplatePath", "RoleArn", "ChangeSetName")),
        CHANGE_SET_EXECUTE(Set.of("ChangeSetName"));

        private final Set<String> required;

        Mode(Set<String> required) {
            this.required = required;
        }
    }

    /** A file in an artifact, written {@code ARTIFACT::PATH}. */
    record FileName(String artifact, String path) {
        /** @throws IllegalArgumentException when it has another form */
        static FileName of(String text) {
            int colons = text.indexOf("::");
            if (colons <= 0 || colons + 2 == text.length()) {
                throw new IllegalArgumentException(
                        "'" + text + "' must name a file of an input artifact, as ArtifactName::FileName");
            }
            return new FileName(text.substring(0, colons), text.substring(colons + 2));
        }
    }

    private StackSettings() {}

    static Mode mode(ActionRecord action) {
        return Mode.valueOf(action.setting("ActionMode").orElseThrow());
    }

    static List<Capability> capabilities(ActionRecord action) {
        return action.setting("Capabilities").stream()
                .flatMap(all -> Arrays.stream(all.split(",")))
                .map(one -> Capability.fromValue(one.strip()))
                .toList();
    }

    /** Refuses what could not be carried out. */
    static void check(ActionDeclaration action, Map<String, String> settings) {
        String mode = settings.getOrDefault("ActionMode", "");
        Set<String> modes = Arrays.stream(Mode.values()).map(Mode::name).collect(Collectors.toSet());
        if (!modes.contains(mode)) {
            throw StructuredActions.invalid("The value '%s' of ActionMode in action '%s' is not one of %s."
                    .formatted(mode, action.name(), modes.stream().sorted().toList()));
        }
        Mode.valueOf(mode).required.stream()
                .sorted()
                .filter(key -> settings.getOrDefault(key, "").isBlank())
                .findFirst()
                .ifPresent(key -> {
                    throw StructuredActions.invalid(
                            "Action configuration for action '%s' is missing required configuration '%s'."
                                    .formatted(action.name(), key));
                });
        if (settings.containsKey("OutputFileName") == action.outputArtifacts().isEmpty()) {
            throw StructuredActions.invalid(
                    "Action '%s' must have both OutputFileName and an output artifact, or none of them."
                            .formatted(action.name()));
        }
        for (String key : List.of("TemplatePath", "TemplateConfiguration")) {
            String value = settings.getOrDefault(key, "");
            if (!value.isEmpty() && Variables.namespaces(value).isEmpty()) {
                checkFile(action, key, value);
            }
        }
        String capabilities = settings.getOrDefault("Capabilities", "");
        if (Variables.namespaces(capabilities).isEmpty()) {
            for (String one : capabilities.isEmpty() ? new String[0] : capabilities.split(",")) {
                if (!Capability.knownValues().contains(Capability.fromValue(one.strip()))) {
                    throw StructuredActions.invalid("Capabilities of action '%s' has the unknown capability '%s'."
                            .formatted(action.name(), one));
                }
            }
        }
        checkOverrides(action, settings.getOrDefault("ParameterOverrides", ""));
    }

    private static void checkFile(ActionDeclaration action, String key, String value) {
        FileName file;
        try {
            file = FileName.of(value);
        } catch (IllegalArgumentException e) {
            throw StructuredActions.invalid("%s of action '%s': %s.".formatted(key, action.name(), e.getMessage()));
        }
        if (action.inputArtifacts().stream().map(InputArtifact::name).noneMatch(file.artifact()::equals)) {
            throw StructuredActions.invalid("%s of action '%s' names the artifact '%s', which is no input of it."
                    .formatted(key, action.name(), file.artifact()));
        }
    }

    private static void checkOverrides(ActionDeclaration action, String json) {
        if (json.isBlank() || !Variables.namespaces(json).isEmpty()) {
            return;
        }
        try {
            if (RecordCodec.json().readTree(json).isObject()) {
                return;
            }
        } catch (JacksonException e) {
            // Said below, as for what is no object.
        }
        throw StructuredActions.invalid(
                "ParameterOverrides of action '%s' must be a JSON object.".formatted(action.name()));
    }

    /** A parameter's or tag's value as text. */
    static String text(JsonNode value) {
        return value.isValueNode() ? value.asString() : value.toString();
    }
}

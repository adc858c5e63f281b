package dev.terrane.codepipeline;

import dev.terrane.kernel.store.RecordCodec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.codepipeline.model.ActionDeclaration;
import software.amazon.awssdk.services.codepipeline.model.InputArtifact;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/** Values of an action's configuration that are more than text. */
final class ActionSettings {
    static final String CLONE_REF = "CODEBUILD_CLONE_REF";

    private static final Set<String> FORMATS = Set.of("CODE_ZIP", CLONE_REF);
    private static final Set<String> TRUTHS = Set.of("true", "false");
    private static final Set<String> KINDS = Set.of("PLAINTEXT", "PARAMETER_STORE", "SECRETS_MANAGER");

    private ActionSettings() {}

    /** A variable of a build. */
    record BuildVariable(String name, String value, String type) {}

    /** Refuses values that are not carried out. */
    static void check(ActionDeclaration action, ActionKind kind) {
        Map<String, String> settings = action.configuration();
        for (String key : List.of(
                "PollForSourceChanges", "AllowOverrideForS3ObjectKey", "BatchEnabled", "CombineArtifacts", "Extract")) {
            requireOneOf(action, key, settings.getOrDefault(key, "false"), TRUTHS);
        }
        switch (kind) {
            case CODECOMMIT_SOURCE ->
                requireOneOf(
                        action,
                        "OutputArtifactFormat",
                        settings.getOrDefault("OutputArtifactFormat", "CODE_ZIP"),
                        FORMATS);
            case CODEBUILD_BUILD, CODEBUILD_TEST -> checkBuild(action, settings);
            case CLOUDFORMATION -> StackSettings.check(action, settings);
            case S3_DEPLOY -> checkDeployToS3(action, settings);
            case S3_SOURCE, CODEDEPLOY, APPROVAL -> {}
        }
    }

    private static void checkBuild(ActionDeclaration action, Map<String, String> settings) {
        for (String key : List.of("BatchEnabled", "CombineArtifacts")) {
            if (settings.getOrDefault(key, "false").equalsIgnoreCase("true")) {
                throw StructuredActions.invalid(
                        "Action '%s' sets %s, and batch builds are not available here.".formatted(action.name(), key));
            }
        }
        String primary = settings.getOrDefault("PrimarySource", "");
        List<String> inputs =
                action.inputArtifacts().stream().map(InputArtifact::name).toList();
        if (!primary.isEmpty() && !inputs.contains(primary)) {
            throw StructuredActions.invalid(
                    "PrimarySource of action '%s' must name one of its input artifacts.".formatted(action.name()));
        }
        if (primary.isEmpty() && inputs.size() > 1) {
            throw StructuredActions.invalid(
                    "Action '%s' has several input artifacts, so it must have PrimarySource.".formatted(action.name()));
        }
        String variables = settings.getOrDefault("EnvironmentVariables", "");
        if (Variables.namespaces(variables).isEmpty()) {
            buildVariables(variables, action.name());
        }
    }

    private static void checkDeployToS3(ActionDeclaration action, Map<String, String> settings) {
        String acl = settings.getOrDefault("CannedACL", "private");
        if (!acl.equals("private")) {
            throw StructuredActions.invalid(
                    "CannedACL of action '%s' can only be private: access is given by bucket policies."
                            .formatted(action.name()));
        }
        boolean extracts = settings.getOrDefault("Extract", "").equalsIgnoreCase("true");
        if (!extracts && settings.getOrDefault("ObjectKey", "").isEmpty()) {
            throw StructuredActions.invalid(
                    "Action '%s' does not extract, so it must have ObjectKey.".formatted(action.name()));
        }
    }

    private static void requireOneOf(ActionDeclaration action, String key, String value, Set<String> allowed) {
        boolean reference = !Variables.namespaces(value).isEmpty();
        if (!reference
                && !allowed.contains(allowed.equals(TRUTHS) ? value.toLowerCase(java.util.Locale.ROOT) : value)) {
            throw StructuredActions.invalid("The value '%s' of %s in action '%s' is not one of %s."
                    .formatted(
                            value, key, action.name(), allowed.stream().sorted().toList()));
        }
    }

    /** Reads the EnvironmentVariables of a build action.
     *
     * @throws software.amazon.awssdk.services.codepipeline.model.InvalidActionDeclarationException when they have another form */
    static List<BuildVariable> buildVariables(String json, String action) {
        if (json.isBlank()) {
            return List.of();
        }
        List<Map<String, String>> given;
        try {
            given = RecordCodec.json().readValue(json, new TypeReference<List<Map<String, String>>>() {});
        } catch (JacksonException e) {
            throw StructuredActions.invalid(
                    "EnvironmentVariables of action '%s' must be a JSON array of objects with name, value and type."
                            .formatted(action));
        }
        return given.stream().map(one -> buildVariable(one, action)).toList();
    }

    private static BuildVariable buildVariable(Map<String, String> given, String action) {
        String name = given.get("name");
        String value = given.get("value");
        String type = given.getOrDefault("type", "PLAINTEXT");
        if (name == null || name.isEmpty() || value == null || !KINDS.contains(type)) {
            throw StructuredActions.invalid(
                    "Each of the EnvironmentVariables of action '%s' must have a name, a value and a type of %s."
                            .formatted(action, KINDS.stream().sorted().toList()));
        }
        return new BuildVariable(name, value, type);
    }
}

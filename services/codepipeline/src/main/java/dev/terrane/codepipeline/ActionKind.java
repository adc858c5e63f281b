package dev.terrane.codepipeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.codepipeline.model.ActionCategory;
import software.amazon.awssdk.services.codepipeline.model.ActionConfigurationProperty;
import software.amazon.awssdk.services.codepipeline.model.ActionConfigurationPropertyType;
import software.amazon.awssdk.services.codepipeline.model.ActionOwner;
import software.amazon.awssdk.services.codepipeline.model.ActionType;
import software.amazon.awssdk.services.codepipeline.model.ActionTypeId;

/**
 * The kinds of actions that pipelines here can have.
 *
 * @see <a href="https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference.html">Action structure reference</a>
 */
enum ActionKind {
    CODECOMMIT_SOURCE(
            ActionCategory.SOURCE,
            "CodeCommit",
            Artifacts.of(0, 0),
            Artifacts.of(1, 1),
            Set.of("RepositoryName", "BranchName"),
            Set.of("PollForSourceChanges", "OutputArtifactFormat")),
    S3_SOURCE(
            ActionCategory.SOURCE,
            "S3",
            Artifacts.of(0, 0),
            Artifacts.of(1, 1),
            Set.of("S3Bucket", "S3ObjectKey"),
            Set.of("PollForSourceChanges", "AllowOverrideForS3ObjectKey")),
    CODEBUILD_BUILD(
            ActionCategory.BUILD,
            "CodeBuild",
            Artifacts.of(1, 5),
            Artifacts.of(0, 5),
            Set.of("ProjectName"),
            Set.of("PrimarySource", "EnvironmentVariables", "BatchEnabled", "CombineArtifacts")),
    CODEBUILD_TEST(
            ActionCategory.TEST,
            "CodeBuild",
            Artifacts.of(1, 5),
            Artifacts.of(0, 5),
            Set.of("ProjectName"),
            Set.of("PrimarySource", "EnvironmentVariables", "BatchEnabled", "CombineArtifacts")),
    CODEDEPLOY(
            ActionCategory.DEPLOY,
            "CodeDeploy",
            Artifacts.of(1, 1),
            Artifacts.of(0, 0),
            Set.of("ApplicationName", "DeploymentGroupName"),
            Set.of()),
    S3_DEPLOY(
            ActionCategory.DEPLOY,
            "S3",
            Artifacts.of(1, 1),
            Artifacts.of(0, 0),
            Set.of("BucketName", "Extract"),
            Set.of("ObjectKey", "KMSEncryptionKeyARN", "CannedACL", "CacheControl")),
    APPROVAL(
            ActionCategory.APPROVAL,
            "Manual",
            Artifacts.of(0, 0),
            Artifacts.of(0, 0),
            Set.of(),
            Set.of("NotificationArn", "ExternalEntityLink", "CustomData"));

    /** How many artifacts an action takes or gives. */
    record Artifacts(int least, int most) {
        static Artifacts of(int least, int most) {
            return new Artifacts(least, most);
        }

        boolean allow(int count) {
            return count >= least && count <= most;
        }
    }

    private final ActionCategory category;
    private final String provider;
    private final Artifacts inputs;
    private final Artifacts outputs;
    private final Set<String> required;
    private final Set<String> optional;

    ActionKind(
            ActionCategory category,
            String provider,
            Artifacts inputs,
            Artifacts outputs,
            Set<String> required,
            Set<String> optional) {
        this.category = category;
        this.provider = provider;
        this.inputs = inputs;
        this.outputs = outputs;
        this.required = required;
        this.optional = optional;
    }

    /** The kind that an action type names; empty when there is none here. */
    static Optional<ActionKind> of(ActionTypeId id) {
        return Arrays.stream(values()).filter(kind -> kind.id().equals(id)).findFirst();
    }

    ActionTypeId id() {
        return ActionTypeId.builder()
                .category(category)
                .owner(ActionOwner.AWS)
                .provider(provider)
                .version("1")
                .build();
    }

    boolean isSource() {
        return category == ActionCategory.SOURCE;
    }

    Artifacts inputs() {
        return inputs;
    }

    Artifacts outputs() {
        return outputs;
    }

    Set<String> required() {
        return required;
    }

    boolean knows(String key) {
        return required.contains(key) || optional.contains(key);
    }

    ActionType describe() {
        List<ActionConfigurationProperty> properties = new ArrayList<>();
        required.stream().sorted().forEach(name -> properties.add(property(name, true)));
        optional.stream().sorted().forEach(name -> properties.add(property(name, false)));
        return ActionType.builder()
                .id(id())
                .settings(settings -> {})
                .actionConfigurationProperties(properties)
                .inputArtifactDetails(d -> d.minimumCount(inputs.least()).maximumCount(inputs.most()))
                .outputArtifactDetails(d -> d.minimumCount(outputs.least()).maximumCount(outputs.most()))
                .build();
    }

    private static ActionConfigurationProperty property(String name, boolean needed) {
        return ActionConfigurationProperty.builder()
                .name(name)
                .required(needed)
                .key(true)
                .secret(false)
                .type(ActionConfigurationPropertyType.STRING)
                .build();
    }
}

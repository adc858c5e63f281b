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
enum ActionKind implements ActionForm {
    CODECOMMIT_SOURCE(
            ActionCategory.SOURCE,
            "CodeCommit",
            Artifacts.NONE,
            Artifacts.ONE,
            Set.of("RepositoryName", "BranchName"),
            Set.of("PollForSourceChanges", "OutputArtifactFormat")),
    S3_SOURCE(
            ActionCategory.SOURCE,
            "S3",
            Artifacts.NONE,
            Artifacts.ONE,
            Set.of("S3Bucket", "S3ObjectKey"),
            Set.of("PollForSourceChanges", "AllowOverrideForS3ObjectKey")),
    CODEBUILD_BUILD(
            ActionCategory.BUILD,
            "CodeBuild",
            new Artifacts(1, 5),
            new Artifacts(0, 5),
            CodeBuildKeys.REQUIRED,
            CodeBuildKeys.OPTIONAL),
    CODEBUILD_TEST(
            ActionCategory.TEST,
            "CodeBuild",
            new Artifacts(1, 5),
            new Artifacts(0, 5),
            CodeBuildKeys.REQUIRED,
            CodeBuildKeys.OPTIONAL),
    CODEDEPLOY(
            ActionCategory.DEPLOY,
            "CodeDeploy",
            Artifacts.ONE,
            Artifacts.NONE,
            Set.of("ApplicationName", "DeploymentGroupName"),
            Set.of()),
    CLOUDFORMATION(
            ActionCategory.DEPLOY,
            "CloudFormation",
            new Artifacts(0, 10),
            new Artifacts(0, 1),
            Set.of("ActionMode", "StackName"),
            Set.of(
                    "Capabilities",
                    "ChangeSetName",
                    "OutputFileName",
                    "ParameterOverrides",
                    "RoleArn",
                    "TemplateConfiguration",
                    "TemplatePath")),
    S3_DEPLOY(
            ActionCategory.DEPLOY,
            "S3",
            Artifacts.ONE,
            Artifacts.NONE,
            Set.of("BucketName", "Extract"),
            Set.of("ObjectKey", "KMSEncryptionKeyARN", "CannedACL", "CacheControl")),
    APPROVAL(
            ActionCategory.APPROVAL,
            "Manual",
            Artifacts.NONE,
            Artifacts.NONE,
            Set.of(),
            Set.of("NotificationArn", "ExternalEntityLink", "CustomData"));

    /** The configuration of a build, which tests have too. */
    private static final class CodeBuildKeys {
        static final Set<String> REQUIRED = Set.of("ProjectName");
        static final Set<String> OPTIONAL =
                Set.of("PrimarySource", "EnvironmentVariables", "BatchEnabled", "CombineArtifacts");
    }

    /** How many artifacts an action takes or gives. */
    record Artifacts(int least, int most) {
        private static final Artifacts NONE = new Artifacts(0, 0);
        private static final Artifacts ONE = new Artifacts(1, 1);

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

    @Override
    public boolean isSource() {
        return category == ActionCategory.SOURCE;
    }

    @Override
    public Artifacts inputs() {
        return inputs;
    }

    @Override
    public Artifacts outputs() {
        return outputs;
    }

    @Override
    public Set<String> required() {
        return required;
    }

    @Override
    public boolean knows(String key) {
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

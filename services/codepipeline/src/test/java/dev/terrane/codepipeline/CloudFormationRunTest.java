package dev.terrane.codepipeline;

import static dev.terrane.codepipeline.Workshop.action;
import static dev.terrane.codepipeline.Workshop.input;
import static dev.terrane.codepipeline.Workshop.output;
import static dev.terrane.codepipeline.Workshop.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.testkit.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;
import software.amazon.awssdk.services.codepipeline.model.*;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** CloudFormation actions, on stacks that are really made. */
class CloudFormationRunTest {
    private static final String QUEUE = """
            Parameters:
              Seconds: { Type: Number, Default: 30 }
              Name: { Type: String, Default: jobs }
            Resources:
              Queue:
                Type: AWS::SQS::Queue
                Properties: { QueueName: !Ref Name, VisibilityTimeout: !Ref Seconds }
            Outputs:
              Url: { Value: !Ref Queue }
            """;

    private final Workshop workshop = new Workshop();
    private final String stackRole = workshop.server
            .identities()
            .role(
                    TestServer.ACCOUNT,
                    "stack-role",
                    "cloudformation.amazonaws.com",
                    dev.terrane.testkit.TestIdentities.EVERYTHING);

    @BeforeEach
    void push() {
        workshop.push("template", "infra/template.yaml", QUEUE, false);
    }

    @AfterEach
    void close() {
        workshop.close();
    }

    private ActionDeclaration stack(String mode, Map<String, String> more) {
        Map<String, String> configuration = new HashMap<>(Map.of("ActionMode", mode, "StackName", "jobs"));
        if (!mode.equals("CHANGE_SET_EXECUTE")) {
            configuration.put("RoleArn", stackRole);
        }
        if (!mode.equals("DELETE_ONLY") && !mode.equals("CHANGE_SET_EXECUTE")) {
            configuration.put("TemplatePath", "SourceArtifact::infra/template.yaml");
        }
        configuration.putAll(more);
        return action(ActionCategory.DEPLOY, "CloudFormation", mode)
                .configuration(configuration)
                .inputArtifacts(input("SourceArtifact"))
                .build();
    }

    private String run(ActionDeclaration... actions) {
        StageDeclaration[] stages = new StageDeclaration[actions.length + 1];
        stages[0] = stage("Source", workshop.quietSource());
        for (int i = 0; i < actions.length; i++) {
            stages[i + 1] = stage("Stage" + i, actions[i]);
        }
        return workshop.create(workshop.structure(stages));
    }

    private CloudFormationClient stacks() {
        return workshop.server.client(CloudFormationClient.class);
    }

    private Stack stack() {
        return stacks().describeStacks(r -> r.stackName("jobs")).stacks().getFirst();
    }

    private @Nullable String timeout(String url) {
        return workshop.server
                .client(SqsClient.class)
                .getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.VISIBILITY_TIMEOUT))
                .attributes()
                .get(QueueAttributeName.VISIBILITY_TIMEOUT);
    }

    private String problem(String execution, String action) {
        return workshop.action(execution, action)
                .output()
                .executionResult()
                .errorDetails()
                .message();
    }

    @Test
    void aStackIsMadeAndChangedWithParametersTagsAndOutputs() throws IOException {
        workshop.push(
                "settings",
                "infra/live.json",
                "{\"Parameters\": {\"Seconds\": 41, \"Name\": \"over\"}, \"Tags\": {\"team\": \"shop\"}}",
                false);
        workshop.push("names", "names.json", "{\"queue\": \"orders\"}", false);
        ActionDeclaration deploy = stack(
                        "CREATE_UPDATE",
                        Map.of(
                                "TemplateConfiguration", "SourceArtifact::infra/live.json",
                                "ParameterOverrides",
                                        "{\"Name\": {\"Fn::GetParam\": [\"SourceArtifact\", \"names.json\", \"queue\"]}}",
                                "OutputFileName", "outputs.json"))
                .toBuilder()
                .namespace("Deployed")
                .outputArtifacts(output("Outputs"))
                .build();
        String first = run(deploy);
        workshop.await(first, PipelineExecutionStatus.SUCCEEDED);
        Stack made = stack();
        assertThat(made.stackStatus()).isEqualTo(StackStatus.CREATE_COMPLETE);
        assertThat(made.roleARN()).isEqualTo(stackRole);
        assertThat(made.tags())
                .anyMatch(t -> t.key().equals("team") && t.value().equals("shop"));
        String url = made.outputs().getFirst().outputValue();
        assertThat(url).endsWith("/orders");
        assertThat(timeout(url)).isEqualTo("41");
        ActionExecutionDetail ran = workshop.action(first, "CREATE_UPDATE");
        assertThat(ran.output().outputVariables()).containsEntry("Url", url);
        assertThat(ran.output().executionResult().externalExecutionId()).isEqualTo(made.stackId());
        S3Location location = ran.output().outputArtifacts().getFirst().s3location();
        var zip =
                workshop.s3().getObjectAsBytes(r -> r.bucket(location.bucket()).key(location.key()));
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip.asByteArray()))) {
            assertThat(in.getNextEntry().getName()).isEqualTo("outputs.json");
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("{\"Url\":\"" + url + "\"}");
        }

        workshop.await(workshop.start(), PipelineExecutionStatus.SUCCEEDED);
        assertThat(stack().stackStatus()).as("nothing to change").isEqualTo(StackStatus.CREATE_COMPLETE);
        workshop.push("slower", "infra/live.json", "{\"Parameters\": {\"Seconds\": \"52\"}}", false);
        workshop.await(workshop.start(), PipelineExecutionStatus.SUCCEEDED);
        assertThat(timeout(url)).isEqualTo("52");
    }

    @Test
    void aStackThatFailsSaysWhyAndIsReplaced() {
        String first = run(stack("REPLACE_ON_FAILURE", Map.of("ParameterOverrides", "{\"Seconds\": \"99999999\"}")));
        workshop.await(first, PipelineExecutionStatus.FAILED);
        assertThat(problem(first, "REPLACE_ON_FAILURE"))
                .startsWith("Stack jobs is ROLLBACK_COMPLETE. Queue (AWS::SQS::Queue): ")
                .contains("VisibilityTimeout");
        String failed = stack().stackId();
        PipelineDeclaration mended = workshop.structure(
                        stage("Source", workshop.quietSource()), stage("Stage0", stack("REPLACE_ON_FAILURE", Map.of())))
                .build();
        workshop.pipelines().updatePipeline(r -> r.pipeline(mended));
        workshop.await(workshop.start(), PipelineExecutionStatus.SUCCEEDED);
        assertThat(stack().stackStatus()).isEqualTo(StackStatus.CREATE_COMPLETE);
        assertThat(stack().stackId()).isNotEqualTo(failed);
    }

    @Test
    void aChangeSetIsMadeAndExecutedAndTheStackDeleted() {
        Map<String, String> changeSet = Map.of("ChangeSetName", "next");
        String first = run(stack("CHANGE_SET_REPLACE", changeSet), stack("CHANGE_SET_EXECUTE", changeSet));
        workshop.await(first, PipelineExecutionStatus.SUCCEEDED);
        String url = stack().outputs().getFirst().outputValue();
        assertThat(workshop.action(first, "CHANGE_SET_EXECUTE").output().outputVariables())
                .containsEntry("Url", url);
        workshop.await(workshop.start(), PipelineExecutionStatus.SUCCEEDED);
        assertThat(stack().stackStatus()).as("an empty change set").isEqualTo(StackStatus.CREATE_COMPLETE);

        PipelineDeclaration removing = workshop.structure(
                        stage("Source", workshop.quietSource()), stage("Stage0", stack("DELETE_ONLY", Map.of())))
                .build();
        workshop.pipelines().updatePipeline(r -> r.pipeline(removing));
        workshop.await(workshop.start(), PipelineExecutionStatus.SUCCEEDED);
        assertThatThrownBy(this::stack).hasMessageContaining("does not exist");
        workshop.await(workshop.start(), PipelineExecutionStatus.SUCCEEDED);
    }

    @Test
    void aServerThatDiesGoesOnWithTheStackThatWasBegun() {
        String execution = run(stack("CREATE_UPDATE", Map.of()));
        TestServer.await(() -> !stacks().listStacks().stackSummaries().isEmpty());
        workshop.server.restart();
        workshop.await(execution, PipelineExecutionStatus.SUCCEEDED);
        assertThat(stacks().listStacks().stackSummaries()).hasSize(1);
        assertThat(stack().stackStatus()).isEqualTo(StackStatus.CREATE_COMPLETE);
    }

    @Test
    void whatCannotBeIsRefused() {
        String first = run(stack("CREATE_UPDATE", Map.of("TemplatePath", "SourceArtifact::none.yaml")));
        workshop.await(first, PipelineExecutionStatus.FAILED);
        assertThat(problem(first, "CREATE_UPDATE"))
                .contains("File [none.yaml] does not exist in artifact [SourceArtifact]");
        refused(stack("UPDATE", Map.of()), "The value 'UPDATE' of ActionMode");
        refused(stack("CHANGE_SET_EXECUTE", Map.of()), "missing required configuration 'ChangeSetName'");
        refused(stack("CREATE_UPDATE", Map.of("TemplatePath", "template.yaml")), "as ArtifactName::FileName");
        refused(stack("CREATE_UPDATE", Map.of("TemplatePath", "Other::t.yaml")), "which is no input of it");
        refused(stack("CREATE_UPDATE", Map.of("Capabilities", "ANY")), "unknown capability 'ANY'");
        refused(stack("CREATE_UPDATE", Map.of("OutputFileName", "o.json")), "or none of them");
        refused(stack("CREATE_UPDATE", Map.of("ParameterOverrides", "[]")), "must be a JSON object");
    }

    private void refused(ActionDeclaration action, String why) {
        PipelineDeclaration wrong = workshop.structure(stage("Source", workshop.quietSource()), stage("Stage0", action))
                .name("wrong")
                .build();
        assertThatThrownBy(() -> workshop.pipelines().createPipeline(r -> r.pipeline(wrong)))
                .isInstanceOf(InvalidActionDeclarationException.class)
                .hasMessageContaining(why);
    }
}

package dev.terrane.codepipeline;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Exceptions;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.codepipeline.CodePipelineClient;
import software.amazon.awssdk.services.codepipeline.model.ActionCategory;
import software.amazon.awssdk.services.codepipeline.model.ActionOwner;
import software.amazon.awssdk.services.codepipeline.model.ActionTypeId;
import software.amazon.awssdk.services.codepipeline.model.ArtifactDetails;
import software.amazon.awssdk.services.codepipeline.model.FailureDetails;
import software.amazon.awssdk.services.codepipeline.model.FailureType;
import software.amazon.awssdk.services.codepipeline.model.PipelineDeclaration;
import software.amazon.awssdk.services.codepipeline.model.PipelineExecutionStatus;
import software.amazon.awssdk.services.codepipeline.model.Tag;
import software.amazon.awssdk.services.codepipeline.model.WebhookAuthenticationType;
import software.amazon.awssdk.services.codepipeline.model.WebhookDefinition;

final class CodePipelineContractTest extends ServiceContractSuite<CodePipelineClient> {
    CodePipelineContractTest() {
        super(CodePipelineClient.class);
    }

    @Override
    protected TestServer start() {
        return workshop.server;
    }

    @Override
    protected Names example(CodePipelineClient client, String name) {

        PipelineDeclaration pipeline = structure(name);
        client.createPipeline(r -> r.pipeline(pipeline)
                .tags(Tag.builder().key("made").value("here").build()));
        TestServer.await(
                () -> client.listPipelineExecutions(r -> r.pipelineName(name)).pipelineExecutionSummaries().stream()
                        .allMatch(e ->
                                e.status() != PipelineExecutionStatus.IN_PROGRESS || waitsForApproval(client, name)));
        String execution = client.listPipelineExecutions(r -> r.pipelineName(name))
                .pipelineExecutionSummaries()
                .getFirst()
                .pipelineExecutionId();
        WebhookDefinition webhook = WebhookDefinition.builder()
                .name(name)
                .targetPipeline(name)
                .targetAction("Source")
                .filters(List.of())
                .authentication(WebhookAuthenticationType.UNAUTHENTICATED)
                .authenticationConfiguration(a -> {})
                .build();
        client.putWebhook(r ->
                r.webhook(webhook).tags(Tag.builder().key("made").value("here").build()));
        // An account has at most 50 action types in a region, and the suite makes more examples.
        if (providers.size() > 20) {
            String oldest = providers.removeFirst();
            client.deleteCustomActionType(
                    r -> r.category(ActionCategory.BUILD).provider(oldest).version("1"));
        }
        providers.add(name);
        client.createCustomActionType(r -> r.category(ActionCategory.BUILD)
                .provider(name)
                .version("1")
                .inputArtifactDetails(d -> d.minimumCount(0).maximumCount(0))
                .outputArtifactDetails(d -> d.minimumCount(0).maximumCount(0)));
        return Names.of("pipelineName", name)
                .and("category", "Build")
                .and("provider", name)
                .and("DeleteCustomActionType.version", "1")
                .and("CreateCustomActionType.version", "2")
                .and(
                        "inputArtifactDetails",
                        ArtifactDetails.builder()
                                .minimumCount(0)
                                .maximumCount(0)
                                .build())
                .and(
                        "outputArtifactDetails",
                        ArtifactDetails.builder()
                                .minimumCount(0)
                                .maximumCount(0)
                                .build())
                .and(
                        "actionTypeId",
                        ActionTypeId.builder()
                                .category(ActionCategory.BUILD)
                                .owner(ActionOwner.CUSTOM)
                                .provider(name)
                                .version("1")
                                .build())
                .and("jobId", "01234567-89ab-cdef-0123-456789abcdef")
                .and("nonce", "1")
                .and(
                        "failureDetails",
                        FailureDetails.builder()
                                .type(FailureType.JOB_FAILED)
                                .message("example")
                                .build())
                .and("webhook", webhook)
                .and("RegisterWebhookWithThirdParty.webhookName", name)
                .and("DeregisterWebhookWithThirdParty.webhookName", name)
                .and("name", name)
                .and("pipelineExecutionId", execution)
                .and("targetPipelineExecutionId", execution)
                .and("stageName", "Second")
                .and("actionName", "Approve")
                .and("transitionType", "Inbound")
                .and("reason", "example")
                .and("retryMode", "FAILED_ACTIONS")
                .and("token", "01234567-89ab-cdef-0123-456789abcdef")
                .and("pipeline", pipeline)
                .and(
                        "resourceArn",
                        Arn.of("codepipeline", TestServer.REGION, TestServer.ACCOUNT, name)
                                .toString());
    }

    @Override
    protected Missing missing() {
        return Missing.none()
                .and("pipelineName", "none", "PipelineNotFoundException")
                .and("name", "none", "PipelineNotFoundException")
                .and("webhookName", "none", "WebhookNotFoundException")
                .and("stageName", "none", "StageNotFoundException")
                .and("actionName", "none", "ActionNotFoundException")
                .and(
                        "pipelineExecutionId",
                        "01234567-89ab-cdef-0123-456789abcdef",
                        "PipelineExecutionNotFoundException")
                .and(
                        "targetPipelineExecutionId",
                        "01234567-89ab-cdef-0123-456789abcdef",
                        "PipelineExecutionNotFoundException")
                .and(
                        "resourceArn",
                        Arn.of("codepipeline", TestServer.REGION, TestServer.ACCOUNT, "none")
                                .toString(),
                        "ResourceNotFoundException");
    }

    private final Workshop workshop = new Workshop();
    private final List<String> providers = new ArrayList<>();

    private static boolean waitsForApproval(CodePipelineClient client, String name) {
        return client.getPipelineState(r -> r.name(name)).stageStates().get(1).actionStates().stream()
                .anyMatch(
                        a -> a.latestExecution() != null && a.latestExecution().token() != null);
    }

    private PipelineDeclaration structure(String name) {
        return workshop.structure(
                        Workshop.stage("Source", workshop.quietSource()),
                        Workshop.stage(
                                "Second",
                                Workshop.action(ActionCategory.APPROVAL, "Manual", "Approve")
                                        .build()))
                .name(name)
                .build();
    }

    @Override
    protected Set<String> codes() {
        return Set.of("PipelineNotFoundException");
    }

    @Override
    protected void exceptions(Exceptions except) {
        except.to("not-found", "DeletePipeline.name", "no such error is documented: what is gone is gone")
                .to("resource", "ListWebhooks", "about all webhooks")
                .to("not-found", "DeleteWebhook.name", "no such error is documented: what is gone is gone")
                .to("not-found", "RetryStageExecution.pipelineExecutionId", "StageNotRetryableException says so")
                .to(
                        "not-found",
                        "StopPipelineExecution.pipelineExecutionId",
                        "PipelineExecutionNotStoppableException says so");
    }
}

package dev.terrane.codepipeline;

import dev.terrane.kernel.workflow.Steps;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.codedeploy.CodeDeployClient;
import software.amazon.awssdk.services.codedeploy.model.BundleType;
import software.amazon.awssdk.services.codedeploy.model.DeploymentInfo;
import software.amazon.awssdk.services.codedeploy.model.DeploymentStatus;
import software.amazon.awssdk.services.codedeploy.model.RevisionLocationType;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * A deployment by CodeDeploy.
 *
 * @see <a href="https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeDeploy.html">CodeDeploy action</a>
 */
final class CodeDeployRun implements ActionRun {
    private final Roles roles;
    private final JobBoard jobs;

    CodeDeployRun(Roles roles, JobBoard jobs) {
        this.roles = roles;
        this.jobs = jobs;
    }

    /** A deployment that has ended. */
    record Ended(String status, String message) {}

    @Override
    public ActionOutcome run(Steps steps, ActionRecord action) throws InterruptedException {
        String deployment = steps.step("create-deployment", String.class, () -> create(action));
        Ended ended = jobs.await(steps, Ended.class, () -> look(action, deployment));
        return ended.status().equals(DeploymentStatus.SUCCEEDED.toString())
                ? ActionOutcome.succeeded("Deployment Succeeded", List.of(), java.util.Map.of())
                : ActionOutcome.failed(ActionOutcome.JOB_FAILED, ended.message());
    }

    @Override
    public void abandon(Steps steps, ActionRecord action) throws InterruptedException {
        // A deployment is not stopped when a pipeline's execution is abandoned: half of a fleet would be left behind.
    }

    private String create(ActionRecord action) {
        Optional<String> before = jobs.beginning(action) ? started(action) : Optional.empty();
        String id = before.orElseGet(() -> createNow(action));
        jobs.note(action, id, "https://console.aws.amazon.com/codedeploy/home#/deployments/" + id, "Deployment " + id);
        return id;
    }

    private String createNow(ActionRecord action) {
        ArtifactRecord bundle = action.inputs().getFirst();
        HeadObjectResponse object = roles.client(S3Client.class, action)
                .headObject(r -> r.bucket(bundle.bucket()).key(bundle.key()));
        return roles.client(CodeDeployClient.class, action)
                .createDeployment(r -> r.applicationName(application(action))
                        .deploymentGroupName(group(action))
                        .description(mark(action))
                        .revision(revision -> revision.revisionType(RevisionLocationType.S3)
                                .s3Location(s3 -> s3.bucket(bundle.bucket())
                                        .key(bundle.key())
                                        .bundleType(BundleType.ZIP)
                                        .eTag(object.eTag().replace("\"", ""))
                                        .version(object.versionId()))))
                .deploymentId();
    }

    private static String application(ActionRecord action) {
        return action.resolved().getOrDefault("ApplicationName", "");
    }

    private static String group(ActionRecord action) {
        return action.resolved().getOrDefault("DeploymentGroupName", "");
    }

    /** By this a deployment tells for which action execution it was made. */
    private static String mark(ActionRecord action) {
        return "Started by AWS CodePipeline: pipeline %s, action execution %s"
                .formatted(action.pipeline(), action.id());
    }

    /** The deployment that this action execution has created before the server died. */
    private Optional<String> started(ActionRecord action) {
        CodeDeployClient client = roles.upkeep(CodeDeployClient.class);
        Instant since = action.started().minusSeconds(60);
        return client
                .listDeployments(r -> r.applicationName(application(action))
                        .deploymentGroupName(group(action))
                        .createTimeRange(range -> range.start(since)))
                .deployments()
                .stream()
                .filter(id -> mark(action)
                        .equals(client.getDeployment(r -> r.deploymentId(id))
                                .deploymentInfo()
                                .description()))
                .findFirst();
    }

    private Optional<Ended> look(ActionRecord action, String id) {
        DeploymentInfo deployment = roles.client(CodeDeployClient.class, action)
                .getDeployment(r -> r.deploymentId(id))
                .deploymentInfo();
        return switch (deployment.status()) {
            case SUCCEEDED -> Optional.of(new Ended(deployment.statusAsString(), ""));
            case FAILED, STOPPED -> Optional.of(new Ended(deployment.statusAsString(), message(id, deployment)));
            case CREATED, QUEUED, IN_PROGRESS, BAKING, READY, UNKNOWN_TO_SDK_VERSION -> Optional.empty();
        };
    }

    private static String message(String id, DeploymentInfo deployment) {
        if (deployment.errorInformation() != null
                && deployment.errorInformation().message() != null) {
            return "Deployment %s failed. %s: %s"
                    .formatted(
                            id,
                            deployment.errorInformation().codeAsString(),
                            deployment.errorInformation().message());
        }
        return "Deployment %s ended with status %s".formatted(id, deployment.statusAsString());
    }
}

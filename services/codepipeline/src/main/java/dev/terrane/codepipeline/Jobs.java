package dev.terrane.codepipeline;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.identity.SessionTokens;
import dev.terrane.kernel.workflow.Workflows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.codepipeline.model.*;

/** Jobs of custom actions, as their workers see them: polled for, acknowledged, ended. */
final class Jobs {
    /** After so long without an acknowledgment a job is offered again. */
    private static final Duration UNACKNOWLEDGED = Duration.ofSeconds(60);

    private static final Duration CREDENTIALS = Duration.ofHours(1);
    private static final int MOST_VARIABLES = 122_880;

    private final CodePipelineTables tables;
    private final ArtifactFiles artifacts;
    private final Roles roles;
    private final SessionTokens sessions;
    private final Workflows workflows;
    private final ActionWorkflow actions;
    private final Clock clock;

    Jobs(
            CodePipelineTables tables,
            ArtifactFiles artifacts,
            Roles roles,
            SessionTokens sessions,
            Workflows workflows,
            ActionWorkflow actions,
            Clock clock) {
        this.tables = tables;
        this.artifacts = artifacts;
        this.roles = roles;
        this.sessions = sessions;
        this.workflows = workflows;
        this.actions = actions;
        this.clock = clock;
    }

    private static Scope scope() {
        return Call.current().scope();
    }

    PollForJobsResponse poll(PollForJobsRequest request) {
        String key = CustomActionRecord.key(request.actionTypeId());
        CustomActionRecord type = tables.customAction(scope(), key)
                .orElseThrow(() -> ActionTypeNotFoundException.builder()
                        .message("The action type " + key + " was not found")
                        .build());
        Map<String, String> query = request.queryParam();
        List<String> allowed = type.queryable().stream().toList();
        if (!query.keySet().equals(Set.copyOf(allowed))) {
            throw Pipelines.validation("queryParam must name the queryable properties of the action type: " + allowed);
        }
        int most = request.maxBatchSize() == null ? 1 : request.maxBatchSize();
        Instant now = clock.instant();
        List<Job> found = new ArrayList<>();
        for (JobRecord job : tables.openJobs(scope(), key)) {
            Optional<ActionRecord> action = tables.action(scope(), job.action()).filter(ActionRecord::running);
            boolean free = job.status() == JobStatus.QUEUED
                    || !now.isBefore(job.since().plus(UNACKNOWLEDGED));
            if (action.isEmpty() || !free || !matches(action.get(), query)) {
                continue;
            }
            JobRecord given = job.in(JobStatus.DISPATCHED, Ids.hex(8), now);
            tables.put(scope(), given);
            found.add(Job.builder()
                    .id(given.id())
                    .nonce(given.nonce())
                    .accountId(scope().account())
                    .data(data(given, action.get(), true))
                    .build());
            if (found.size() == most) {
                break;
            }
        }
        return PollForJobsResponse.builder().jobs(found).build();
    }

    private static boolean matches(ActionRecord action, Map<String, String> query) {
        return query.entrySet().stream()
                .allMatch(wanted -> wanted.getValue().equals(action.resolved().get(wanted.getKey())));
    }

    private JobData data(JobRecord job, ActionRecord action, boolean forWork) {
        ArtifactStore store = artifacts.store(action);
        JobData.Builder data = JobData.builder()
                .actionTypeId(action.declaration().actionTypeId())
                .actionConfiguration(c -> c.configuration(action.resolved()))
                .pipelineContext(p -> p.pipelineName(action.pipeline())
                        .pipelineArn(CodePipelineEvents.arn(scope(), action.pipeline()))
                        .pipelineExecutionId(action.execution())
                        .stage(s -> s.name(action.stage()))
                        .action(a -> a.name(action.name()).actionExecutionId(action.id())))
                .inputArtifacts(action.inputs().stream().map(Jobs::artifact).toList())
                .outputArtifacts(action.declaration().outputArtifacts().stream()
                        .map(output -> artifact(artifacts.place(action, output.name(), "", "")))
                        .toList())
                .encryptionKey(store.encryptionKey())
                .continuationToken(job.token().isEmpty() ? null : job.token());
        if (forWork) {
            credentials(action, store).ifPresent(data::artifactCredentials);
        }
        return data.build();
    }

    private static Artifact artifact(ArtifactRecord record) {
        return Artifact.builder()
                .name(record.name())
                .revision(record.revision().isEmpty() ? null : record.revision())
                .location(l -> l.type(ArtifactLocationType.S3)
                        .s3Location(s -> s.bucketName(record.bucket()).objectKey(record.key())))
                .build();
    }

    /** A session of the action's role that reaches nothing but the artifact store; none where the role cannot be assumed. */
    private Optional<AWSSessionCredentials> credentials(ActionRecord action, ArtifactStore store) {
        try {
            if (!(roles.callAs(action).principal() instanceof Principal.AssumedRole session)) {
                return Optional.empty();
            }
            List<String> policies = new ArrayList<>(session.sessionPolicies());
            policies.add("""
                    {"Version":"2012-10-17","Statement":[
                    {"Effect":"Allow","Action":["s3:GetObject","s3:GetObjectVersion","s3:PutObject"],"Resource":"%s/*"},
                    {"Effect":"Allow","Action":["kms:Decrypt","kms:GenerateDataKey","kms:Encrypt","kms:DescribeKey"],"Resource":"*"}]}
                    """.formatted(Arn.of("s3", "", "", store.location())));
            Principal.AssumedRole cut = new Principal.AssumedRole(
                    session.account(),
                    session.roleId(),
                    session.path(),
                    session.roleName(),
                    session.sessionName(),
                    policies,
                    session.sessionTags());
            Instant now = clock.instant();
            SessionTokens.Issued issued = sessions.issue(cut, now, now.plus(CREDENTIALS), false);
            return Optional.of(AWSSessionCredentials.builder()
                    .accessKeyId(issued.accessKeyId())
                    .secretAccessKey(issued.secret())
                    .sessionToken(issued.token())
                    .build());
        } catch (AwsServiceException e) {
            return Optional.empty();
        }
    }

    private JobRecord require(String id) {
        return tables.job(scope(), id)
                .orElseThrow(() -> JobNotFoundException.builder()
                        .message("The job '" + id + "' was not found")
                        .build());
    }

    AcknowledgeJobResponse acknowledge(AcknowledgeJobRequest request) {
        JobRecord job = require(request.jobId());
        if (job.nonce().isEmpty() || !job.nonce().equals(request.nonce())) {
            throw InvalidNonceException.builder()
                    .message("The nonce of the job '" + job.id() + "' is another one")
                    .build();
        }
        if (job.status() == JobStatus.DISPATCHED) {
            tables.put(scope(), job.in(JobStatus.IN_PROGRESS, job.nonce(), clock.instant()));
            return AcknowledgeJobResponse.builder()
                    .status(JobStatus.IN_PROGRESS)
                    .build();
        }
        return AcknowledgeJobResponse.builder().status(job.status()).build();
    }

    GetJobDetailsResponse details(GetJobDetailsRequest request) {
        JobRecord job = require(request.jobId());
        ActionRecord action = tables.action(scope(), job.action())
                .orElseThrow(() -> JobNotFoundException.builder()
                        .message("The job '" + job.id() + "' was not found")
                        .build());
        return GetJobDetailsResponse.builder()
                .jobDetails(d -> d.id(job.id()).accountId(scope().account()).data(data(job, action, false)))
                .build();
    }

    PutJobSuccessResultResponse succeed(PutJobSuccessResultRequest request) {
        JobRecord job = requireInProgress(request.jobId());
        int size = request.outputVariables().entrySet().stream()
                .mapToInt(e -> e.getKey().length() + e.getValue().length())
                .sum();
        if (size > MOST_VARIABLES) {
            throw OutputVariablesSizeExceededException.builder()
                    .message("The output variables have " + size + " characters, more than " + MOST_VARIABLES)
                    .build();
        }
        ExecutionDetails details =
                request.executionDetails() == null ? ExecutionDetails.builder().build() : request.executionDetails();
        ActionRecord action = note(job, details.externalExecutionId(), details.summary());
        List<RevisionRecord> revision = Optional.ofNullable(request.currentRevision())
                .filter(current -> action.declaration().actionTypeId().category() == ActionCategory.SOURCE)
                .map(current -> new RevisionRecord(
                        action.name(),
                        action.declaration().outputArtifacts().getFirst().name(),
                        current.revision(),
                        text(current.revisionSummary()),
                        "",
                        current.created() == null ? clock.instant() : current.created()))
                .stream()
                .toList();
        end(
                job,
                JobStatus.SUCCEEDED,
                new CustomRun.Result(
                        "",
                        "",
                        text(details.summary()),
                        text(request.continuationToken()),
                        request.outputVariables(),
                        revision));
        return PutJobSuccessResultResponse.builder().build();
    }

    PutJobFailureResultResponse fail(PutJobFailureResultRequest request) {
        JobRecord job = requireInProgress(request.jobId());
        FailureDetails details = request.failureDetails();
        note(job, details.externalExecutionId(), null);
        end(
                job,
                JobStatus.FAILED,
                new CustomRun.Result(details.typeAsString(), details.message(), "", "", Map.of(), List.of()));
        return PutJobFailureResultResponse.builder().build();
    }

    private JobRecord requireInProgress(String id) {
        JobRecord job = require(id);
        if (job.status() != JobStatus.IN_PROGRESS) {
            throw InvalidJobStateException.builder()
                    .message("The job '" + id + "' is " + job.status() + ", not InProgress")
                    .build();
        }
        return job;
    }

    /** Notes what a worker tells of its work elsewhere, with the link that the action type has for it. */
    private ActionRecord note(JobRecord job, @Nullable String id, @Nullable String summary) {
        ActionRecord action = tables.action(scope(), job.action())
                .orElseThrow(() -> JobNotFoundException.builder()
                        .message("The job '" + job.id() + "' was not found")
                        .build());
        if (id == null && summary == null) {
            return action;
        }
        String external = id == null ? action.job().id() : id;
        String url = tables.customAction(scope(), job.type())
                .map(type -> type.type().settings().executionUrlTemplate())
                .map(template -> fill(template, action, external))
                .orElse("");
        ActionRecord noted = action.withJob(
                new ActionRecord.Job(
                        true,
                        external,
                        url,
                        Objects.requireNonNullElse(summary, action.job().summary())),
                clock.instant());
        tables.put(scope(), noted);
        return noted;
    }

    private static String fill(String template, ActionRecord action, String external) {
        String url = template.replace("{ExternalExecutionId}", external);
        for (Map.Entry<String, String> setting : action.resolved().entrySet()) {
            url = url.replace("{Config:" + setting.getKey() + "}", setting.getValue());
        }
        return url;
    }

    private void end(JobRecord job, JobStatus status, CustomRun.Result result) {
        tables.put(scope(), job.in(status, job.nonce(), clock.instant()));
        workflows.signal(actions, job.action(), CustomRun.RESULT + job.number(), result);
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}

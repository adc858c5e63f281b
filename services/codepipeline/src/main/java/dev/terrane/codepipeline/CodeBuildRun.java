package dev.terrane.codepipeline;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.workflow.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.ArtifactNamespace;
import software.amazon.awssdk.services.codebuild.model.ArtifactPackaging;
import software.amazon.awssdk.services.codebuild.model.ArtifactsType;
import software.amazon.awssdk.services.codebuild.model.Build;
import software.amazon.awssdk.services.codebuild.model.BuildArtifacts;
import software.amazon.awssdk.services.codebuild.model.EnvironmentVariable;
import software.amazon.awssdk.services.codebuild.model.EnvironmentVariableType;
import software.amazon.awssdk.services.codebuild.model.PhaseContext;
import software.amazon.awssdk.services.codebuild.model.ProjectArtifacts;
import software.amazon.awssdk.services.codebuild.model.ProjectSource;
import software.amazon.awssdk.services.codebuild.model.ProjectSourceVersion;
import software.amazon.awssdk.services.codebuild.model.SourceType;
import software.amazon.awssdk.services.codebuild.model.StartBuildRequest;
import software.amazon.awssdk.services.codebuild.model.StatusType;
import software.amazon.awssdk.services.codepipeline.model.OutputArtifact;

/**
 * A build or a test in CodeBuild.
 *
 * @see <a href="https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeBuild.html">CodeBuild action</a>
 */
final class CodeBuildRun implements ActionRun {
    /** The variable by which a build knows the revision of its source. */
    private static final String RESOLVED = "CODEBUILD_RESOLVED_SOURCE_VERSION";

    private final Roles roles;
    private final ArtifactFiles artifacts;
    private final JobBoard jobs;

    CodeBuildRun(Roles roles, ArtifactFiles artifacts, JobBoard jobs) {
        this.roles = roles;
        this.artifacts = artifacts;
        this.jobs = jobs;
    }

    /** A build that has ended.
     *
     * @param locations of its artifacts by name, as CodeBuild gives them */
    record Ended(String status, String message, Map<String, String> variables, Map<String, String> locations) {}

    @Override
    public ActionOutcome run(Steps steps, ActionRecord action) throws InterruptedException {
        List<ArtifactRecord> outputs = action.declaration().outputArtifacts().stream()
                .map(OutputArtifact::name)
                .map(name -> new ArtifactRecord(name, "", "", "", ""))
                .toList();
        String build = steps.step("start-build", String.class, () -> start(action));
        Ended ended = jobs.await(steps, Ended.class, () -> look(action, build));
        if (!ended.status().equals(StatusType.SUCCEEDED.toString())) {
            return ActionOutcome.failed(ActionOutcome.JOB_FAILED, ended.message());
        }
        return steps.step(
                "outputs",
                ActionOutcome.class,
                () -> ActionOutcome.succeeded(
                        "",
                        outputs.stream()
                                .map(output -> located(action, output.name(), ended))
                                .toList(),
                        ended.variables()));
    }

    @Override
    public void abandon(Steps steps, ActionRecord action) throws InterruptedException {
        try {
            steps.step("stop-build", () -> {
                // Asking again under the same token gives the build that was started, if it was.
                String build = start(action);
                roles.client(CodeBuildClient.class, action).stopBuild(r -> r.id(build));
            });
        } catch (Steps.StepFailed e) {
            System.getLogger(CodeBuildRun.class.getName())
                    .log(System.Logger.Level.INFO, "The build of action {0} goes on: {1}", action.id(), e.getMessage());
        }
    }

    private String start(ActionRecord action) {
        Build build = roles.client(CodeBuildClient.class, action)
                .startBuild(request(action))
                .build();
        jobs.note(
                action,
                build.id(),
                "https://console.aws.amazon.com/codebuild/home#/builds/" + build.id() + "/view/new",
                "");
        return build.id();
    }

    private StartBuildRequest request(ActionRecord action) {
        ArtifactRecord primary = primary(action);
        StartBuildRequest.Builder request = StartBuildRequest.builder()
                .projectName(action.resolved().getOrDefault("ProjectName", ""))
                .idempotencyToken(action.id())
                .environmentVariablesOverride(variables(action, primary))
                .encryptionKeyOverride(key(action).orElse(null));
        sources(request, action, primary);
        List<OutputArtifact> outputs = action.declaration().outputArtifacts();
        if (outputs.size() == 1) {
            request.artifactsOverride(output(action, outputs.getFirst().name()).build());
        } else {
            request.artifactsOverride(a -> a.type(ArtifactsType.NO_ARTIFACTS));
        }
        if (outputs.size() > 1) {
            request.secondaryArtifactsOverride(outputs.stream()
                    .map(o -> output(action, o.name())
                            .artifactIdentifier(o.name())
                            .build())
                    .toList());
        }
        return request.build();
    }

    private Optional<String> key(ActionRecord action) {
        return Optional.ofNullable(artifacts.store(action).encryptionKey()).map(key -> key.id());
    }

    private static ArtifactRecord primary(ActionRecord action) {
        return action.setting("PrimarySource")
                .flatMap(name -> action.inputs().stream()
                        .filter(input -> input.name().equals(name))
                        .findFirst())
                .orElseGet(() -> action.inputs().getFirst());
    }

    private static void sources(StartBuildRequest.Builder request, ActionRecord action, ArtifactRecord primary) {
        ProjectSource first = source(primary).build();
        request.sourceTypeOverride(first.type()).sourceLocationOverride(first.location());
        if (!primary.cloneUrl().isEmpty()) {
            request.sourceVersion(primary.revision());
        }
        List<ArtifactRecord> others = action.inputs().stream()
                .filter(input -> !input.name().equals(primary.name()))
                .toList();
        if (!others.isEmpty()) {
            request.secondarySourcesOverride(others.stream()
                    .map(input ->
                            source(input).sourceIdentifier(identifier(input)).build())
                    .toList());
            request.secondarySourcesVersionOverride(others.stream()
                    .filter(input -> !input.cloneUrl().isEmpty())
                    .map(input -> ProjectSourceVersion.builder()
                            .sourceIdentifier(identifier(input))
                            .sourceVersion(input.revision())
                            .build())
                    .toList());
        }
    }

    /** A source identifier has letters, digits and underscores only. */
    private static String identifier(ArtifactRecord input) {
        return input.name().replaceAll("[^A-Za-z0-9_]", "_");
    }

    private static ProjectSource.Builder source(ArtifactRecord input) {
        return input.cloneUrl().isEmpty()
                ? ProjectSource.builder().type(SourceType.S3).location(input.path())
                : ProjectSource.builder().type(SourceType.CODECOMMIT).location(input.cloneUrl());
    }

    private ProjectArtifacts.Builder output(ActionRecord action, String name) {
        ArtifactRecord place = artifacts.place(action, name, "", "");
        int slash = place.key().lastIndexOf('/');
        return ProjectArtifacts.builder()
                .type(ArtifactsType.S3)
                .location(place.bucket())
                .path(place.key().substring(0, slash))
                .namespaceType(ArtifactNamespace.NONE)
                .name(place.key().substring(slash + 1))
                .packaging(ArtifactPackaging.ZIP)
                .overrideArtifactName(false);
    }

    private static List<EnvironmentVariable> variables(ActionRecord action, ArtifactRecord primary) {
        List<EnvironmentVariable> all = new ArrayList<>();
        for (var given : ActionSettings.buildVariables(
                action.resolved().getOrDefault("EnvironmentVariables", ""), action.name())) {
            all.add(EnvironmentVariable.builder()
                    .name(given.name())
                    .value(given.value())
                    .type(EnvironmentVariableType.fromValue(given.type()))
                    .build());
        }
        for (ArtifactRecord input : action.inputs()) {
            // An archive does not tell its commit; a clone does.
            if (input.cloneUrl().isEmpty() && !input.revision().isEmpty()) {
                boolean first = input.name().equals(primary.name());
                all.add(EnvironmentVariable.builder()
                        .name(first ? RESOLVED : RESOLVED + "_" + identifier(input))
                        .value(input.revision())
                        .type(EnvironmentVariableType.PLAINTEXT)
                        .build());
            }
        }
        return all;
    }

    private Optional<Ended> look(ActionRecord action, String id) {
        Build build = roles.client(CodeBuildClient.class, action).batchGetBuilds(r -> r.ids(id)).builds().stream()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The build " + id + " is not there any more"));
        if (build.buildStatus() == StatusType.IN_PROGRESS) {
            return Optional.empty();
        }
        Map<String, String> exported = build.exportedEnvironmentVariables().stream()
                .collect(Collectors.toMap(
                        v -> v.name(), v -> v.value() == null ? "" : v.value(), (first, second) -> second));
        List<BuildArtifacts> made = new ArrayList<>(build.secondaryArtifacts());
        if (build.artifacts() != null) {
            made.add(build.artifacts());
        }
        Map<String, String> locations = made.stream()
                .filter(artifact -> artifact.location() != null)
                .collect(Collectors.toMap(
                        artifact -> artifact.artifactIdentifier() == null ? "" : artifact.artifactIdentifier(),
                        BuildArtifacts::location,
                        (first, second) -> second));
        return Optional.of(new Ended(build.buildStatusAsString(), message(build), exported, locations));
    }

    /** What failed, as the build's phases tell it. */
    private static String message(Build build) {
        String contexts = build.phases().stream()
                .flatMap(phase -> phase.contexts().stream())
                .filter(context ->
                        context.message() != null && !context.message().isEmpty())
                .map(CodeBuildRun::tell)
                .collect(Collectors.joining("; "));
        String state = build.buildStatus() == StatusType.STOPPED
                ? "Build was stopped"
                : "Build terminated with state: " + build.buildStatusAsString();
        return contexts.isEmpty() ? state : state + ". " + contexts;
    }

    private static String tell(PhaseContext context) {
        return context.statusCode() == null ? context.message() : context.statusCode() + ": " + context.message();
    }

    /** Where an output is: where CodeBuild says, or else where it was asked to put it. */
    private ArtifactRecord located(ActionRecord action, String name, Ended ended) {
        String revision = primary(action).revision();
        ArtifactRecord asked = artifacts.place(action, name, revision, "");
        boolean single = action.declaration().outputArtifacts().size() == 1;
        return Optional.ofNullable(ended.locations().get(single ? "" : name))
                .flatMap(Arn::find)
                .filter(arn -> arn.service().equals("s3") && arn.resource().indexOf('/') > 0)
                .map(arn -> arn.resource().split("/", 2))
                .map(parts -> new ArtifactRecord(name, parts[0], parts[1], revision, ""))
                .orElse(asked);
    }
}

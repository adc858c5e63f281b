package dev.terrane.codebuild;

import static dev.terrane.codebuild.Refusals.invalid;
import static dev.terrane.codebuild.Refusals.unsupported;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codebuild.model.*;

/** Makes a build of a project and the overrides of StartBuild. */
final class NewBuilds {
    BuildRecord of(Scope scope, ProjectRecord record, StartBuildRequest request) {
        refuse(request);
        Project project = record.project();
        String id = project.name() + ":" + Ids.uuid();
        String arn = Arn.of("codebuild", scope.region(), scope.account(), "build/" + id)
                .toString();
        ProjectSource source = source(project.source(), request);
        ProjectArtifacts artifacts = or(request.artifactsOverride(), project.artifacts());
        if (request.artifactsOverride() == null && artifacts.type() == ArtifactsType.CODEPIPELINE) {
            artifacts =
                    ProjectArtifacts.builder().type(ArtifactsType.NO_ARTIFACTS).build();
        }
        ProjectRules.artifacts(artifacts, false);
        List<ProjectSource> sources =
                request.hasSecondarySourcesOverride() ? request.secondarySourcesOverride() : project.secondarySources();
        sources.forEach(each -> ProjectRules.source(each, true));
        List<ProjectArtifacts> secondary = request.hasSecondaryArtifactsOverride()
                ? request.secondaryArtifactsOverride()
                : project.secondaryArtifacts();
        secondary.forEach(each -> ProjectRules.artifacts(each, true));
        ProjectEnvironment environment = environment(project.environment(), request);
        ProjectRules.environment(environment);
        String role = or(request.serviceRoleOverride(), project.serviceRole());
        ProjectRules.role(role);
        ProjectCache cache = or(request.cacheOverride(), project.cache());
        ProjectRules.cache(cache);
        LogsConfig logs = request.logsConfigOverride() != null
                ? request.logsConfigOverride()
                : project.logsConfig() == null ? LogsConfig.builder().build() : project.logsConfig();
        ProjectRules.logs(logs);
        Build build = Build.builder()
                .id(id)
                .arn(arn)
                .buildNumber(record.builds() + 1)
                .startTime(Call.current().time())
                .currentPhase("QUEUED")
                .buildStatus(StatusType.IN_PROGRESS)
                .sourceVersion(sourceVersion(project, source, request))
                .projectName(project.name())
                .phases(
                        BuildPhase.builder()
                                .phaseType(BuildPhaseType.SUBMITTED)
                                .phaseStatus(StatusType.SUCCEEDED)
                                .startTime(Call.current().time())
                                .endTime(Call.current().time())
                                .durationInSeconds(0L)
                                .build(),
                        BuildPhase.builder()
                                .phaseType(BuildPhaseType.QUEUED)
                                .startTime(Call.current().time())
                                .build())
                .source(source)
                .secondarySources(sources)
                .secondarySourceVersions(
                        request.hasSecondarySourcesVersionOverride()
                                ? request.secondarySourcesVersionOverride()
                                : project.secondarySourceVersions())
                .artifacts(Artifacts.described(artifacts, id))
                .secondaryArtifacts(secondary.stream()
                        .map(each -> Artifacts.described(each, id))
                        .toList())
                .cache(cache)
                .environment(environment)
                .serviceRole(role)
                .logs(BuildLog.location(scope, logs, id))
                .timeoutInMinutes(or(request.timeoutInMinutesOverride(), project.timeoutInMinutes()))
                .queuedTimeoutInMinutes(or(request.queuedTimeoutInMinutesOverride(), project.queuedTimeoutInMinutes()))
                .buildComplete(false)
                .initiator(initiator())
                .encryptionKey(or(request.encryptionKeyOverride(), project.encryptionKey()))
                .build();
        return new BuildRecord(build, artifacts, secondary, logs, request, 0);
    }

    private static void refuse(StartBuildRequest request) {
        if (request.sourceAuthOverride() != null) {
            throw unsupported("sourceAuthOverride");
        }
        if (Boolean.TRUE.equals(request.reportBuildStatusOverride()) || request.buildStatusConfigOverride() != null) {
            throw unsupported("reportBuildStatusOverride");
        }
        if (request.certificateOverride() != null
                && !request.certificateOverride().isEmpty()) {
            throw unsupported("certificateOverride");
        }
        if (Boolean.TRUE.equals(request.debugSessionEnabled())) {
            throw unsupported("debugSessionEnabled");
        }
        if (request.fleetOverride() != null) {
            throw unsupported("fleetOverride");
        }
        if (request.registryCredentialOverride() != null) {
            throw unsupported("registryCredentialOverride");
        }
        if (request.autoRetryLimitOverride() != null && request.autoRetryLimitOverride() > 0) {
            throw unsupported("autoRetryLimitOverride");
        }
    }

    private static ProjectSource source(ProjectSource of, StartBuildRequest request) {
        ProjectSource.Builder source = of.toBuilder();
        if (request.sourceTypeOverride() != null) {
            source.type(request.sourceTypeOverride());
        }
        if (request.sourceLocationOverride() != null) {
            source.location(request.sourceLocationOverride());
        }
        if (request.gitCloneDepthOverride() != null) {
            source.gitCloneDepth(request.gitCloneDepthOverride());
        }
        if (request.gitSubmodulesConfigOverride() != null) {
            source.gitSubmodulesConfig(request.gitSubmodulesConfigOverride());
        }
        if (request.buildspecOverride() != null) {
            source.buildspec(request.buildspecOverride());
        }
        if (request.insecureSslOverride() != null) {
            source.insecureSsl(request.insecureSslOverride());
        }
        ProjectSource whole = source.build();
        if (whole.type() == SourceType.CODEPIPELINE) {
            throw invalid("Build source type CODEPIPELINE can only be started by a pipeline.");
        }
        ProjectRules.source(whole, false);
        return whole;
    }

    private static @Nullable String sourceVersion(Project project, ProjectSource source, StartBuildRequest request) {
        if (request.sourceVersion() != null) {
            return request.sourceVersion();
        }
        // The version that the project names belongs to the project's own source.
        return source.type() == project.source().type() ? project.sourceVersion() : null;
    }

    private static ProjectEnvironment environment(ProjectEnvironment of, StartBuildRequest request) {
        Map<String, EnvironmentVariable> variables = new LinkedHashMap<>();
        of.environmentVariables().forEach(variable -> variables.put(variable.name(), variable));
        ProjectRules.variables(request.environmentVariablesOverride());
        request.environmentVariablesOverride().forEach(variable -> variables.put(variable.name(), variable));
        ProjectEnvironment.Builder environment = of.toBuilder().environmentVariables(variables.values());
        if (request.environmentTypeOverride() != null) {
            environment.type(request.environmentTypeOverride());
        }
        if (request.imageOverride() != null) {
            environment.image(request.imageOverride());
        }
        if (request.computeTypeOverride() != null) {
            environment.computeType(request.computeTypeOverride());
        }
        if (request.privilegedModeOverride() != null) {
            environment.privilegedMode(request.privilegedModeOverride());
        }
        if (request.imagePullCredentialsTypeOverride() != null) {
            environment.imagePullCredentialsType(request.imagePullCredentialsTypeOverride());
        }
        return environment.build();
    }

    /** Who started it, as AWS names it: a pipeline by its session, a user or a role by name. */
    private static String initiator() {
        Call call = Call.current();
        return switch (call.principal()) {
            case Principal.AssumedRole role ->
                call.userAgent().equals("codepipeline.amazonaws.com")
                        ? "codepipeline/" + role.sessionName()
                        : role.roleName() + "/" + role.sessionName();
            case Principal.User user -> user.name();
            case Principal.FederatedUser user -> user.name();
            case Principal.Federated user -> user.userName();
            case Principal.Service service -> service.name();
            case Principal.Root root -> "root";
            case Principal.Anonymous anonymous -> "anonymous";
        };
    }

    private static <T> T or(@Nullable T override, T usual) {
        return override == null ? usual : override;
    }
}

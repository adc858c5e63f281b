package dev.terrane.codebuild;

import dev.terrane.codebuild.Buildspec.OnFailure;
import dev.terrane.codebuild.Buildspec.Phase;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.compute.ComputeException;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.service.Platform;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.Build;
import software.amazon.awssdk.services.codebuild.model.BuildArtifacts;
import software.amazon.awssdk.services.codebuild.model.BuildPhaseType;
import software.amazon.awssdk.services.codebuild.model.ExportedEnvironmentVariable;
import software.amazon.awssdk.services.codebuild.model.ProjectArtifacts;
import software.amazon.awssdk.services.codebuild.model.ProjectSource;
import software.amazon.awssdk.services.codebuild.model.StatusType;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;

/** The work of one build, from its environment to its artifacts. It may be begun anew after a crash: all its effects are its own or replaced. */
final class BuildRun {
    private static final Map<String, BuildPhaseType> PHASES = Map.of(
            "install", BuildPhaseType.INSTALL,
            "pre_build", BuildPhaseType.PRE_BUILD,
            "build", BuildPhaseType.BUILD,
            "post_build", BuildPhaseType.POST_BUILD);
    private static final Duration NO_GRACE = Duration.ZERO;

    private final Platform platform;
    private final CodeBuildTables tables;
    private final Progress progress;
    private final ContainerCredentials credentials;
    private final Scope scope;
    private final BuildRecord record;
    private final Build build;
    private final String workload;
    private final String session = "AWSCodeBuild-" + Ids.uuid();
    private final String sources;
    private final String sourceFolder;
    private final BuildLog log;
    private final S3Client s3;
    private final BooleanSupplier stopped;
    private volatile boolean timedOut;
    private boolean succeeding = true;

    /** @param stopped whether the build is to end: looked at before each process that it starts, where an interrupt may have been lost */
    BuildRun(
            Platform platform,
            CodeBuildTables tables,
            Progress progress,
            ContainerCredentials credentials,
            BooleanSupplier stopped) {
        this.stopped = stopped;
        this.platform = platform;
        this.tables = tables;
        this.progress = progress;
        this.credentials = credentials;
        scope = progress.scope();
        record = progress.record();
        build = record.build();
        workload = workloadId(build.id());
        sources = "/codebuild/output/src" + Math.floorMod(build.id().hashCode(), 1_000_000_000);
        sourceFolder = sources + "/src";
        s3 = asRole(S3Client.class);
        log = new BuildLog(platform, build.logs(), asRole(CloudWatchLogsClient.class), s3);
    }

    static String workloadId(String buildId) {
        return "build-" + buildId.substring(buildId.lastIndexOf(':') + 1);
    }

    private <C extends SdkClient> C asRole(Class<C> api) {
        return platform.clients()
                .client(
                        api,
                        new Actor.Role(
                                build.serviceRole(),
                                ContainerCredentials.SERVICE,
                                session,
                                Projects.arn(scope, build.projectName())),
                        scope.region());
    }

    StatusType run() throws InterruptedException, IOException {
        int attempt = progress.beginWork();
        platform.compute().remove(workload);
        Instant deadline = platform.clock().instant().plus(Duration.ofMinutes(build.timeoutInMinutes()));
        Thread watch = platform.threads().start("build-timeout", () -> {
            platform.clock().sleepUntil(deadline);
            timedOut = true;
            platform.compute().stop(workload, NO_GRACE);
        });
        try (log;
                ContainerCredentials.Holder holder = credentials.open(
                        workload, build.serviceRole(), session, scope, Projects.arn(scope, build.projectName()))) {
            return work(attempt, holder);
        } finally {
            watch.interrupt();
            platform.compute().remove(workload);
        }
    }

    private StatusType work(int attempt, ContainerCredentials.Holder holder) throws InterruptedException, IOException {
        BuildShell shell;
        Buildspec spec;
        try {
            shell = phase(BuildPhaseType.PROVISIONING, () -> provision(attempt, holder));
            spec = phase(BuildPhaseType.DOWNLOAD_SOURCE, () -> download(shell, holder));
        } catch (BuildFailure e) {
            return finish(ended());
        }
        boolean more = commands(shell, spec);
        if (more && !timedOut) {
            try {
                phase(BuildPhaseType.UPLOAD_ARTIFACTS, () -> upload(shell, spec));
            } catch (BuildFailure e) {
                succeeding = false;
            }
        }
        return finish(timedOut ? StatusType.TIMED_OUT : succeeding ? StatusType.SUCCEEDED : StatusType.FAILED);
    }

    private StatusType ended() {
        return timedOut ? StatusType.TIMED_OUT : StatusType.FAILED;
    }

    private StatusType finish(StatusType status) throws InterruptedException, IOException {
        try {
            phase(BuildPhaseType.FINALIZING, () -> {
                log.say("Build ended: " + status);
                return status;
            });
        } catch (BuildFailure e) {
            return StatusType.FAULT;
        }
        return status;
    }

    private interface Work<T> {
        T run() throws InterruptedException, IOException;
    }

    /** Does a phase, and writes its beginning and end down.
     *
     * @throws BuildFailure when it fails, which is then written down */
    private <T> T phase(BuildPhaseType type, Work<T> work) throws InterruptedException, IOException {
        progress.begin(type);
        try {
            T result = work.run();
            // The last phase tells how the build ended, also of one that ran out of time.
            if (timedOut && type != BuildPhaseType.FINALIZING) {
                throw new BuildFailure("BUILD_TIMED_OUT", "Build has timed out. ");
            }
            progress.end(type, StatusType.SUCCEEDED, "", "");
            log.say("Phase complete: " + type + " State: SUCCEEDED");
            log.say("Phase context status code:  Message: ");
            return result;
        } catch (BuildFailure | SdkException | ComputeException e) {
            if (stopped.getAsBoolean()) {
                throw new InterruptedException("The build is stopped");
            }
            BuildFailure failure = timedOut ? new BuildFailure("BUILD_TIMED_OUT", "Build has timed out. ") : failure(e);
            failed(type, failure);
            throw failure;
        }
    }

    private static BuildFailure failure(RuntimeException e) {
        return switch (e) {
            case BuildFailure failure -> failure;
            case AwsServiceException refused ->
                new BuildFailure(
                        refused.statusCode() == 403 ? "ACCESS_DENIED" : "CLIENT_ERROR",
                        String.valueOf(refused.getMessage()));
            default -> BuildFailure.client(String.valueOf(e.getMessage()));
        };
    }

    private void failed(BuildPhaseType type, BuildFailure failure) {
        StatusType status = timedOut ? StatusType.TIMED_OUT : StatusType.FAILED;
        progress.end(type, status, failure.code(), failure.words());
        log.say("Phase complete: " + type + " State: " + status);
        log.say("Phase context status code: " + failure.code() + " Message: " + failure.words());
        log.send();
    }

    private BuildShell provision(int attempt, ContainerCredentials.Holder holder)
            throws InterruptedException, IOException {
        log.open();
        log.say("Waiting for agent ping");
        if (attempt > 1) {
            log.say("The server was restarted within this build: it begins anew, attempt " + attempt);
        }
        Map<String, String> environment = new HashMap<>(BuildVariables.defined(
                build, scope, sourceFolder, platform.endpoint().secureWorkloadUrl()));
        environment.putAll(BuildTrust.environment());
        environment.putAll(holder.environment());
        platform.compute().start(BuildMachine.of(workload, build.environment(), platform.compute(), log));
        BuildVariables variables = variables();
        environment.putAll(variables.given(build.environment().environmentVariables()));
        BuildShell shell = new BuildShell(platform.compute(), workload, environment, log, stopped);
        shell.prepare(sourceFolder);
        BuildTrust.add(platform.endpoint().authority(), shell, log);
        return shell;
    }

    private BuildVariables variables() {
        return new BuildVariables(() -> asRole(SsmClient.class), () -> asRole(SecretsManagerClient.class), log);
    }

    private Buildspec download(BuildShell shell, ContainerCredentials.Holder holder)
            throws InterruptedException, IOException {
        log.say("Phase is DOWNLOAD_SOURCE");
        log.say("CODEBUILD_SRC_DIR=" + sourceFolder);
        Sources all = new Sources(platform, shell, s3, holder, scope.region());
        String downloaded = all.download(build.source(), build.sourceVersion(), sourceFolder);
        // A pipeline tells the revision from which the archive was made.
        String resolved = shell.environment().getOrDefault("CODEBUILD_RESOLVED_SOURCE_VERSION", downloaded);
        Map<String, String> more = new HashMap<>();
        if (!resolved.isEmpty()) {
            progress.change(b -> b.resolvedSourceVersion(resolved));
            more.put("CODEBUILD_RESOLVED_SOURCE_VERSION", resolved);
        }
        for (ProjectSource source : build.secondarySources()) {
            String folder = sources + "/" + source.sourceIdentifier();
            String version = build.secondarySourceVersions().stream()
                    .filter(v -> v.sourceIdentifier().equals(source.sourceIdentifier()))
                    .map(v -> v.sourceVersion())
                    .findFirst()
                    .orElse(null);
            String secondary = all.download(source, version, folder);
            more.put("CODEBUILD_SRC_DIR_" + source.sourceIdentifier(), folder);
            String name = "CODEBUILD_RESOLVED_SOURCE_VERSION_" + source.sourceIdentifier();
            more.put(name, shell.environment().getOrDefault(name, secondary));
        }
        Buildspec spec = BuildspecParser.parse(new BuildspecText(shell, s3, log).read(build.source(), sourceFolder));
        BuildVariables variables = variables();
        Map<String, String> own = variables.specified(spec.env());
        // What the project and the start of the build say goes before what the specification says.
        own.keySet().removeAll(shell.environment().keySet());
        more.putAll(own);
        shell.use(spec.env().shell(), more);
        if (spec.env().gitCredentialHelper()) {
            shell.run(
                    "git config --global credential.helper '!aws codecommit credential-helper $@' && git config --global credential.UseHttpPath true",
                    Optional.empty(),
                    true);
        }
        new BuildCache(platform, tables, shell, log, s3, scope, build).restore(spec.cachePaths());
        return spec;
    }

    /** Runs the phases of the specification.
     *
     * @return whether artifacts are to be looked for */
    private boolean commands(BuildShell shell, Buildspec spec) throws InterruptedException, IOException {
        for (String name : List.of("install", "pre_build", "build", "post_build")) {
            Optional<BuildFailure> failure = commands(shell, spec, name);
            if (failure.isEmpty()) {
                continue;
            }
            Phase phase = spec.phases().get(name);
            OnFailure then = phase == null ? OnFailure.UNSAID : phase.onFailure();
            if (timedOut) {
                return false;
            }
            if (then == OnFailure.CONTINUE) {
                continue;
            }
            succeeding = false;
            boolean goOn = then == OnFailure.UNSAID && (name.equals("build") || name.equals("post_build"));
            if (!goOn) {
                return false;
            }
        }
        exported(shell, spec);
        return true;
    }

    private Optional<BuildFailure> commands(BuildShell shell, Buildspec spec, String name)
            throws InterruptedException, IOException {
        try {
            phase(PHASES.getOrDefault(name, BuildPhaseType.BUILD), () -> {
                Phase phase = spec.phases().get(name);
                if (phase != null) {
                    log.say("Entering phase " + name.toUpperCase(java.util.Locale.ROOT));
                    run(shell, spec, phase);
                }
                return true;
            });
            return Optional.empty();
        } catch (BuildFailure e) {
            return Optional.of(e);
        }
    }

    private void run(BuildShell shell, Buildspec spec, Phase phase) throws InterruptedException, IOException {
        phase.runtimes()
                .forEach((runtime, version) ->
                        log.say("Runtime " + runtime + " " + version + ": this machine's own is used"));
        Optional<String> user = phase.runAs().or(spec::runAs);
        Optional<BuildFailure> failed = Optional.empty();
        try {
            runAll(shell, phase.commands(), user);
        } catch (BuildFailure e) {
            failed = Optional.of(e);
        }
        if (!timedOut) {
            runAll(shell, phase.finallyCommands(), user);
        }
        if (failed.isPresent()) {
            throw failed.get();
        }
    }

    private void runAll(BuildShell shell, List<String> commands, Optional<String> user)
            throws InterruptedException, IOException {
        for (String command : commands) {
            log.say("Running command " + command);
            int status = shell.run(command, user, succeeding);
            if (timedOut) {
                throw new BuildFailure("BUILD_TIMED_OUT", "Build has timed out. ");
            }
            if (status != 0) {
                log.say("Command did not exit successfully " + command + " exit status " + status);
                throw new BuildFailure(
                        "COMMAND_EXECUTION_ERROR",
                        "Error while executing command: " + command + ". Reason: exit status " + status);
            }
        }
    }

    private void exported(BuildShell shell, Buildspec spec) throws InterruptedException, IOException {
        List<ExportedEnvironmentVariable> found = new ArrayList<>();
        for (String name : spec.env().exported()) {
            if (BuildVariables.exportable(name, spec.env(), build.environment().environmentVariables())) {
                found.add(ExportedEnvironmentVariable.builder()
                        .name(name)
                        .value(shell.evaluate("${" + name + "-}"))
                        .build());
            }
        }
        if (!found.isEmpty()) {
            progress.change(b -> b.exportedEnvironmentVariables(found));
        }
    }

    private boolean upload(BuildShell shell, Buildspec spec) throws InterruptedException, IOException {
        BuildFiles files = new BuildFiles(platform, shell, sourceFolder);
        List<String> reports = new TestReports(
                        platform, tables, files, log, asRole(CodeBuildClient.class), scope, build)
                .make(spec.reports());
        progress.change(b -> b.reportArns(reports));
        new BuildCache(platform, tables, shell, log, s3, scope, build).keep(spec.cachePaths());
        Artifacts artifacts = new Artifacts(platform, shell, files, log, s3, build, Projects.defaultKey(scope));
        if (spec.artifacts().isPresent()) {
            BuildArtifacts uploaded =
                    artifacts.upload(record.artifacts(), spec.artifacts().get());
            progress.change(b -> b.artifacts(uploaded));
        }
        List<BuildArtifacts> secondary = new ArrayList<>();
        for (ProjectArtifacts each : record.secondaryArtifacts()) {
            Buildspec.ArtifactSet set = spec.secondaryArtifacts().get(each.artifactIdentifier());
            if (set == null) {
                throw BuildFailure.client("The buildspec has no secondary artifacts " + each.artifactIdentifier());
            }
            secondary.add(artifacts.upload(each, set));
        }
        if (!secondary.isEmpty()) {
            progress.change(b -> b.secondaryArtifacts(secondary));
        }
        return true;
    }
}

package dev.terrane.codedeploy;

import dev.terrane.kernel.compute.Command;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.ComputeException;
import dev.terrane.kernel.compute.OutputSink;
import dev.terrane.kernel.error.AwsErrors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.codedeploy.model.FileExistsBehavior;
import software.amazon.awssdk.services.codedeploy.model.S3Location;

/** What AWS's agent does on an instance, done from outside: the lifecycle events but those of the load balancer. */
final class Agent {
    /** Revisions that stay on an instance, as AWS's agent keeps them. */
    private static final int KEPT = 5;

    private static final int LONGEST_APPSPEC = 1_000_000;

    private final Compute compute;
    private final Bundles bundles;
    private final InstanceCredentials credentials;

    Agent(Compute compute, Bundles bundles, InstanceCredentials credentials) {
        this.compute = compute;
        this.bundles = bundles;
        this.credentials = credentials;
    }

    /**
     * One deployment on one instance.
     *
     * @param last the last deployment of the group that succeeded on the instance, or empty
     */
    record Task(DeploymentRecord deployment, GroupRecord group, String instanceId, Optional<String> last) {
        Folders folders() {
            return new Folders(group.id(), deployment.id());
        }

        Map<String, String> environment(String event) {
            Map<String, String> variables = new LinkedHashMap<>();
            variables.put("LIFECYCLE_EVENT", event);
            variables.put("DEPLOYMENT_ID", deployment.id());
            variables.put("APPLICATION_NAME", deployment.info().applicationName());
            variables.put("DEPLOYMENT_GROUP_NAME", group.name());
            variables.put("DEPLOYMENT_GROUP_ID", group.id());
            S3Location bundle = deployment.info().revision().s3Location();
            variables.put("BUNDLE_BUCKET", bundle.bucket());
            variables.put("BUNDLE_KEY", bundle.key());
            variables.put("BUNDLE_VERSION", bundle.version() == null ? "" : bundle.version());
            variables.put("BUNDLE_ETAG", bundle.eTag() == null ? "" : bundle.eTag());
            return variables;
        }
    }

    /** Does a lifecycle event. What fails is in the outcome. */
    Outcome perform(Task task, String event) throws InterruptedException {
        try {
            return switch (event) {
                case Lifecycle.DOWNLOAD_BUNDLE -> download(task);
                case Lifecycle.INSTALL -> install(task);
                default -> Lifecycle.isOfLastRevision(event) ? ofLastRevision(task, event) : scripts(task, event);
            };
        } catch (LifecycleFailure e) {
            return Outcome.of(e);
        } catch (AwsServiceException e) {
            return failed(AwsErrors.message(e));
        } catch (AppSpecException | ComputeException | IOException e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private static Outcome failed(String message) {
        return Outcome.of(LifecycleFailure.of(message));
    }

    private Outcome download(Task task) throws IOException, InterruptedException {
        Folders folders = task.folders();
        // An archive that a killed download left is no archive.
        shell(
                task,
                "mkdir -p -- \"$0\" && cd -- \"$0\" && rm -rf -- \"$1\" && mkdir -p -- \"$1\"",
                folders.group(),
                folders.archive());
        bundles.fetch(
                credentials.s3(task),
                task.deployment().info().revision().s3Location(),
                tar -> compute.copyIn(task.instanceId(), folders.archive(), tar));
        var _ = appSpec(task, folders);
        String keep = task.last().orElse(task.deployment().id());
        shell(
                task,
                "cd -- \"$0\" && ls -1t | tail -n +" + (KEPT + 1)
                        + " | grep -Fxv -e \"$1\" -e \"$2\" | while IFS= read -r old; do rm -rf -- \"$old\"; done",
                folders.group(),
                task.deployment().id(),
                keep);
        return Outcome.success();
    }

    private Outcome install(Task task) throws InterruptedException, IOException {
        Optional<String> behavior = Optional.ofNullable(task.deployment().info().fileExistsBehaviorAsString());
        new Installation(compute, task.instanceId(), task.folders())
                .install(
                        appSpec(task, task.folders()),
                        behavior.map(FileExistsBehavior::fromValue).orElse(FileExistsBehavior.DISALLOW));
        return Outcome.success();
    }

    private Outcome scripts(Task task, String event) throws InterruptedException, IOException {
        return run(task, event, task.folders(), appSpec(task, task.folders()));
    }

    /** Without a revision before, there is nothing to stop. */
    private Outcome ofLastRevision(Task task, String event) throws InterruptedException, IOException {
        Optional<Folders> last = task.last().map(task.folders()::of);
        if (last.isEmpty()) {
            return Outcome.success();
        }
        Optional<AppSpec> spec = find(task, last.get());
        return spec.isEmpty() ? Outcome.success() : run(task, event, last.get(), spec.get());
    }

    private Outcome run(Task task, String event, Folders of, AppSpec spec) throws InterruptedException {
        return new Hooks(compute, task.instanceId())
                .run(event, spec, of.archive(), task.folders().log(), task.environment(event));
    }

    private AppSpec appSpec(Task task, Folders folders) throws IOException, InterruptedException {
        return find(task, folders)
                .orElseThrow(
                        () -> new AppSpecException(
                                "The CodeDeploy agent did not find an AppSpec file within the unpacked revision directory at "
                                        + "revision-relative path \"appspec.yml\". The revision was unpacked to directory \""
                                        + folders.archive()
                                        + "\", and the AppSpec file was expected but not found at path \""
                                        + folders.archive()
                                        + "/appspec.yml\". Consult the AWS CodeDeploy Appspec documentation for "
                                        + "more information at "
                                        + "http://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file.html"));
    }

    private Optional<AppSpec> find(Task task, Folders folders) throws IOException, InterruptedException {
        Optional<byte[]> text = read(task, folders.archive() + "/appspec.yml");
        if (text.isEmpty()) {
            text = read(task, folders.archive() + "/appspec.yaml");
        }
        return text.map(bytes -> AppSpecParser.parse(new String(bytes, StandardCharsets.UTF_8)));
    }

    private Optional<byte[]> read(Task task, String path) throws IOException, InterruptedException {
        try {
            return Optional.of(compute.read(task.instanceId(), path, LONGEST_APPSPEC));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private void shell(Task task, String script, String... arguments) throws InterruptedException {
        String[] words = new String[arguments.length + 3];
        words[0] = "/bin/sh";
        words[1] = "-c";
        words[2] = script;
        System.arraycopy(arguments, 0, words, 3, arguments.length);
        var _ = compute.exec(task.instanceId(), Command.of(words).in("/"), OutputSink.DISCARD);
    }
}

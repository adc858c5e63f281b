package dev.terrane.app.demo;

import dev.terrane.kernel.clock.Clock;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.codebuild.model.TestCase;
import software.amazon.awssdk.services.codedeploy.model.DeploymentInfo;
import software.amazon.awssdk.services.codedeploy.model.DeploymentStatus;
import software.amazon.awssdk.services.codepipeline.model.ActionExecutionDetail;
import software.amazon.awssdk.services.codepipeline.model.PipelineExecutionStatus;

/** The story: a team's day, from a template to four pushes, in about three minutes. */
public final class Demo {
    private static final int REQUESTS_PER_SECOND = 250;
    private static final Duration PATIENCE = Duration.ofMinutes(6);
    private static final Duration LOOK = Duration.ofMillis(250);

    private final Aws aws;
    private final Screen screen;
    private final PrintStream out;
    private final Path examples;
    private final Path example;
    private final Path tree;
    private int claims;

    /**
     * @param examples the folder {@code examples}
     * @param tree an empty folder for the work tree that is pushed
     */
    public Demo(
            URI endpoint,
            String region,
            String accessKeyId,
            String secretAccessKey,
            Path examples,
            Path tree,
            PrintStream out) {
        this.aws = new Aws(endpoint, region, accessKeyId, secretAccessKey);
        this.examples = examples;
        this.example = examples.resolve("hello-java");
        this.tree = tree;
        this.out = out;
        this.screen = new Screen(out);
    }

    /**
     * Shows the chain.
     *
     * @param keep whether to leave it in place at the end
     * @throws IllegalStateException when something does not come out as it should, saying what
     */
    public void run(boolean keep) throws IOException, InterruptedException {
        screen.step(1, "Create the chain by one template");
        Chain stack = new Chain(aws, screen, examples.resolve("delivery-chain.yaml"));
        Chain.Created chain = stack.create();
        URI page = chain.page();
        awaitInstances();

        screen.step(2, "Push version 1");
        copyExample();
        Git git = new Git(tree, chain.gitUser(), chain.gitPassword());
        git.run("init", "-q");
        git.run("remote", "add", "origin", chain.cloneUrl());
        Instant pushed = Clock.system().instant();
        String first = git.push("Version 1");
        claim(follow(first) == PipelineExecutionStatus.SUCCEEDED, "version 1 was not released");
        String served = fetch(page);
        Duration toServed = Duration.between(pushed, Clock.system().instant());
        claim(served.equals("Hello from version 1"), "the page says: " + served);
        screen.line("GET %s  ->  %s", page, served);

        screen.step(3, "Push version 2 under constant traffic");
        Duration rolled;
        long sent;
        long failed;
        try (Traffic traffic = new Traffic(page, REQUESTS_PER_SECOND)) {
            release("2", "return 200;");
            Instant start = Clock.system().instant();
            String second = git.push("Version 2");
            claim(follow(second) == PipelineExecutionStatus.SUCCEEDED, "version 2 was not released");
            rolled = Duration.between(start, Clock.system().instant());
            traffic.close();
            sent = traffic.sent();
            failed = traffic.failed();
            screen.line(
                    "%d requests sent, %.0f a second, %d failed %s",
                    sent, traffic.rate(), failed, failed == 0 ? "" : traffic.failures());
            traffic.answers().forEach((answer, count) -> screen.line("  %6d x %s", count, answer));
        }
        claim(failed == 0, failed + " requests failed during the deployment");
        claim(fetch(page).equals("Hello from version 2"), "version 2 is not served");

        screen.step(4, "Push version 3, which breaks a unit test");
        breakGreeting();
        String third = git.push("Version 3");
        claim(follow(third) == PipelineExecutionStatus.FAILED, "version 3 should have failed");
        showReport();
        claim(fetch(page).equals("Hello from version 2"), "version 2 is no longer served");
        screen.line("nothing was deployed: the page still says %s", fetch(page));

        screen.step(5, "Push version 4, which starts but answers with errors");
        long errors;
        try (Traffic traffic = new Traffic(page, REQUESTS_PER_SECOND)) {
            release("4", "return java.util.concurrent.ThreadLocalRandom.current().nextInt(4) == 0 ? 500 : 200;");
            String fourth = git.push("Version 4");
            claim(follow(fourth) == PipelineExecutionStatus.FAILED, "version 4 should have been stopped");
            awaitRollback();
            traffic.close();
            errors = traffic.failed();
        }
        String last = fetch(page);
        claim(last.equals("Hello from version 2"), "after the rollback the page says: " + last);
        screen.line("after the rollback the page says: %s", last);

        screen.step(6, "Change the chain by a change set");
        var changes = stack.change(Map.of("ErrorsToRollBack", "30")).changes();
        claim(changes.size() == 1, "one change was expected, not " + changes.size());
        claim(fetch(page).equals("Hello from version 2"), "version 2 is no longer served after the change");

        if (!keep) {
            screen.step(7, "Delete the chain");
            stack.delete();
            claim(isGone(), "something is left of the chain");
        }

        screen.blank();
        out.printf("  push to served release (first, with an empty Maven cache)  %6.1f s%n", seconds(toServed));
        out.printf("  push to rolled-out version 2, one instance at a time       %6.1f s%n", seconds(rolled));
        out.printf("  requests during the roll-out                               %6d sent, %d failed%n", sent, failed);
        out.printf("  errors that version 4 caused until it was rolled back      %6d%n", errors);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    /** How many of its claims have held so far. */
    public int claims() {
        return claims;
    }

    private void claim(boolean condition, String otherwise) {
        require(condition, otherwise);
        claims++;
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }

    private boolean isGone() {
        return aws.autoScaling
                        .describeAutoScalingGroups(r -> r.autoScalingGroupNames(Chain.NAME))
                        .autoScalingGroups()
                        .isEmpty()
                && aws.codePipeline.listPipelines().pipelines().stream()
                        .noneMatch(p -> p.name().equals(Chain.NAME));
    }

    private void awaitInstances() throws InterruptedException {
        Instant limit = limit();
        while (true) {
            var instances = aws.autoScaling
                    .describeAutoScalingGroups(r -> r.autoScalingGroupNames(Chain.NAME))
                    .autoScalingGroups()
                    .getFirst()
                    .instances();
            if (instances.stream()
                            .filter(i -> i.lifecycleStateAsString().equals("InService"))
                            .count()
                    == 2) {
                instances.forEach(
                        i -> screen.line("instance %s in %s is in service", i.instanceId(), i.availabilityZone()));
                return;
            }
            look(limit, "two instances in service");
        }
    }

    private void copyExample() throws IOException {
        try (Stream<Path> files = Files.walk(example)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path copy = tree.resolve(example.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else if (!file.toString().contains("/target/")) {
                    Files.copy(file, copy, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private Path releaseFile() {
        return tree.resolve("src/main/java/hello/Release.java");
    }

    private void release(String version, String status) throws IOException {
        String source = Files.readString(example.resolve("src/main/java/hello/Release.java"));
        Files.writeString(
                releaseFile(),
                source.replace("VERSION = \"1\"", "VERSION = \"" + version + "\"")
                        .replace("return 200;", status));
    }

    private void breakGreeting() throws IOException {
        release("3", "return 200;");
        Files.writeString(
                releaseFile(), Files.readString(releaseFile()).replace("Hello from version", "Hullo from version"));
    }

    /** Follows the execution that a commit has started to its end, telling each change. */
    private PipelineExecutionStatus follow(String commit) throws InterruptedException {
        screen.line("pushed %s", commit.substring(0, 8));
        Instant limit = limit();
        Map<String, String> told = new HashMap<>();
        while (true) {
            var execution = aws
                    .codePipeline
                    .listPipelineExecutions(r -> r.pipelineName(Chain.NAME))
                    .pipelineExecutionSummaries()
                    .stream()
                    .filter(e -> e.sourceRevisions().stream().anyMatch(s -> commit.equals(s.revisionId())))
                    .findFirst();
            if (execution.isPresent()) {
                tellActions(execution.get().pipelineExecutionId(), told);
                PipelineExecutionStatus status = execution.get().status();
                if (status != PipelineExecutionStatus.IN_PROGRESS) {
                    tellActions(execution.get().pipelineExecutionId(), told);
                    return status;
                }
            }
            look(limit, "the pipeline's execution of " + commit);
        }
    }

    private void tellActions(String execution, Map<String, String> told) {
        for (ActionExecutionDetail action : aws.codePipeline
                .listActionExecutions(r -> r.pipelineName(Chain.NAME).filter(f -> f.pipelineExecutionId(execution)))
                .actionExecutionDetails()) {
            String status = action.statusAsString();
            if (!status.equals(told.put(action.actionName(), status))) {
                String why = action.output() != null
                                && action.output().executionResult() != null
                                && action.output().executionResult().externalExecutionSummary() != null
                                && status.equals("Failed")
                        ? ": " + action.output().executionResult().externalExecutionSummary()
                        : "";
                screen.line("%-8s %s%s", action.actionName(), status, why);
            }
        }
    }

    /** What the failed build's test report says. */
    private void showReport() {
        String build = aws.codeBuild
                .listBuildsForProject(r -> r.projectName(Chain.NAME))
                .ids()
                .getFirst();
        var reports = aws.codeBuild
                .batchGetBuilds(r -> r.ids(build))
                .builds()
                .getFirst()
                .reportArns();
        claim(!reports.isEmpty(), "the failed build has no test report");
        for (String report : reports) {
            var summary = aws.codeBuild
                    .batchGetReports(r -> r.reportArns(report))
                    .reports()
                    .getFirst();
            screen.line(
                    "report %s: %s %s",
                    summary.name(),
                    summary.statusAsString(),
                    summary.testSummary().statusCounts());
            for (TestCase test :
                    aws.codeBuild.describeTestCases(r -> r.reportArn(report)).testCases()) {
                if (!"SUCCEEDED".equals(test.status())) {
                    screen.line("  %s %s.%s", test.status(), test.prefix(), test.name());
                    String message =
                            Optional.ofNullable(test.message()).orElse("").strip();
                    screen.line("    %s", message.lines().findFirst().orElse(""));
                }
            }
        }
    }

    /** Waits for the deployment that rolls the bad one back, and tells why there was one. */
    private void awaitRollback() throws InterruptedException {
        Instant limit = limit();
        boolean told = false;
        while (true) {
            DeploymentInfo newest = deployment(aws.codeDeploy
                    .listDeployments(r -> r.applicationName(Chain.NAME).deploymentGroupName(Chain.NAME))
                    .deployments()
                    .getFirst());
            String bad =
                    newest.rollbackInfo() == null ? null : newest.rollbackInfo().rollbackTriggeringDeploymentId();
            if (bad != null) {
                if (!told) {
                    var reason = deployment(bad).errorInformation();
                    screen.line("deployment %s stopped: %s %s", bad, reason.codeAsString(), reason.message());
                    screen.line("rolled back by deployment %s", newest.deploymentId());
                    told = true;
                }
                if (newest.status() == DeploymentStatus.SUCCEEDED) {
                    return;
                }
                require(
                        newest.status() != DeploymentStatus.FAILED,
                        "the rollback failed: " + newest.errorInformation());
            }
            look(limit, "the rollback");
        }
    }

    private DeploymentInfo deployment(String id) {
        return aws.codeDeploy.getDeployment(r -> r.deploymentId(id)).deploymentInfo();
    }

    private static String fetch(URI page) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
                    .body()
                    .strip();
        }
    }

    private static Instant limit() {
        return Clock.system().instant().plus(PATIENCE);
    }

    private static void look(Instant limit, String what) throws InterruptedException {
        require(Clock.system().instant().isBefore(limit), "gave up waiting for " + what);
        Clock.system().sleep(LOOK);
    }
}

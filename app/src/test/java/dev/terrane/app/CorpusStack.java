package dev.terrane.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.testkit.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.*;

/** A stack of a template of the corpus, driven as a client does. Time passes while it is waited for. */
final class CorpusStack {
    private static final Duration STEP = Duration.ofSeconds(5);

    private final TestServer server;
    private final CloudFormationClient stacks;
    private final CorpusTemplate template;
    private final String name;
    private final String filesUrl;
    private String id = "";

    CorpusStack(TestServer server, CorpusTemplate template, String filesUrl) {
        this.server = server;
        this.stacks = server.client(CloudFormationClient.class);
        this.template = template;
        this.name = template.name();
        this.filesUrl = filesUrl;
    }

    /** What a template asks for is what its summary says that it has. */
    GetTemplateSummaryResponse summarize() {
        GetTemplateSummaryResponse summary = stacks.getTemplateSummary(r -> r.templateBody(template.body()));
        ValidateTemplateResponse validated = stacks.validateTemplate(r -> r.templateBody(template.body()));
        assertThat(validated.parameters().stream()
                        .map(TemplateParameter::parameterKey)
                        .toList())
                .isEqualTo(summary.parameters().stream()
                        .map(ParameterDeclaration::parameterKey)
                        .toList());
        assertThat(validated.capabilities()).isEqualTo(summary.capabilities());
        return summary;
    }

    /** The parameters that a template is given: those of its head, and where the files lie, for one that asks. */
    List<Parameter> parameters(String... heads) {
        Map<String, String> values = new TreeMap<>();
        if (template.body().contains("FilesUrl")) {
            values.put("FilesUrl", filesUrl);
        }
        for (String head : heads) {
            values.putAll(template.values(head));
        }
        List<Parameter> parameters = new ArrayList<>();
        values.forEach((key, value) -> parameters.add(
                Parameter.builder().parameterKey(key).parameterValue(value).build()));
        return parameters;
    }

    /** What the caller acknowledges: everything, unless the head says what. */
    List<Capability> capabilities() {
        return template.line("Capabilities")
                .map(line -> line.equals("none")
                        ? List.<Capability>of()
                        : template.items("Capabilities").stream()
                                .map(Capability::fromValue)
                                .toList())
                .orElse(List.of(Capability.CAPABILITY_NAMED_IAM, Capability.CAPABILITY_AUTO_EXPAND));
    }

    void create() {
        create(r -> {});
    }

    void create(Consumer<CreateStackRequest.Builder> more) {
        id = stacks.createStack(r -> r.stackName(name)
                        .templateBody(template.body())
                        .parameters(parameters("Parameter"))
                        .capabilities(capabilities())
                        .applyMutation(more))
                .stackId();
        template.line("Signal").ifPresent(this::signal);
    }

    /** Tells a resource, once it is there, that what it stands for is well: by its URL where it is a handle. */
    private void signal(String logicalId) {
        TestServer.await(() -> resources().stream()
                .anyMatch(resource ->
                        resource.logicalResourceId().equals(logicalId) && resource.physicalResourceId() != null));
        StackResource resource = resources().stream()
                .filter(one -> one.logicalResourceId().equals(logicalId))
                .findFirst()
                .orElseThrow();
        if (!resource.resourceType().equals("AWS::CloudFormation::WaitConditionHandle")) {
            stacks.signalResource(r -> r.stackName(id)
                    .logicalResourceId(logicalId)
                    .uniqueId("corpus")
                    .status(ResourceSignalStatus.SUCCESS));
            return;
        }
        HttpRequest put = HttpRequest.newBuilder(URI.create(resource.physicalResourceId()))
                .PUT(HttpRequest.BodyPublishers.ofString(
                        "{\"Status\":\"SUCCESS\",\"UniqueId\":\"corpus\",\"Data\":\"hello\",\"Reason\":\"\"}"))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThat(http.send(put, HttpResponse.BodyHandlers.discarding()).statusCode())
                    .isEqualTo(200);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Makes a change set of the update, or of what is there. */
    DescribeChangeSetResponse changeSet(String changeSet, boolean update) {
        stacks.createChangeSet(r -> r.stackName(name)
                .changeSetName(changeSet)
                .templateBody(update ? template.second() : template.body())
                .parameters(update ? parameters("Parameter", "Update") : parameters("Parameter"))
                .capabilities(capabilities()));
        return stacks.describeChangeSet(r -> r.stackName(name).changeSetName(changeSet));
    }

    void execute(String changeSet) {
        stacks.executeChangeSet(r -> r.stackName(name).changeSetName(changeSet));
    }

    void delete() {
        stacks.deleteStack(r -> r.stackName(id));
    }

    /** Waits until an operation is over, and says how it must have ended. */
    void endsAs(StackStatus status) {
        TestServer.await(() -> {
            boolean busy = describe().stackStatusAsString().endsWith("_IN_PROGRESS");
            if (busy) {
                server.advance(STEP);
            }
            return !busy;
        });
        assertThat(describe().stackStatus())
                .as(() -> name + ":\n" + String.join("\n", told()))
                .isEqualTo(status);
    }

    Stack describe() {
        return stacks.describeStacks(r -> r.stackName(id)).stacks().getFirst();
    }

    List<StackResource> resources() {
        return stacks.describeStackResources(r -> r.stackName(id)).stackResources();
    }

    List<StackResourceSummary> listed() {
        return stacks.listStackResourcesPaginator(r -> r.stackName(id)).stackResourceSummaries().stream()
                .toList();
    }

    /** The events, oldest first. */
    List<StackEvent> events() {
        return stacks.describeStackEventsPaginator(r -> r.stackName(id)).stackEvents().stream()
                .toList()
                .reversed();
    }

    /** The events as texts: logical id, status, reason. What differs from run to run in a reason is left out. */
    List<String> told() {
        return events().stream()
                .map(e -> e.logicalResourceId() + " " + e.resourceStatusAsString()
                        + (e.resourceStatusReason() == null ? "" : " " + e.resourceStatusReason()))
                .toList();
    }

    String storedTemplate() {
        return stacks.getTemplate(r -> r.stackName(id)).templateBody();
    }

    /** What differs from the template, as drift detection finds it. */
    List<String> drift() {
        String detection = stacks.detectStackDrift(r -> r.stackName(id)).stackDriftDetectionId();
        TestServer.await(() -> stacks.describeStackDriftDetectionStatus(r -> r.stackDriftDetectionId(detection))
                        .detectionStatus()
                != StackDriftDetectionStatus.DETECTION_IN_PROGRESS);
        DescribeStackDriftDetectionStatusResponse found =
                stacks.describeStackDriftDetectionStatus(r -> r.stackDriftDetectionId(detection));
        List<String> differences = new ArrayList<>();
        if (found.detectionStatus() != StackDriftDetectionStatus.DETECTION_COMPLETE) {
            differences.add(found.detectionStatusAsString() + ": " + found.detectionStatusReason());
        }
        stacks.describeStackResourceDrifts(r -> r.stackName(id)).stackResourceDrifts().stream()
                .filter(drift -> drift.stackResourceDriftStatus() != StackResourceDriftStatus.IN_SYNC)
                .forEach(drift -> differences.add(drift.logicalResourceId() + " "
                        + drift.stackResourceDriftStatusAsString() + " " + drift.propertyDifferences()));
        return differences;
    }
}

package dev.terrane.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.testkit.MemoryCompute;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.Inventory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.*;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The corpus of templates in {@code src/test/resources/corpus}, on a server with all services. Those in {@code good} are made, described, changed by a change set,
 * looked at for drift and deleted; those in {@code broken} are refused, or fail halfway, with AWS's error. Nothing is left behind of any: no resource that a service
 * lists, and no row in any table but the history that AWS keeps too. {@link CorpusTemplate} says where a template tells what to expect.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CorpusTest {
    private static final String FILES = "corpus-files";
    private static final String FILES_URL = "https://" + FILES + ".s3.amazonaws.com";

    /** Tables of what has been: AWS keeps it too, or it is forgotten after some time. */
    private static final Set<String> HISTORY = Set.of(
            "autoscaling.activity",
            "cloudformation.change-set",
            "cloudformation.drift",
            "cloudformation.event",
            "cloudformation.resource",
            "cloudformation.stack",
            "cloudformation.stack-set",
            "cloudformation.stack-set-operation",
            "cloudformation.stack-set-result",
            "cloudwatch.history",
            "cloudwatch.metric",
            "cloudwatch.samples-1",
            "cloudwatch.samples-60",
            "cloudwatch.samples-300",
            "cloudwatch.samples-3600",
            "codepipeline.actiontype",
            "ec2.launch-token",
            "iam.policy-use",
            "iam.role-deletion",
            "iam.service-use",
            "kms.key",
            "sqs.deleted",
            "workflow.process");

    private static final Pattern STACK = Pattern.compile("(arn:aws:cloudformation:[^ ]*stack/)[^ ]*");
    private static final Pattern TOKEN = Pattern.compile("RequestToken: [-0-9a-f]+");

    private static final Pattern TYPE = Pattern.compile("AWS::\\w+::\\w+");

    private final TestServer server = start();
    private final CloudFormationClient stacks = server.client(CloudFormationClient.class);
    private final Inventory inventory =
            new Inventory(server, server.administrator().principal());

    /** What there was before the template that runs now. */
    private Map<String, Set<String>> listed = Map.of();

    private Map<String, Long> rows = Map.of();

    @SuppressWarnings("unchecked") // an array of constructors
    private static TestServer start() {
        MemoryCompute compute = new MemoryCompute();
        return TestServer.withCompute(
                (data, threads) -> compute,
                Wiring.SERVICES.toArray((Function<Platform, Service>[]) new Function<?, ?>[0]));
    }

    @BeforeAll
    void upload() {
        S3Client s3 = server.client(S3Client.class);
        s3.createBucket(r -> r.bucket(FILES));
        for (Path file : CorpusTemplate.files()) {
            s3.putObject(r -> r.bucket(FILES).key(file.getFileName().toString()), file);
        }
        // What an account has from the first use of a service on.
        KmsClient kms = server.client(KmsClient.class);
        for (String service : List.of("codecommit", "secretsmanager", "ssm")) {
            kms.describeKey(r -> r.keyId("alias/aws/" + service));
        }
        server.client(IamClient.class).createServiceLinkedRole(r -> r.awsServiceName("autoscaling.amazonaws.com"));
        server.url();
        listed = inventory.all();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @TestFactory
    Stream<DynamicTest> good() {
        return each("good", this::lives);
    }

    @TestFactory
    Stream<DynamicTest> broken() {
        return each("broken", this::fails);
    }

    @Test
    void everyTypeHasATemplate() {
        // A custom resource needs somebody who answers; CustomResourcesTest has that.
        Set<String> used = new TreeSet<>(Set.of("AWS::CloudFormation::CustomResource"));
        CorpusTemplate.all("good")
                .forEach(template -> TYPE.matcher(template.body()).results().forEach(match -> used.add(match.group())));
        assertThat(server.platform().resourceTypes().all().stream().map(ResourceType::name))
                .isSubsetOf(used);
    }

    /** One test a template; {@code -Dcorpus=NAME} picks one. */
    private Stream<DynamicTest> each(String folder, Consumer<CorpusTemplate> test) {
        String picked = System.getProperty("corpus", "");
        return CorpusTemplate.all(folder).stream()
                .filter(template -> picked.isEmpty() || template.name().equals(picked))
                .map(template -> DynamicTest.dynamicTest(
                        template.name(), () -> leavesNothing(template, () -> test.accept(template))));
    }

    private void lives(CorpusTemplate template) {
        CorpusStack stack = new CorpusStack(server, template, FILES_URL);
        GetTemplateSummaryResponse summary = stack.summarize();
        stack.create();
        stack.endsAs(StackStatus.CREATE_COMPLETE);
        isDescribed(stack, template, summary);
        nothingToChange(stack);
        Map<String, String> kept = new TreeMap<>(kept(stack, template.items("KeepsReplaced")));
        changes(stack, template);
        assertThat(stack.drift()).as("drift").isEmpty();
        kept.putAll(kept(stack, template.items("Keeps")));
        stack.delete();
        stack.endsAs(StackStatus.DELETE_COMPLETE);
        kept.forEach((id, type) -> {
            assertThat(inventory.all().get(type)).as("kept").contains(id);
            inventory.delete(type, id);
        });
    }

    private void isDescribed(CorpusStack stack, CorpusTemplate template, GetTemplateSummaryResponse summary) {
        assertThat(stack.storedTemplate()).isEqualTo(template.body());
        List<StackResource> resources = stack.resources();
        assertThat(resources).isNotEmpty().allSatisfy(resource -> {
            assertThat(resource.resourceStatus()).isEqualTo(ResourceStatus.CREATE_COMPLETE);
            assertThat(resource.physicalResourceId()).isNotEmpty();
        });
        if (summary.declaredTransforms().isEmpty()) {
            assertThat(summary.resourceTypes())
                    .containsAll(
                            resources.stream().map(StackResource::resourceType).toList());
        }
        assertThat(stack.listed().stream()
                        .map(StackResourceSummary::physicalResourceId)
                        .toList())
                .containsExactlyInAnyOrderElementsOf(resources.stream()
                        .map(StackResource::physicalResourceId)
                        .toList());
        List<String> events = stack.told();
        assertThat(events).startsWith(template.name() + " CREATE_IN_PROGRESS User Initiated");
        assertThat(events).endsWith(template.name() + " CREATE_COMPLETE");
        assertThat(events)
                .containsAll(resources.stream()
                        .map(resource -> resource.logicalResourceId() + " CREATE_COMPLETE")
                        .toList());
        Stack described = stack.describe();
        assertThat(described.outputs())
                .allSatisfy(output -> assertThat(output.outputValue()).isNotNull());
        template.values("Output")
                .forEach((key, value) -> assertThat(described.outputs().stream()
                                .filter(output -> output.outputKey().equals(key))
                                .map(Output::outputValue)
                                .toList())
                        .as(key)
                        .containsExactly(value));
    }

    private static void nothingToChange(CorpusStack stack) {
        DescribeChangeSetResponse same = stack.changeSet("same", false);
        assertThat(same.changes()).isEmpty();
        assertThat(same.status()).isEqualTo(ChangeSetStatus.FAILED);
        assertThat(same.statusReason())
                .isEqualTo("The submitted information didn't contain changes. Submit different information to create a"
                        + " change set.");
    }

    private static void changes(CorpusStack stack, CorpusTemplate template) {
        DescribeChangeSetResponse changes = stack.changeSet("change", true);
        assertThat(changes.status()).as(changes.statusReason()).isEqualTo(ChangeSetStatus.CREATE_COMPLETE);
        assertThat(changes.changes().stream().map(CorpusTest::told).toList())
                .containsExactlyInAnyOrderElementsOf(template.items("Changes"));
        stack.execute("change");
        stack.endsAs(StackStatus.UPDATE_COMPLETE);
    }

    private static String told(Change change) {
        ResourceChange of = change.resourceChange();
        String action = of.replacement() == null || of.replacement() == Replacement.FALSE
                ? of.actionAsString()
                : of.replacement() == Replacement.TRUE ? "Replace" : "Perhaps replace";
        return action + " " + of.logicalResourceId();
    }

    /** What a stack leaves on purpose: types by identifier. */
    private static Map<String, String> kept(CorpusStack stack, List<String> names) {
        Map<String, String> kept = new TreeMap<>();
        stack.resources().stream()
                .filter(resource -> names.contains(resource.logicalResourceId()))
                .forEach(resource -> kept.put(resource.physicalResourceId(), resource.resourceType()));
        assertThat(kept).hasSize(names.size());
        return kept;
    }

    private void fails(CorpusTemplate template) {
        CorpusStack stack = new CorpusStack(server, template, FILES_URL);
        if (template.line("Refused").isPresent()) {
            AwsServiceException refused = catchThrowableOfType(AwsServiceException.class, stack::create);
            assertThat(refused).as("refused").isNotNull();
            assertThat(refused.awsErrorDetails().errorMessage().replace("\n", " "))
                    .isEqualTo(template.line("Refused").orElseThrow());
            assertThat(refused.awsErrorDetails().errorCode())
                    .isEqualTo(template.line("Code").orElse("ValidationError"));
            return;
        }
        stack.create();
        if (template.line("Update").isPresent()) {
            stack.endsAs(StackStatus.CREATE_COMPLETE);
            stack.changeSet("change", true);
            stack.execute("change");
            stack.endsAs(StackStatus.UPDATE_ROLLBACK_COMPLETE);
            assertThat(stack.drift()).as("drift").isEmpty();
        } else {
            stack.endsAs(StackStatus.ROLLBACK_COMPLETE);
        }
        assertThat(stack.told().stream()
                        .map(event -> TOKEN.matcher(event).replaceAll("RequestToken: ..."))
                        .map(event -> STACK.matcher(event).replaceAll("$1..."))
                        .map(event -> event.replace("\n", " ").stripTrailing())
                        .toList())
                .containsAll(template.lines("Event"));
        stack.delete();
        stack.endsAs(StackStatus.DELETE_COMPLETE);
    }

    /** Runs something with the stacks that it needs; afterwards all is as it was before. */
    private void leavesNothing(CorpusTemplate template, Runnable test) {
        rows = server.rowCounts();
        try {
            List<CorpusStack> needed = new ArrayList<>();
            for (String name : template.items("Needs")) {
                CorpusStack stack = new CorpusStack(server, CorpusTemplate.good(name), FILES_URL);
                stack.create();
                stack.endsAs(StackStatus.CREATE_COMPLETE);
                needed.addFirst(stack);
            }
            test.run();
            needed.forEach(stack -> {
                stack.delete();
                stack.endsAs(StackStatus.DELETE_COMPLETE);
            });
            boolean refused = template.line("Refused").isPresent() && needed.isEmpty();
            nothingIsLeft(refused ? Set.of() : HISTORY);
            if (!refused) {
                assertThat(inventory.all()).as("resources that are listed").isEqualTo(listed);
            }
            assertThat(stacks.listExports().exports()).isEmpty();
            assertThat(server.faults()).isEmpty();
        } catch (AssertionError | RuntimeException e) {
            // One template's leftovers are not the next one's.
            clear();
            listed = inventory.all();
            throw e;
        }
    }

    private void clear() {
        List<String> left = stacks.describeStacks().stacks().stream()
                .filter(stack -> stack.parentId() == null)
                .map(Stack::stackName)
                .toList();
        left.reversed().forEach(name -> stacks.deleteStack(r -> r.stackName(name)));
        Instant end = server.clock().instant().plus(Duration.ofMinutes(10));
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(5));
            return stacks.describeStacks().stacks().isEmpty()
                    || server.clock().instant().isAfter(end);
        });
    }

    /** What is deleted in the background is waited for. */
    private void nothingIsLeft(Set<String> history) {
        try {
            TestServer.await(() -> {
                boolean settled = grown(history).isEmpty();
                if (!settled) {
                    server.advance(Duration.ofMinutes(10));
                }
                return settled;
            });
        } catch (AssertionError e) {
            assertThat(grown(history)).as("rows more than before, by table").isEmpty();
        }
    }

    private Map<String, Long> grown(Set<String> history) {
        Map<String, Long> grown = new TreeMap<>();
        server.rowCounts().forEach((table, count) -> {
            long more = count - rows.getOrDefault(table, 0L);
            if (more != 0 && !history.contains(table)) {
                grown.put(table, more);
            }
        });
        return grown;
    }
}

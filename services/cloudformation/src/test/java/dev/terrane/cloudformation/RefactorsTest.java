package dev.terrane.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.iam.IamService;
import dev.terrane.sns.SnsService;
import dev.terrane.sqs.SqsService;
import dev.terrane.ssm.SsmService;
import dev.terrane.sts.StsService;
import dev.terrane.testkit.TestIdentities;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.*;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Refactors of stacks: everything stands elsewhere, and is what it was. */
class RefactorsTest {
    private TestServer server;
    private CloudFormationClient stacks;

    @BeforeEach
    void start() {
        server = TestServer.with(
                CloudFormationService::new,
                SqsService::new,
                SnsService::new,
                SsmService::new,
                IamService::new,
                StsService::new);
        stacks = server.client(CloudFormationClient.class);
    }

    @AfterEach
    void stop() {
        assertThat(server.faults())
                .filteredOn(fault -> !String.valueOf(fault.getMessage()).contains("server has crashed")
                        && !String.valueOf(fault.getMessage()).contains("InterruptedException"))
                .isEmpty();
        server.close();
    }

    private static String queues(String... names) {
        StringBuilder template = new StringBuilder("Resources:\n");
        for (String name : names) {
            template.append("  ")
                    .append(name)
                    .append(": {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 30}}\n");
        }
        return template.toString();
    }

    private void make(String name, String template, Tag... tags) {
        stacks.createStack(r -> r.stackName(name).templateBody(template).tags(tags));
        ends(name, "CREATE_COMPLETE");
    }

    private void ends(String name, String status) {
        TestServer.await(() -> {
            server.advance(Duration.ofMillis(500));
            return !status(name).endsWith("_IN_PROGRESS");
        });
        assertThat(status(name)).isEqualTo(status);
    }

    private String status(String name) {
        return stacks.describeStacks(r -> r.stackName(name)).stacks().getFirst().stackStatusAsString();
    }

    private static StackDefinition stack(String name, String template) {
        return StackDefinition.builder().stackName(name).templateBody(template).build();
    }

    private static ResourceMapping mapping(String from, String fromId, String to, String toId) {
        return ResourceMapping.builder()
                .source(s -> s.stackName(from).logicalResourceId(fromId))
                .destination(d -> d.stackName(to).logicalResourceId(toId))
                .build();
    }

    private String refactor(List<ResourceMapping> mappings, StackDefinition... definitions) {
        return stacks.createStackRefactor(r -> r.description("tidy")
                        .enableStackCreation(true)
                        .resourceMappings(mappings)
                        .stackDefinitions(definitions))
                .stackRefactorId();
    }

    private DescribeStackRefactorResponse describe(String id) {
        return stacks.describeStackRefactor(r -> r.stackRefactorId(id));
    }

    private void executes(String id) {
        assertThat(describe(id).statusReason()).isNull();
        stacks.executeStackRefactor(r -> r.stackRefactorId(id));
        ended(id);
        assertThat(describe(id).executionStatusReason()).isNull();
        assertThat(describe(id).executionStatus()).isEqualTo(StackRefactorExecutionStatus.EXECUTE_COMPLETE);
    }

    private void ended(String id) {
        TestServer.await(() -> {
            server.advance(Duration.ofMillis(500));
            return describe(id).executionStatus() != StackRefactorExecutionStatus.EXECUTE_IN_PROGRESS;
        });
    }

    /** Physical ids by logical ones. */
    private Map<String, String> resources(String stack) {
        Map<String, String> found = new TreeMap<>();
        stacks.listStackResources(r -> r.stackName(stack))
                .stackResourceSummaries()
                .forEach(one -> found.put(one.logicalResourceId(), one.physicalResourceId()));
        return found;
    }

    private String physical(String stack, String logicalId) {
        return resources(stack).getOrDefault(logicalId, "");
    }

    @Test
    void resourcesMoveBetweenStacksAndAreRenamed() {
        make("a", queues("One", "Two"));
        make("b", queues("Three"));
        Map<String, String> a = resources("a");
        Map<String, String> b = resources("b");
        String id = refactor(
                List.of(mapping("a", "Two", "b", "Second")),
                stack("a", queues("One")),
                stack("b", queues("Three", "Second")));
        assertThat(describe(id).stackIds()).hasSize(2);
        assertThat(describe(id).executionStatus()).isEqualTo(StackRefactorExecutionStatus.AVAILABLE);
        assertThat(stacks.listStackRefactorActions(r -> r.stackRefactorId(id)).stackRefactorActions())
                .singleElement()
                .satisfies(action -> {
                    assertThat(action.action()).isEqualTo(StackRefactorActionType.MOVE);
                    assertThat(action.physicalResourceId()).isEqualTo(a.get("Two"));
                    assertThat(action.detection()).isEqualTo(StackRefactorDetection.MANUAL);
                    assertThat(action.resourceMapping()).isEqualTo(mapping("a", "Two", "b", "Second"));
                });

        executes(id);

        assertThat(resources("a")).isEqualTo(Map.of("One", a.get("One")));
        assertThat(resources("b")).isEqualTo(Map.of("Three", b.get("Three"), "Second", a.get("Two")));
        assertThat(status("a")).isEqualTo("UPDATE_COMPLETE");
        assertThat(stacks.describeStackEvents(r -> r.stackName("b")).stackEvents())
                .anySatisfy(event -> {
                    assertThat(event.logicalResourceId()).isEqualTo("Second");
                    assertThat(event.resourceStatus()).isEqualTo(ResourceStatus.IMPORT_COMPLETE);
                });
        assertThatThrownBy(() -> stacks.updateStack(r -> r.stackName("b").templateBody(queues("Three", "Second"))))
                .hasMessageContaining("No updates are to be performed");
        stacks.deleteStack(r -> r.stackName("b"));
        TestServer.await(
                () -> server.client(SqsClient.class).listQueues().queueUrls().equals(List.of(a.get("One"))));
        assertThat(stacks.listStackRefactors(
                                r -> r.executionStatusFilter(StackRefactorExecutionStatus.EXECUTE_COMPLETE))
                        .stackRefactorSummaries())
                .extracting(StackRefactorSummary::stackRefactorId)
                .containsExactly(id);
    }

    @Test
    void referencesBecomeImportsOfANewStack() {
        String whole = queues("Queue")
                + "  Note: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !GetAtt Queue.Arn}}\n";
        make("a", whole);
        String queue = physical("a", "Queue");
        String rest =
                "Resources: {Note: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !ImportValue the-arn}}}";
        String fresh = queues("Queue") + "Outputs: {Arn: {Value: !GetAtt Queue.Arn, Export: {Name: the-arn}}}\n";
        String id = refactor(List.of(), stack("a", rest), stack("c", fresh));
        assertThat(stacks.listStackRefactorActions(r -> r.stackRefactorId(id)).stackRefactorActions())
                .extracting(StackRefactorAction::entity)
                .containsExactly(StackRefactorActionEntity.STACK, StackRefactorActionEntity.RESOURCE);
        assertThatThrownBy(() -> status("c")).isInstanceOf(AwsServiceException.class);

        executes(id);

        assertThat(resources("c")).isEqualTo(Map.of("Queue", queue));
        assertThat(status("c")).isEqualTo("CREATE_COMPLETE");
        assertThat(stacks.listImports(r -> r.exportName("the-arn")).imports()).containsExactly("a");
        assertThat(stacks.getTemplate(r -> r.stackName("a")).templateBody()).isEqualTo(rest);

        executes(back(whole, queue));
        assertThat(resources("a")).containsEntry("Queue", queue);
        assertThat(stacks.listExports().exports()).isEmpty();
    }

    /** The queue comes back; the stack that it leaves gets another one first. */
    private String back(String whole, String queue) {
        stacks.updateStack(r -> r.stackName("c")
                .templateBody(queues("Queue", "Other")
                        + "Outputs: {Arn: {Value: !GetAtt Queue.Arn, Export: {Name: the-arn}}}\n"));
        ends("c", "UPDATE_COMPLETE");
        String id =
                refactor(List.of(mapping("c", "Queue", "a", "Queue")), stack("a", whole), stack("c", queues("Other")));
        assertThat(describe(id).executionStatus()).isEqualTo(StackRefactorExecutionStatus.AVAILABLE);
        assertThat(resources("c")).containsEntry("Queue", queue);
        return id;
    }

    @Test
    void logicalIdsChangeWithinAStackWithAllThatRefersToThem() {
        make("a", queues("Old") + "Outputs: {Url: {Value: !Ref Old}}\n");
        String url = physical("a", "Old");
        executes(refactor(List.of(), stack("a", queues("New") + "Outputs: {Url: {Value: !Ref New}}\n")));
        assertThat(resources("a")).isEqualTo(Map.of("New", url));
        assertThat(stacks.describeStacks(r -> r.stackName("a"))
                        .stacks()
                        .getFirst()
                        .outputs())
                .extracting(Output::outputValue)
                .containsExactly(url);
    }

    @Test
    void whatWouldTouchAResourceIsRefused() {
        make("a", queues("One", "Two"));
        fails("deletes no resources, and has no unambiguous place for [a.Two]", stack("a", queues("One")));
        fails("makes no resources", stack("a", queues("One", "Two", "Three")));
        fails(
                "a.One would have other [VisibilityTimeout]",
                stack("a", queues("One", "Two").replaceFirst("30", "40")));
        fails("[a.One, a.Two]", stack("a", queues("Three", "Four")));
        String unmade = stacks.createStackRefactor(
                        r -> r.stackDefinitions(stack("a", queues("One")), stack("b", queues("Two"))))
                .stackRefactorId();
        assertThat(describe(unmade).statusReason()).isEqualTo("Stack [b] does not exist");
        assertThatThrownBy(() -> stacks.executeStackRefactor(r -> r.stackRefactorId(unmade)))
                .hasMessageContaining("UNAVAILABLE");
        assertThatThrownBy(() -> describe("none")).isInstanceOf(StackRefactorNotFoundException.class);
        assertThatThrownBy(() -> refactor(List.of(), stack("a", queues("One")), stack("a", queues("Two"))))
                .hasMessageContaining("more than once");

        String id = refactor(List.of(), stack("a", queues("One")), stack("b", queues("Two")));
        stacks.updateStack(r -> r.stackName("a").templateBody(queues("One", "Two", "Three")));
        ends("a", "UPDATE_COMPLETE");
        assertThat(describe(id).executionStatus()).isEqualTo(StackRefactorExecutionStatus.OBSOLETE);
        assertThatThrownBy(() -> stacks.executeStackRefactor(r -> r.stackRefactorId(id)))
                .hasMessageContaining("OBSOLETE");
    }

    private void fails(String reason, StackDefinition definition) {
        DescribeStackRefactorResponse refactor = describe(refactor(List.of(), definition));
        assertThat(refactor.status()).isEqualTo(StackRefactorStatus.CREATE_FAILED);
        assertThat(refactor.executionStatus()).isEqualTo(StackRefactorExecutionStatus.UNAVAILABLE);
        assertThat(refactor.statusReason()).contains(reason);
    }

    private static String topics(String... names) {
        StringBuilder template = new StringBuilder("Resources:\n");
        for (String name : names) {
            template.append("  ").append(name).append(": {Type: AWS::SNS::Topic}\n");
        }
        return template.toString();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private Map<String, String> tags(String topic) {
        Map<String, String> found = new TreeMap<>();
        server.client(SnsClient.class)
                .listTagsForResource(r -> r.resourceArn(topic))
                .tags()
                .forEach(one -> found.put(one.key(), one.value()));
        return found;
    }

    @Test
    void aMovedResourceHasTheTagsOfItsNewStack() {
        make("a", topics("One", "Two"), tag("team", "red"), tag("cost", "1"));
        make("b", topics("Three"), tag("team", "blue"));
        String two = physical("a", "Two");
        executes(refactor(List.of(), stack("a", topics("One")), stack("b", topics("Three", "Two"))));
        assertThat(tags(two))
                .containsEntry("team", "blue")
                .doesNotContainKey("cost")
                .containsEntry("aws:cloudformation:stack-name", "b")
                .containsEntry("aws:cloudformation:logical-id", "Two");

        executes(refactor(List.of(), stack("b", topics("Three")), stack("c", topics("Two"))));
        assertThat(tags(two))
                .containsOnlyKeys(
                        "aws:cloudformation:stack-name", "aws:cloudformation:stack-id", "aws:cloudformation:logical-id")
                .containsEntry("aws:cloudformation:stack-name", "c");
        assertThat(server.rowCounts()).containsEntry("gateway.answer", 0L);
    }

    @Test
    void aTagThatCannotBeSetTakesEverythingBack() {
        make("a", topics("One", "Two"), tag("team", "red"));
        make("b", topics("Three"), tag("team", "blue"));
        Map<String, String> before = resources("a");
        Map<String, String> tags = tags(physical("a", "Two"));
        CloudFormationClient limited = server.clientWith(
                CloudFormationClient.class,
                TestIdentities.EVERYTHING.replace(
                        "\"Statement\":[",
                        "\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"sns:TagResource\",\"Resource\":\"*\"},"));
        String id = refactor(List.of(), stack("a", topics("One")), stack("b", topics("Three", "Two")));
        limited.executeStackRefactor(r -> r.stackRefactorId(id));
        ended(id);
        assertThat(describe(id).executionStatus()).isEqualTo(StackRefactorExecutionStatus.ROLLBACK_COMPLETE);
        assertThat(describe(id).executionStatusReason()).contains("sns:TagResource");
        assertThat(resources("a")).isEqualTo(before);
        assertThat(tags(physical("a", "Two"))).isEqualTo(tags);
    }

    @Test
    void whoMayNotTouchAStackDoesNotRefactorIt() {
        make("a", topics("One", "Two"));
        make("b", topics("Three"));
        String id = refactor(List.of(), stack("a", topics("One")), stack("b", topics("Three", "Two")));
        CloudFormationClient limited = server.clientWith(
                CloudFormationClient.class,
                TestIdentities.EVERYTHING.replace(
                        "\"Statement\":[",
                        "\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"cloudformation:*\","
                                + "\"Resource\":\"arn:aws:cloudformation:*:*:stack/b/*\"},"));
        assertThatThrownBy(() -> limited.createStackRefactor(
                        r -> r.stackDefinitions(stack("a", topics("One")), stack("b", topics("Three", "Two")))))
                .hasMessageContaining("is not authorized to perform: cloudformation:CreateStackRefactor");
        assertThatThrownBy(() -> limited.executeStackRefactor(r -> r.stackRefactorId(id)))
                .hasMessageContaining("is not authorized to perform: cloudformation:ExecuteStackRefactor");
    }

    @Test
    void betweenWhicheverCommitsTheServerIsKilledTheRefactorIsCarriedOut() {
        make("a", topics("One", "Two"));
        make("b", topics("Three"));
        String from = "a";
        String to = "b";
        String moving = physical("a", "Two");
        boolean killed = true;
        for (int commits = 1; killed; commits += 2) {
            String there = to;
            String id = refactor(
                    List.of(),
                    stack(from, topics(from.equals("a") ? "One" : "Three")),
                    stack(to, topics(to.equals("a") ? "One" : "Three", "Two")));
            stacks.executeStackRefactor(r -> r.stackRefactorId(id));
            server.crashAfter(commits);
            TestServer.await(() -> {
                server.advance(Duration.ofMillis(500));
                return crashedOrEnded(id);
            });
            killed = server.crashed();
            server.restart();
            stacks = server.client(CloudFormationClient.class);
            ended(id);
            assertThat(describe(id).executionStatus()).isEqualTo(StackRefactorExecutionStatus.EXECUTE_COMPLETE);
            assertThat(resources(there)).containsEntry("Two", moving);
            assertThat(resources(from)).doesNotContainKey("Two");
            to = from;
            from = there;
        }
    }

    private boolean crashedOrEnded(String id) {
        try {
            return server.crashed()
                    || describe(id).executionStatus() != StackRefactorExecutionStatus.EXECUTE_IN_PROGRESS;
        } catch (RuntimeException e) {
            assertThat(server.crashed()).as("%s", e).isTrue();
            return true;
        }
    }
}

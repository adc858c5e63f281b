package dev.terrane.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.sqs.SqsService;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.*;

/** Events by operations, and change sets' hooks. */
class OperationEventsTest {
    private TestServer server;
    private CloudFormationClient stacks;

    @BeforeEach
    void start() {
        server = TestServer.with(CloudFormationService::new, SqsService::new);
        stacks = server.client(CloudFormationClient.class);
    }

    @AfterEach
    void stop() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private static String queue(int seconds) {
        return "Resources: {Queue: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: " + seconds + "}}}";
    }

    private Stack ends(String status) {
        TestServer.await(() -> {
            server.advance(Duration.ofMillis(500));
            return !stack().stackStatusAsString().endsWith("_IN_PROGRESS");
        });
        assertThat(stack().stackStatusAsString()).isEqualTo(status);
        return stack();
    }

    private Stack stack() {
        return stacks.describeStacks(r -> r.stackName("s")).stacks().getFirst();
    }

    private static List<String> told(List<OperationEvent> events) {
        return events.stream()
                .map(event -> event.eventTypeAsString() + " " + event.logicalResourceId() + " "
                        + event.resourceStatusAsString() + " " + event.operationStatusAsString())
                .toList();
    }

    private List<OperationEvent> events(String operation) {
        return stacks.describeEvents(r -> r.operationId(operation)).operationEvents();
    }

    @Test
    void eachOperationHasItsEvents() {
        CreateStackRequest request = CreateStackRequest.builder()
                .stackName("s")
                .templateBody(queue(30))
                .clientRequestToken("made")
                .build();
        String made = stacks.createStack(request).operationId();
        assertThat(stacks.createStack(request).operationId()).isEqualTo(made);
        assertThat(ends("CREATE_COMPLETE").lastOperations()).containsExactly(entry(OperationType.CREATE_STACK, made));

        String updated = stacks.updateStack(r -> r.stackName("s").templateBody(queue(40)))
                .operationId();
        ends("UPDATE_COMPLETE");
        server.restart();
        stacks = server.client(CloudFormationClient.class);

        assertThat(told(events(made)))
                .containsExactly(
                        "STACK_EVENT s CREATE_COMPLETE SUCCEEDED",
                        "PROGRESS_EVENT Queue CREATE_COMPLETE null",
                        "PROGRESS_EVENT Queue CREATE_IN_PROGRESS null",
                        "PROGRESS_EVENT Queue CREATE_IN_PROGRESS null",
                        "STACK_EVENT s CREATE_IN_PROGRESS IN_PROGRESS");
        assertThat(events(made)).allSatisfy(event -> {
            assertThat(event.operationType()).isEqualTo(OperationType.CREATE_STACK);
            assertThat(event.operationId()).isEqualTo(made);
            assertThat(event.clientRequestToken()).isEqualTo("made");
            assertThat(event.stackId()).isEqualTo(stack().stackId());
        });
        assertThat(events(updated)).extracting(OperationEvent::operationType).containsOnly(OperationType.UPDATE_STACK);
        List<StackEvent> all = stacks.describeStackEvents(r -> r.stackName("s")).stackEvents();
        assertThat(stacks.describeEvents(r -> r.stackName("s")).operationEvents())
                .extracting(OperationEvent::eventId)
                .containsExactlyElementsOf(all.stream().map(StackEvent::eventId).toList());
        assertThat(all).extracting(StackEvent::operationId).containsOnly(made, updated);
        assertThat(stacks.listStacks().stackSummaries().getFirst().lastOperations())
                .containsExactly(entry(OperationType.UPDATE_STACK, updated));
    }

    private static OperationEntry entry(OperationType type, String id) {
        return OperationEntry.builder().operationType(type).operationId(id).build();
    }

    @Test
    void goingBackIsAnOperationOfItsOwnAndFailuresAreFound() {
        String made = stacks.createStack(r -> r.stackName("s").templateBody(queue(-1)))
                .operationId();
        List<OperationEntry> operations = ends("ROLLBACK_COMPLETE").lastOperations();
        assertThat(operations).hasSize(2);
        assertThat(operations.getFirst().operationType()).isEqualTo(OperationType.ROLLBACK);
        assertThat(operations.getLast()).isEqualTo(entry(OperationType.CREATE_STACK, made));

        List<OperationEvent> failed = stacks.describeEvents(r -> r.stackName("s")
                        .filters(EventFilter.builder().failedEvents(true).build()))
                .operationEvents();
        assertThat(told(failed)).containsExactly("PROVISIONING_ERROR Queue CREATE_FAILED null");
        assertThat(failed.getFirst().operationId()).isEqualTo(made);
        assertThat(failed.getFirst().resourceStatusReason()).contains("VisibilityTimeout");
        List<OperationEvent> back = events(operations.getFirst().operationId());
        assertThat(told(back)).startsWith("STACK_EVENT s ROLLBACK_COMPLETE SUCCEEDED");
        assertThat(told(back)).endsWith("STACK_EVENT s ROLLBACK_IN_PROGRESS IN_PROGRESS");
        assertThat(stacks.describeEvents(r -> r.stackName("s").operationId(made))
                        .operationEvents())
                .isEqualTo(events(made));
    }

    @Test
    void aChangeSetIsMadeByAnOperation() {
        stacks.createStack(r -> r.stackName("s").templateBody(queue(30)));
        ends("CREATE_COMPLETE");
        stacks.createChangeSet(r -> r.stackName("s").changeSetName("good").templateBody(queue(40)));
        String bad = stacks.createChangeSet(
                        r -> r.stackName("s").changeSetName("bad").templateBody(queue(30)))
                .id();

        OperationEvent good = stacks.describeEvents(r -> r.stackName("s").changeSetName("good"))
                .operationEvents()
                .getFirst();
        assertThat(good.operationType()).isEqualTo(OperationType.CREATE_CHANGESET);
        assertThat(good.operationStatus()).isEqualTo(BeaconStackOperationStatus.SUCCEEDED);
        assertThat(events(good.operationId())).containsExactly(good);
        List<OperationEvent> failed = stacks.describeEvents(r -> r.changeSetName(bad)
                        .filters(EventFilter.builder().failedEvents(true).build()))
                .operationEvents();
        assertThat(failed).hasSize(1);
        assertThat(failed.getFirst().resourceStatusReason()).contains("didn't contain changes");
        assertThat(stacks.describeEvents(r -> r.stackName("s")
                                .changeSetName("good")
                                .filters(
                                        EventFilter.builder().failedEvents(true).build()))
                        .operationEvents())
                .isEmpty();

        DescribeChangeSetHooksResponse hooks =
                stacks.describeChangeSetHooks(r -> r.stackName("s").changeSetName("good"));
        assertThat(hooks.hooks()).isEmpty();
        assertThat(hooks.status()).isEqualTo(ChangeSetHooksStatus.PLANNED);
        assertThat(hooks.stackName()).isEqualTo("s");
        assertThat(stacks.describeChangeSetHooks(r -> r.changeSetName(bad)).status())
                .isEqualTo(ChangeSetHooksStatus.UNAVAILABLE);
        assertThatThrownBy(() ->
                        stacks.describeChangeSetHooks(r -> r.stackName("s").changeSetName("none")))
                .isInstanceOf(ChangeSetNotFoundException.class);
    }

    @Test
    void manyEventsComeInPages() {
        String notes = IntStream.range(0, 60)
                .mapToObj(i -> "  N" + i + ": {Type: AWS::CDK::Metadata}\n")
                .collect(Collectors.joining());
        String made = stacks.createStack(r -> r.stackName("s").templateBody("Resources:\n" + notes))
                .operationId();
        ends("CREATE_COMPLETE");
        assertThat(events(made)).hasSize(100);
        List<String> ids = stacks.describeEventsPaginator(r -> r.operationId(made)).operationEvents().stream()
                .map(OperationEvent::eventId)
                .toList();
        assertThat(ids)
                .containsExactlyElementsOf(
                        stacks.describeStackEventsPaginator(r -> r.stackName("s")).stackEvents().stream()
                                .map(StackEvent::eventId)
                                .toList());
    }

    @Test
    void whatIsNotThereIsRefused() {
        refused("One of ChangeSetName, OperationId or StackName must be specified", r -> r);
        refused("Operation [none] does not exist", r -> r.operationId("none"));
        refused("Stack [none] does not exist", r -> r.stackName("none"));
    }

    private void refused(String message, java.util.function.UnaryOperator<DescribeEventsRequest.Builder> request) {
        DescribeEventsRequest asked =
                request.apply(DescribeEventsRequest.builder()).build();
        assertThatThrownBy(() -> stacks.describeEvents(asked))
                .isInstanceOf(AwsServiceException.class)
                .hasMessageContaining(message);
    }
}

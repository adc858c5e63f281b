package dev.terrane.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudformation.model.*;

/** Operations on stack sets: their order, failures, ends and restarts, in one account and towards accounts that are not there. */
class StackSetOperationsTest extends StackSetFleet {
    @Test
    void withoutTheRolesEachInstanceSaysWhichIsMissing() {
        set("fleet");
        String first = create(EAST);
        assertThat(ended(first).status()).isEqualTo(StackSetOperationStatus.FAILED);
        assertThat(results(first).getFirst().statusReason())
                .isEqualTo("Account 123456789012 should have '" + ADMINISTRATION
                        + "' role with trust relationship to CloudFormation service.");
        assertThat(instance(EAST).status()).isEqualTo(StackInstanceStatus.OUTDATED);

        roles();
        String second = create(List.of(ELSEWHERE), p -> {}, EAST);
        assertThat(ended(second).status()).isEqualTo(StackSetOperationStatus.FAILED);
        assertThat(results(second).getFirst().statusReason())
                .isEqualTo("Account 999999999999 should have '" + EXECUTION + "' role with trust relationship to Role '"
                        + ADMINISTRATION + "'.");

        succeeds(create(EAST));
    }

    @Test
    void whatTheExecutionRoleMayNotDoTheStackMayNot() {
        roles();
        allow("cloudformation:*");
        set("fleet");
        String id = create(EAST);

        assertThat(ended(id).status()).isEqualTo(StackSetOperationStatus.FAILED);
        assertThat(operation(id).statusDetails().failedStackInstancesCount()).isEqualTo(1);
        assertThat(results(id).getFirst().statusReason())
                .startsWith("ResourceLogicalId:Queue, ResourceType:AWS::SQS::Queue, ResourceStatusReason:")
                .contains("is not authorized to perform: sqs:");
        assertThat(instance(EAST).stackInstanceStatus().detailedStatus()).isEqualTo(StackInstanceDetailedStatus.FAILED);
        String failed = instance(EAST).stackId();

        allow("cloudformation:*", "sqs:*");
        succeeds(create(EAST));
        assertThat(instance(EAST).stackId()).isNotEqualTo(failed);
        assertThat(timeout(EAST)).isEqualTo("30");
    }

    @Test
    void moreFailuresThanToleratedEndTheOperation() {
        roles();
        set("fleet");
        List<String> accounts = List.of(TestServer.ACCOUNT, ELSEWHERE, "888888888888");
        String strict = create(accounts, p -> p.regionOrder(WEST, EAST), EAST, WEST);

        assertThat(ended(strict).status()).isEqualTo(StackSetOperationStatus.FAILED);
        assertThat(told(results(strict)))
                .containsExactly(
                        "123456789012 eu-west-1 SUCCEEDED",
                        "123456789012 us-east-1 CANCELLED",
                        "888888888888 eu-west-1 CANCELLED",
                        "888888888888 us-east-1 CANCELLED",
                        "999999999999 eu-west-1 FAILED",
                        "999999999999 us-east-1 CANCELLED");
        assertThat(results(strict).getLast().statusReason())
                .isEqualTo("Cancelled since failure tolerance has exceeded");

        String tolerant = create(accounts, p -> p.failureTolerancePercentage(70).maxConcurrentCount(3), EAST, WEST);
        assertThat(ended(tolerant).status()).isEqualTo(StackSetOperationStatus.SUCCEEDED);
        assertThat(operation(tolerant).statusDetails().failedStackInstancesCount())
                .isEqualTo(4);
        assertThat(instance(EAST).status()).isEqualTo(StackInstanceStatus.CURRENT);
        assertThat(sets().listStackSetOperationResults(r -> r.stackSetName("fleet")
                                .operationId(tolerant)
                                .filters(OperationResultFilter.builder()
                                        .name(OperationResultFilterName.OPERATION_RESULT_STATUS)
                                        .values("FAILED")
                                        .build()))
                        .summaries())
                .hasSize(4);
        assertThat(sets().listStackInstances(r -> r.stackSetName("fleet")
                                .filters(StackInstanceFilter.builder()
                                        .name(StackInstanceFilterName.DETAILED_STATUS)
                                        .values("SUCCEEDED")
                                        .build()))
                        .summaries())
                .extracting(StackInstanceSummary::region)
                .containsExactly(WEST, EAST);
    }

    /** A template whose stack waits for a signal that nobody gives. */
    private static final String WAITING = """
            Resources:
              Handle: {Type: AWS::CloudFormation::WaitConditionHandle}
              Wait:
                Type: AWS::CloudFormation::WaitCondition
                Properties: {Handle: !Ref Handle, Timeout: "120"}
            """;

    @Test
    void anOperationThatIsStoppedFinishesWhatItHasBegun() {
        roles();
        sets().createStackSet(r -> r.stackSetName("fleet").templateBody(WAITING));
        String id = create(EAST, WEST);
        TestServer.await(() -> !results(id).isEmpty() && instance(EAST).stackId() != null);
        assertThatThrownBy(() -> create(NORTH))
                .isInstanceOf(OperationInProgressException.class)
                .hasMessageContaining("Another Operation on StackSet arn:aws:cloudformation:us-east-1:123456789012:"
                        + "stackset/fleet:");
        assertThatThrownBy(() -> sets().deleteStackSet(r -> r.stackSetName("fleet")))
                .isInstanceOf(OperationInProgressException.class);

        sets().stopStackSetOperation(r -> r.stackSetName("fleet").operationId(id));
        assertThat(operation(id).status()).isEqualTo(StackSetOperationStatus.STOPPING);

        assertThat(ended(id).status()).isEqualTo(StackSetOperationStatus.STOPPED);
        assertThat(told(results(id)))
                .containsExactly("123456789012 eu-west-1 CANCELLED", "123456789012 us-east-1 FAILED");
        assertThatThrownBy(() -> sets().stopStackSetOperation(
                                r -> r.stackSetName("fleet").operationId(id)))
                .isInstanceOf(InvalidOperationException.class);
    }

    @Test
    void withManagedExecutionOperationsQueue() {
        roles();
        sets().createStackSet(r -> r.stackSetName("fleet")
                .templateBody(TEMPLATE)
                .managedExecution(ManagedExecution.builder().active(true).build()));
        String first = create(EAST);
        String second = create(WEST);
        String third = sets().updateStackSet(
                        r -> r.stackSetName("fleet").usePreviousTemplate(true).parameters(seconds("70")))
                .operationId();

        succeeds(third);
        assertThat(operation(first).status()).isEqualTo(StackSetOperationStatus.SUCCEEDED);
        assertThat(operation(second).status()).isEqualTo(StackSetOperationStatus.SUCCEEDED);
        assertThat(timeout(WEST)).isEqualTo("70");
        assertThat(sets().listStackSetOperations(r -> r.stackSetName("fleet")).summaries())
                .extracting(StackSetOperationSummary::operationId)
                .containsExactly(third, second, first);
    }

    @Test
    void anOperationGoesOnWhereverTheServerEnds() {
        roles();
        set("fleet");
        String id = create(List.of(TestServer.ACCOUNT), p -> p.maxConcurrentCount(1), EAST, WEST, NORTH);
        for (int i = 0; i < 6; i++) {
            server.advance(Duration.ofMillis(300));
            server.restart();
        }
        succeeds(id);
        for (String region : List.of(EAST, WEST, NORTH)) {
            assertThat(stacks(region).listStacks().stackSummaries())
                    .extracting(StackSummary::stackStatus)
                    .containsExactly(StackStatus.CREATE_COMPLETE);
        }
    }

    @Test
    void anIdIsOfOneOperation() {
        roles();
        set("fleet");
        CreateStackInstancesRequest request = CreateStackInstancesRequest.builder()
                .stackSetName("fleet")
                .accounts(TestServer.ACCOUNT)
                .regions(EAST)
                .operationId("once")
                .build();
        sets().createStackInstances(request);
        assertThat(sets().createStackInstances(request).operationId()).isEqualTo("once");
        assertThatThrownBy(() -> sets().createStackInstances(
                                request.toBuilder().regions(WEST).build()))
                .isInstanceOf(OperationIdAlreadyExistsException.class);
        succeeds("once");
        succeeds(create(WEST));
        assertThatThrownBy(() -> sets().createStackInstances(request)).isInstanceOf(StaleRequestException.class);
    }

    @Test
    void betweenWhicheverCommitsTheServerIsKilledTheOperationGoesOn() {
        roles();
        set("fleet");
        boolean killed = true;
        for (int commits = 1; killed; commits += 5) {
            String id = create(EAST, WEST);
            server.crashAfter(commits);
            TestServer.await(() -> {
                server.advance(Duration.ofMillis(500));
                return crashedOrEnded(id);
            });
            killed = server.crashed();
            server.restart();
            succeeds(id);
            assertThat(stacks(WEST)
                            .listStacks(r -> r.stackStatusFilters(StackStatus.CREATE_COMPLETE))
                            .stackSummaries())
                    .hasSize(1);
            succeeds(delete(false, EAST, WEST));
            // SQS lets a queue's name be used again after a minute.
            server.advance(Duration.ofSeconds(61));
        }
    }

    private boolean crashedOrEnded(String id) {
        try {
            return server.crashed() || operation(id).endTimestamp() != null;
        } catch (RuntimeException e) {
            // A call that comes between the crash and its being noticed fails with it.
            assertThat(server.crashed()).as("%s", e).isTrue();
            return true;
        }
    }

    @Test
    void operationsThatComeAtOnceAllHaveTheirTurn() {
        roles();
        sets().createStackSet(r -> r.stackSetName("fleet")
                .templateBody(TEMPLATE)
                .managedExecution(ManagedExecution.builder().active(true).build()));
        List<String> ids = IntStream.range(0, 12)
                .parallel()
                .mapToObj(i -> create(i % 2 == 0 ? EAST : WEST))
                .toList();
        ids.forEach(this::succeeds);
        assertThat(sets().listStackSetOperations(r -> r.stackSetName("fleet")).summaries())
                .hasSize(12);
    }
}

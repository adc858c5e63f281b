package dev.terrane.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.model.*;

/** Stack sets that stacks make. */
class StackSetStacksTest extends StackSetFleet {
    /** A set of queues, with what its groups are. */
    private static String template(String groups) {
        return """
                Resources:
                  Set:
                    Type: AWS::CloudFormation::StackSet
                    Properties:
                      StackSetName: fleet
                      PermissionModel: SELF_MANAGED
                      TemplateBody: |
                %s
                      StackInstancesGroup:
                %s
                Outputs:
                  Id: {Value: !Ref Set}
                  Same: {Value: !GetAtt Set.StackSetId}
                """.formatted(TEMPLATE.indent(10).stripTrailing(), groups);
    }

    private static String in(String... regions) {
        return """
                          - DeploymentTargets: {Accounts: [!Ref AWS::AccountId]}
                            Regions: [%s]
                """.formatted(String.join(", ", regions));
    }

    private static String overriding(String seconds, String... regions) {
        return in(regions) + "            ParameterOverrides: [{ParameterKey: Seconds, ParameterValue: \"" + seconds
                + "\"}]\n";
    }

    private Stack stack() {
        return sets().describeStacks(r -> r.stackName("outer")).stacks().getFirst();
    }

    private Stack settled(String status) {
        TestServer.await(() -> {
            server.advance(Duration.ofMillis(500));
            return !stack().stackStatusAsString().endsWith("_IN_PROGRESS");
        });
        assertThat(stack().stackStatusAsString()).as(String.valueOf(told())).isEqualTo(status);
        return stack();
    }

    private List<String> told() {
        return sets().describeStackEvents(r -> r.stackName("outer")).stackEvents().stream()
                .filter(event -> event.logicalResourceId().equals("Set") && event.resourceStatusReason() != null)
                .map(event -> event.resourceStatusAsString() + " " + event.resourceStatusReason())
                .toList();
    }

    private void createStack(String groups) {
        sets().createStack(r -> r.stackName("outer").templateBody(template(groups)));
    }

    private void updateStack(String groups) {
        sets().updateStack(r -> r.stackName("outer").templateBody(template(groups)));
    }

    private List<String> regions() {
        return sets().listStackInstances(r -> r.stackSetName("fleet")).summaries().stream()
                .map(StackInstanceSummary::region)
                .toList();
    }

    @Test
    void instancesComeAndGoAsTheGroupsSay() {
        roles();
        createStack(in(EAST, WEST));
        Stack made = settled("CREATE_COMPLETE");
        String id =
                sets().describeStackSet(r -> r.stackSetName("fleet")).stackSet().stackSetId();
        assertThat(made.outputs()).extracting(Output::outputValue).containsExactly(id, id);
        assertThat(regions()).containsExactly(WEST, EAST);
        String kept = instance(WEST).stackId();

        updateStack(in(NORTH) + overriding("45", WEST));
        settled("UPDATE_COMPLETE");
        assertThat(regions()).containsExactly(NORTH, WEST);
        assertThat(timeout(NORTH)).isEqualTo("30");
        assertThat(timeout(WEST)).isEqualTo("45");
        assertThat(instance(WEST).stackId()).isEqualTo(kept);
        assertThat(sqs(EAST).listQueues().queueUrls()).isEmpty();

        updateStack(in(NORTH, WEST));
        settled("UPDATE_COMPLETE");
        assertThat(timeout(WEST)).isEqualTo("30");

        sets().deleteStack(r -> r.stackName("outer"));
        gone();
        assertThat(sqs(WEST).listQueues().queueUrls()).isEmpty();
        assertThat(sets().listStackSets(r -> r.status(StackSetStatus.ACTIVE)).summaries())
                .isEmpty();
    }

    private void gone() {
        TestServer.await(() -> {
            server.advance(Duration.ofMillis(500));
            return isGone();
        });
    }

    private boolean isGone() {
        try {
            assertThat(stack().stackStatus()).isEqualTo(StackStatus.DELETE_IN_PROGRESS);
            return false;
        } catch (AwsServiceException e) {
            return true;
        }
    }

    @Test
    void anOperationThatFailsFailsTheResourceWithItsReason() {
        createStack(in(EAST));
        settled("ROLLBACK_COMPLETE");
        assertThat(told())
                .anySatisfy(event -> assertThat(event)
                        .startsWith("CREATE_FAILED Resource handler returned message: \"Stack set operation [")
                        .contains("] was unexpectedly stopped or failed. status reason(s): [Account 123456789012 should"
                                + " have 'AWSCloudFormationStackSetAdministrationRole' role")
                        .contains("HandlerErrorCode: NotStabilized"));
        assertThat(sets().listStackSets(r -> r.status(StackSetStatus.ACTIVE)).summaries())
                .isEmpty();
    }

    @Test
    void anUpdateThatFailsGoesBackToTheInstancesOfBefore() {
        roles();
        createStack(in(EAST));
        settled("CREATE_COMPLETE");
        // A queue of that name cannot be made by the set.
        sqs(NORTH).createQueue(r -> r.queueName("work"));

        updateStack(in(EAST, WEST, NORTH));
        settled("UPDATE_ROLLBACK_COMPLETE");

        assertThat(regions()).containsExactly(EAST);
        assertThat(timeout(EAST)).isEqualTo("30");
        assertThat(sqs(WEST).listQueues().queueUrls()).isEmpty();
    }

    @Test
    void instancesOfOthersAreDriftAndKeepTheSet() {
        roles();
        createStack(in(EAST));
        settled("CREATE_COMPLETE");
        succeeds(create(WEST));

        StackResourceDrift drift = sets().detectStackResourceDrift(
                        r -> r.stackName("outer").logicalResourceId("Set"))
                .stackResourceDrift();
        assertThat(drift.propertyDifferences())
                .extracting(PropertyDifference::propertyPath)
                .allMatch(path -> path.startsWith("/StackInstancesGroup"))
                .isNotEmpty();

        sets().deleteStack(r -> r.stackName("outer"));
        settled("DELETE_FAILED");
        assertThat(told()).anyMatch(event -> event.contains("StackSet is not empty"));
        assertThat(regions()).containsExactly(WEST);
        succeeds(delete(false, WEST));
        sets().deleteStack(r -> r.stackName("outer"));
        gone();
    }

    @Test
    void anOperationOfSomebodyElseIsWaitedFor() {
        roles();
        createStack(in(EAST));
        settled("CREATE_COMPLETE");
        String other = sets().detectStackSetDrift(r -> r.stackSetName("fleet")).operationId();
        updateStack(in(EAST, WEST));
        settled("UPDATE_COMPLETE");
        succeeds(other);
        assertThat(regions()).containsExactly(WEST, EAST);

        sets().detectStackSetDrift(r -> r.stackSetName("fleet"));
        sets().deleteStack(r -> r.stackName("outer"));
        gone();
    }

    @Test
    void whatThereIsNotIsRefusedByName() {
        String units = in(EAST).replace("{Accounts:", "{OrganizationalUnitIds: [ou-abcd-12345678], Accounts:");
        refused("OrganizationalUnitIds", template(units));
        refused(
                "AutoDeployment",
                template(in(EAST))
                        .replace(
                                "PermissionModel: SELF_MANAGED",
                                "PermissionModel: SERVICE_MANAGED\n      AutoDeployment: {Enabled: true}"));
        failing(
                template(in(EAST)).replace("SELF_MANAGED", "SERVICE_MANAGED"),
                "PermissionModel SERVICE_MANAGED is not supported here");
        failing(template(in(EAST) + in(WEST, EAST)), "more than one stack instance in account [123456789012]");
        failing(template(in()), "Accounts and Regions must be specified.");
    }

    private void failing(String template, String reason) {
        sets().createStack(r -> r.stackName("outer").templateBody(template));
        settled("ROLLBACK_COMPLETE");
        assertThat(told()).anyMatch(event -> event.contains(reason));
        sets().deleteStack(r -> r.stackName("outer"));
        gone();
    }

    private void refused(String property, String template) {
        assertThatThrownBy(() -> sets().createStack(r -> r.stackName("outer").templateBody(template)))
                .isInstanceOf(AwsServiceException.class)
                .hasMessageContaining(property);
    }

    @Test
    void betweenWhicheverCommitsTheServerIsKilledTheSetIsMade() {
        roles();
        boolean killed = true;
        for (int commits = 2; killed; commits += 17) {
            createStack(in(EAST, WEST));
            server.crashAfter(commits);
            TestServer.await(() -> {
                server.advance(Duration.ofMillis(500));
                return crashedOrEnded();
            });
            killed = server.crashed();
            server.restart();
            settled("CREATE_COMPLETE");
            assertThat(regions()).containsExactly(WEST, EAST);
            assertThat(sets().listStackSetOperations(r -> r.stackSetName("fleet"))
                            .summaries())
                    .hasSize(1);
            sets().deleteStack(r -> r.stackName("outer"));
            gone();
            // SQS lets a queue's name be used again after a minute.
            server.advance(Duration.ofSeconds(61));
        }
    }

    private boolean crashedOrEnded() {
        try {
            return server.crashed() || !stack().stackStatusAsString().endsWith("_IN_PROGRESS");
        } catch (RuntimeException e) {
            // A call that comes between the crash and its being noticed fails with it.
            assertThat(server.crashed()).as("%s", e).isTrue();
            return true;
        }
    }
}

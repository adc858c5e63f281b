package dev.terrane.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.call.Scope;
import dev.terrane.testkit.TestIdentities;
import dev.terrane.testkit.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.*;

/** Stack sets with self-managed permissions: what becomes of sets and instances. */
class StackSetsTest extends StackSetFleet {
    @Test
    void instancesAreMadeChangedAndDeletedInTheirRegions() {
        roles();
        set("fleet");
        succeeds(create(EAST, WEST));

        StackInstance west = instance(WEST);
        assertThat(west.status()).isEqualTo(StackInstanceStatus.CURRENT);
        assertThat(west.stackInstanceStatus().detailedStatus()).isEqualTo(StackInstanceDetailedStatus.SUCCEEDED);
        Stack stack = stacks(WEST)
                .describeStacks(r -> r.stackName(west.stackId()))
                .stacks()
                .getFirst();
        assertThat(stack.stackName()).matches("StackSet-fleet-[0-9a-f-]{36}");
        assertThat(timeout(EAST)).isEqualTo("30");
        assertThat(sets().describeStackSet(r -> r.stackSetName("fleet")).stackSet())
                .satisfies(set -> {
                    assertThat(set.regions()).containsExactly(WEST, EAST);
                    assertThat(set.parameters()).containsExactly(seconds("30"));
                    assertThat(set.permissionModel()).isEqualTo(PermissionModels.SELF_MANAGED);
                    assertThat(set.administrationRoleARN()).endsWith(":role/" + ADMINISTRATION);
                    assertThat(set.executionRoleName()).isEqualTo(EXECUTION);
                });

        succeeds(sets().updateStackInstances(r -> r.stackSetName("fleet")
                        .accounts(TestServer.ACCOUNT)
                        .regions(WEST)
                        .parameterOverrides(seconds("45")))
                .operationId());
        assertThat(timeout(WEST)).isEqualTo("45");
        assertThat(instance(WEST).parameterOverrides()).containsExactly(seconds("45"));

        succeeds(sets().updateStackSet(
                        r -> r.stackSetName("fleet").usePreviousTemplate(true).parameters(seconds("60")))
                .operationId());
        assertThat(timeout(EAST)).isEqualTo("60");
        assertThat(timeout(WEST)).isEqualTo("45");

        assertThatThrownBy(() -> sets().deleteStackSet(r -> r.stackSetName("fleet")))
                .isInstanceOf(StackSetNotEmptyException.class);
        succeeds(delete(false, EAST, WEST));
        assertThat(sqs(EAST).listQueues().queueUrls()).isEmpty();
        assertThat(sqs(WEST).listQueues().queueUrls()).isEmpty();
        sets().deleteStackSet(r -> r.stackSetName("fleet"));
        assertThatThrownBy(() -> sets().describeStackSet(r -> r.stackSetName("fleet")))
                .isInstanceOf(StackSetNotFoundException.class);
        assertThat(sets().listStackSets(r -> r.status(StackSetStatus.DELETED)).summaries())
                .extracting(StackSetSummary::stackSetName)
                .containsExactly("fleet");
    }

    @Test
    void anUpdateOfSomeInstancesLeavesTheOthersOutdated() {
        roles();
        set("fleet");
        succeeds(create(EAST, WEST));

        succeeds(sets().updateStackSet(r -> r.stackSetName("fleet")
                        .templateBody(TEMPLATE)
                        .parameters(seconds("50"))
                        .accounts(TestServer.ACCOUNT)
                        .regions(EAST))
                .operationId());

        assertThat(instance(EAST).status()).isEqualTo(StackInstanceStatus.CURRENT);
        assertThat(instance(WEST).status()).isEqualTo(StackInstanceStatus.OUTDATED);
        assertThat(timeout(WEST)).isEqualTo("30");
        assertThatThrownBy(() -> sets().updateStackSet(r -> r.stackSetName("fleet")
                        .usePreviousTemplate(true)
                        .accounts(TestServer.ACCOUNT)
                        .regions(NORTH)))
                .isInstanceOf(StackInstanceNotFoundException.class);
    }

    @Test
    void driftIsFoundInEachInstance() {
        roles();
        set("fleet");
        succeeds(create(EAST, WEST));
        String url = sqs(WEST).getQueueUrl(r -> r.queueName("work")).queueUrl();
        sqs(WEST).setQueueAttributes(r -> r.queueUrl(url).attributesWithStrings(Map.of("VisibilityTimeout", "99")));

        String id = sets().detectStackSetDrift(r -> r.stackSetName("fleet")).operationId();
        succeeds(id);

        StackSetDriftDetectionDetails found =
                sets().describeStackSet(r -> r.stackSetName("fleet")).stackSet().stackSetDriftDetectionDetails();
        assertThat(found.driftStatus()).isEqualTo(StackSetDriftStatus.DRIFTED);
        assertThat(found.driftDetectionStatus()).isEqualTo(StackSetDriftDetectionStatus.COMPLETED);
        assertThat(found.driftedStackInstancesCount()).isEqualTo(1);
        assertThat(found.inSyncStackInstancesCount()).isEqualTo(1);
        assertThat(instance(WEST).driftStatus()).isEqualTo(StackDriftStatus.DRIFTED);
        assertThat(instance(WEST).status()).isEqualTo(StackInstanceStatus.CURRENT);
        StackInstanceResourceDriftsSummary drift = sets().listStackInstanceResourceDrifts(r -> r.stackSetName("fleet")
                        .operationId(id)
                        .stackInstanceAccount(TestServer.ACCOUNT)
                        .stackInstanceRegion(WEST))
                .summaries()
                .getFirst();
        assertThat(drift.propertyDifferences())
                .extracting(PropertyDifference::actualValue)
                .containsExactly("99");
    }

    @Test
    void instancesAreLetGoWithTheirStacksKeptAndTakenAgain() {
        roles();
        set("fleet");
        succeeds(create(EAST));
        String stack = instance(EAST).stackId();
        succeeds(delete(true, EAST));
        assertThat(timeout(EAST)).isEqualTo("30");
        sets().deleteStackSet(r -> r.stackSetName("fleet"));

        sets().createStackSet(
                        r -> r.stackSetName("fleet").templateBody(TEMPLATE).parameters(seconds("31")));
        succeeds(sets().importStacksToStackSet(r -> r.stackSetName("fleet").stackIds(stack))
                .operationId());
        assertThat(instance(EAST).stackId()).isEqualTo(stack);
        assertThat(instance(EAST).parameterOverrides())
                .extracting(Parameter::parameterValue)
                .containsExactly("30");
        assertThat(instance(EAST).status()).isEqualTo(StackInstanceStatus.CURRENT);
    }

    @Test
    void aStackThatCannotBeDeletedMakesItsInstanceInoperable() {
        roles();
        set("fleet");
        succeeds(create(EAST));
        allow("cloudformation:*");
        String id = delete(false, EAST);
        assertThat(ended(id).status()).isEqualTo(StackSetOperationStatus.FAILED);
        assertThat(instance(EAST).status()).isEqualTo(StackInstanceStatus.INOPERABLE);
        succeeds(delete(true, EAST));
        assertThat(sets().listStackInstances(r -> r.stackSetName("fleet")).summaries())
                .isEmpty();
    }

    @Test
    void listsArePaged() {
        roles();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String name = "set" + i;
            set(name);
            names.add(name);
        }
        assertThat(sets().listStackSetsPaginator(r -> r.maxResults(2)).summaries())
                .extracting(StackSetSummary::stackSetName)
                .containsExactlyElementsOf(names);
        set("fleet");
        String id = create(List.of(TestServer.ACCOUNT, ELSEWHERE), p -> p.failureToleranceCount(1), EAST, WEST, NORTH);
        ended(id);
        assertThat(sets().listStackInstancesPaginator(
                                r -> r.stackSetName("fleet").maxResults(2))
                        .summaries())
                .hasSize(6);
        assertThat(sets().listStackSetOperationResultsPaginator(
                                r -> r.stackSetName("fleet").operationId(id).maxResults(4))
                        .summaries())
                .hasSize(6);
        assertThatThrownBy(() -> sets().listStackSets(r -> r.nextToken("forged")))
                .isInstanceOf(AwsServiceException.class)
                .hasMessageContaining("NextToken");
    }

    @Test
    void whatCannotBeIsRefused() {
        set("fleet");
        assertThatThrownBy(() -> set("fleet")).isInstanceOf(NameAlreadyExistsException.class);
        refused(
                "SERVICE_MANAGED",
                () -> sets().createStackSet(r -> r.stackSetName("other")
                        .templateBody(TEMPLATE)
                        .permissionModel(PermissionModels.SERVICE_MANAGED)));
        refused("Regions [nowhere-1] are not supported", () -> create("nowhere-1"));
        refused(
                "but not both",
                () -> create(
                        List.of(TestServer.ACCOUNT),
                        p -> p.failureToleranceCount(1).failureTolerancePercentage(10),
                        EAST));
        refused(
                "Parameters: [None] do not exist in the template",
                () -> sets().createStackInstances(r -> r.stackSetName("fleet")
                        .accounts(TestServer.ACCOUNT)
                        .regions(EAST)
                        .parameterOverrides(Parameter.builder()
                                .parameterKey("None")
                                .parameterValue("1")
                                .build())));
        refused(
                "AWS::SQS::Queu",
                () -> sets().createStackSet(r ->
                        r.stackSetName("other").templateBody("{\"Resources\":{\"Q\":{\"Type\":\"AWS::SQS::Queu\"}}}")));
        assertThatThrownBy(() -> sets().describeStackSet(r -> r.stackSetName("none")))
                .isInstanceOf(StackSetNotFoundException.class);
        assertThatThrownBy(() -> operation("none")).isInstanceOf(OperationNotFoundException.class);
        assertThatThrownBy(() -> instance(EAST)).isInstanceOf(StackInstanceNotFoundException.class);
    }

    private static void refused(String message, Runnable request) {
        assertThatThrownBy(request::run).isInstanceOf(AwsServiceException.class).hasMessageContaining(message);
    }

    @Test
    void whoMayNotPassTheAdministrationRoleMayNotNameIt() {
        CloudFormationClient limited = server.clientWith(
                CloudFormationClient.class,
                TestIdentities.EVERYTHING.replace(
                        "\"Statement\":[",
                        "\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"iam:PassRole\",\"Resource\":\"*\"},"));
        assertThatThrownBy(() -> limited.createStackSet(r -> r.stackSetName("other")
                        .templateBody(TEMPLATE)
                        .administrationRoleARN("arn:aws:iam::123456789012:role/mine")))
                .isInstanceOf(AwsServiceException.class)
                .hasMessageContaining("iam:PassRole");
    }

    @Test
    void theSummaryOfASetsTemplateIsThatOfItsTemplate() {
        set("fleet");
        assertThat(sets().getTemplateSummary(r -> r.stackSetName("fleet")).resourceTypes())
                .containsExactly("AWS::SQS::Queue");
        assertThat(server.trail(new Scope(TestServer.ACCOUNT, EAST), TestServer.START))
                .isNotEmpty();
    }
}

package dev.terrane.cloudformation;

import dev.terrane.iam.IamService;
import dev.terrane.sns.SnsService;
import dev.terrane.sqs.SqsService;
import dev.terrane.ssm.SsmService;
import dev.terrane.sts.StsService;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Exceptions;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import dev.terrane.testkit.contract.Tagging;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.StackDefinition;
import software.amazon.awssdk.services.cloudformation.model.StackDriftDetectionStatus;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;
import software.amazon.awssdk.services.cloudformation.model.Tag;

final class CloudFormationContractTest extends ServiceContractSuite<CloudFormationClient> {
    private static final String TEMPLATE = """
            {"Resources":{"Note":{"Type":"AWS::CDK::Metadata","Properties":{"Analytics":"%s"}}},\
            "Outputs":{"One":{"Value":"1","Export":{"Name":{"Fn::Sub":"${AWS::StackName}-one"}}}}}""";

    CloudFormationContractTest() {
        super(CloudFormationClient.class);
    }

    @Override
    protected TestServer start() {
        return TestServer.with(
                CloudFormationService::new,
                SqsService::new,
                SnsService::new,
                SsmService::new,
                IamService::new,
                StsService::new);
    }

    @Override
    protected Names example(CloudFormationClient stacks, String name) {
        stacks.createStack(r -> r.stackName(name)
                .templateBody(TEMPLATE.formatted(name))
                .tags(Tag.builder().key("made").value("here").build()));
        TestServer.await(() -> stacks.describeStacks(r -> r.stackName(name))
                        .stacks()
                        .getFirst()
                        .stackStatus()
                == StackStatus.CREATE_COMPLETE);
        String stackId = stacks.describeStacks(r -> r.stackName(name))
                .stacks()
                .getFirst()
                .stackId();
        stacks.createStack(r -> r.stackName("user-of-" + name)
                .templateBody("{\"Resources\":{\"Note\":{\"Type\":\"AWS::CDK::Metadata\",\"Metadata\":"
                        + "{\"a\":{\"Fn::ImportValue\":\"" + name + "-one\"}}}}}"));
        TestServer.await(() -> !stacks.listExports().exports().isEmpty()
                && stacks.describeStacks(r -> r.stackName("user-of-" + name))
                                .stacks()
                                .getFirst()
                                .stackStatus()
                        == StackStatus.CREATE_COMPLETE);
        stacks.createChangeSet(
                r -> r.stackName(name).changeSetName("set").templateBody(TEMPLATE.formatted(name + "-changed")));
        String detection = stacks.detectStackDrift(r -> r.stackName(name)).stackDriftDetectionId();
        TestServer.await(() -> stacks.describeStackDriftDetectionStatus(r -> r.stackDriftDetectionId(detection))
                        .detectionStatus()
                == StackDriftDetectionStatus.DETECTION_COMPLETE);
        String operation = stackSet(stacks, name);
        List<StackDefinition> renamed = List.of(StackDefinition.builder()
                .stackName(name)
                .templateBody(TEMPLATE.formatted(name).replace("Note", "Renamed"))
                .build());
        String refactor =
                stacks.createStackRefactor(r -> r.stackDefinitions(renamed)).stackRefactorId();
        return Names.of("StackName", name)
                .and("StackSetName", name)
                .and("CreateStackSet.StackSetName", "another-" + name)
                .and("CreateStackSet.TemplateBody", TEMPLATE.formatted("else"))
                .and("UpdateStackSet.TemplateBody", TEMPLATE.formatted("else"))
                .and("DescribeStackSetOperation.OperationId", operation)
                .and("ListStackSetOperationResults.OperationId", operation)
                .and("ListStackInstanceResourceDrifts.OperationId", operation)
                .and("StopStackSetOperation.OperationId", operation)
                .and("StackInstanceAccount", TestServer.ACCOUNT)
                .and("StackInstanceRegion", "eu-west-1")
                .and("Accounts", TestServer.ACCOUNT)
                .and("Regions", "eu-west-1")
                .and("CreateStackInstances.Accounts", TestServer.ACCOUNT)
                .and("UpdateStackInstances.Accounts", TestServer.ACCOUNT)
                .and("DeleteStackInstances.Accounts", TestServer.ACCOUNT)
                .and("RetainStacks", true)
                .and("ImportStacksToStackSet.StackIds", List.of(stackId))
                .and("StackRefactorId", refactor)
                .and("CreateStackRefactor.StackDefinitions", renamed)
                .and("ChangeSetName", "set")
                .and("CreateChangeSet.ChangeSetName", "another")
                .and("CreateChangeSet.TemplateBody", TEMPLATE.formatted("else"))
                .and("DeleteChangeSet.StackName", name)
                .and("DescribeChangeSet.StackName", name)
                .and("DescribeChangeSetHooks.StackName", name)
                .and("DescribeEvents.StackName", name)
                .and("ExecuteChangeSet.StackName", name)
                .and("DescribeStackResources.StackName", name)
                .and("GetTemplate.StackName", name)
                .and("LogicalResourceId", "Note")
                .and("ExportName", name + "-one")
                .and("StackDriftDetectionId", detection)
                .and("TemplateBody", TEMPLATE.formatted("else"))
                .and("TypeName", "AWS::SQS::Queue")
                .and("DescribeType.Type", "RESOURCE")
                .and("ListTypeVersions.Type", "RESOURCE")
                .and("ListTypes.Visibility", "PUBLIC")
                .and("VersionId", "00000001")
                .and("Arn", "arn:aws:cloudformation:us-east-1::type/resource/AWS-SQS-Queue");
    }

    /** A stack set with instances in three regions.
     *
     * @return the operation that tried to make them: there are no roles that would let it in */
    private static String stackSet(CloudFormationClient stacks, String name) {
        stacks.createStackSet(r -> r.stackSetName(name)
                .templateBody(TEMPLATE.formatted(name))
                .tags(Tag.builder().key("made").value("here").build()));
        String operation = stacks.createStackInstances(r -> r.stackSetName(name)
                        .accounts(TestServer.ACCOUNT)
                        .regions("eu-west-1", "eu-west-2", "eu-west-3"))
                .operationId();
        TestServer.await(
                () -> stacks.describeStackSetOperation(r -> r.stackSetName(name).operationId(operation))
                                .stackSetOperation()
                                .endTimestamp()
                        != null);
        return operation;
    }

    @Override
    protected Missing missing() {
        return Missing.none()
                .and("StackName", "none", "ValidationError")
                .and("StackSetName", "none", "StackSetNotFoundException")
                .and("StackInstanceRegion", "us-west-2", "StackInstanceNotFoundException")
                .and("DescribeStackSetOperation.OperationId", "none", "OperationNotFoundException")
                .and("ListStackSetOperationResults.OperationId", "none", "OperationNotFoundException")
                .and("ListStackInstanceResourceDrifts.OperationId", "none", "OperationNotFoundException")
                .and("StopStackSetOperation.OperationId", "none", "OperationNotFoundException")
                .and("StackRefactorId", "none", "StackRefactorNotFoundException")
                .and("ExportName", "none", "ValidationError")
                .and("StackDriftDetectionId", "none", "ValidationError")
                .and("DescribeType.TypeName", "AWS::SQS::None", "TypeNotFoundException")
                .and("ListTypeVersions.TypeName", "AWS::SQS::None", "CFNRegistryException");
    }

    @Override
    protected Set<String> codes() {
        // DeleteStackSet answers it as the other operations on stack sets do.
        return Set.of("ValidationError", "StackSetNotFoundException", "StackRefactorNotFoundException");
    }

    @Override
    protected List<Tagging> tagging() {
        return List.of();
    }

    @Override
    protected void exceptions(Exceptions except) {
        String again =
                "to detect drift counts as reading in AWS, so it was done again meanwhile, and has a time and an id of its own";
        except.to("not-found", "DeleteStack.StackName", "deleting a stack that is not there is no error")
                .to("resource", "ListStackRefactors", "about all refactors")
                .to("durability", "DetectStackDrift", again)
                .to("durability", "DetectStackResourceDrift", again)
                .to("durability", "DescribeStackResourceDrifts", again)
                .to("durability", "DescribeStacks", again)
                .to("durability", "ListStacks", again)
                .to("durability", "DetectStackSetDrift", again)
                .to("durability", "ListStackSetOperations", again)
                .atTimes("durability", "DescribeStackSet", again)
                .atTimes("durability", "ListStackSets", again)
                .to(
                        "exists",
                        "CreateStackInstances",
                        "an operation of another id is another operation, which the first one keeps from beginning");
    }
}

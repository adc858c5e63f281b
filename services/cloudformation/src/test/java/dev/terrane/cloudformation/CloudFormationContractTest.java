package dev.terrane.cloudformation;

import dev.terrane.sns.SnsService;
import dev.terrane.sqs.SqsService;
import dev.terrane.ssm.SsmService;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Exceptions;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import dev.terrane.testkit.contract.Tagging;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
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
        return TestServer.with(CloudFormationService::new, SqsService::new, SnsService::new, SsmService::new);
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
        return Names.of("StackName", name)
                .and("ChangeSetName", "set")
                .and("CreateChangeSet.ChangeSetName", "another")
                .and("CreateChangeSet.TemplateBody", TEMPLATE.formatted("else"))
                .and("DeleteChangeSet.StackName", name)
                .and("DescribeChangeSet.StackName", name)
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

    @Override
    protected Missing missing() {
        return Missing.none()
                .and("StackName", "none", "ValidationError")
                .and("ExportName", "none", "ValidationError")
                .and("StackDriftDetectionId", "none", "ValidationError")
                .and("DescribeType.TypeName", "AWS::SQS::None", "TypeNotFoundException")
                .and("ListTypeVersions.TypeName", "AWS::SQS::None", "CFNRegistryException");
    }

    @Override
    protected Set<String> codes() {
        return Set.of("ValidationError");
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
                .to("durability", "DetectStackDrift", again)
                .to("durability", "DetectStackResourceDrift", again)
                .to("durability", "DescribeStackResourceDrifts", again)
                .to("durability", "DescribeStacks", again)
                .to("durability", "ListStacks", again);
    }
}

package dev.terrane.cloudformation;

import dev.terrane.iam.IamService;
import dev.terrane.sqs.SqsService;
import dev.terrane.sts.StsService;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.ResourceExample;
import dev.terrane.testkit.resource.ResourceTypeSuite;
import java.util.List;
import software.amazon.awssdk.services.iam.IamClient;

class StackSetResourcesTest extends ResourceTypeSuite {
    private static final String TEMPLATE =
            "'TemplateBody':'Parameters: {Seconds: {Type: Number, Default: 30}}\\nResources: {Queue: {Type:"
                    + " AWS::SQS::Queue, Properties: {VisibilityTimeout: !Ref Seconds}}}'";
    private static final String SET = "'StackSetName':'fleet','PermissionModel':'SELF_MANAGED'," + TEMPLATE;

    @Override
    protected TestServer start() {
        return TestServer.with(CloudFormationService::new, SqsService::new, IamService::new, StsService::new);
    }

    @Override
    protected List<String> spaces() {
        return List.of("AWS::CloudFormation::StackSet");
    }

    @Override
    protected List<ResourceExample> examples(TestServer on) {
        StackSetFleet.roles(on.client(IamClient.class));
        String here = "'DeploymentTargets':{'Accounts':['123456789012']},'Regions':";
        return List.of(
                ResourceExample.of(
                                "AWS::CloudFormation::StackSet",
                                "{" + SET
                                        + ",'CallAs':'SELF','Description':'of queues','Capabilities':['CAPABILITY_IAM'],"
                                        + "'AdministrationRoleARN':'arn:aws:iam::123456789012:role/"
                                        + StackSetFleet.ADMINISTRATION
                                        + "','ExecutionRoleName':'" + StackSetFleet.EXECUTION
                                        + "','ManagedExecution':{'Active':true},"
                                        + "'OperationPreferences':{'RegionConcurrencyType':'PARALLEL','MaxConcurrentCount':2},"
                                        + "'Parameters':[{'ParameterKey':'Seconds','ParameterValue':'40'}],"
                                        + "'Tags':[{'Key':'b','Value':'1'},{'Key':'a','Value':'2'}],"
                                        + "'StackInstancesGroup':[{" + here + "['us-east-1','eu-west-1']}]}")
                        .alone()
                        .then(
                                "{" + SET + ",'Description':'of more queues','Tags':[{'Key':'a','Value':'3'}],"
                                        + "'AdministrationRoleARN':'arn:aws:iam::123456789012:role/"
                                        + StackSetFleet.ADMINISTRATION
                                        + "','StackInstancesGroup':[{" + here + "['eu-west-1','eu-north-1']},{" + here
                                        + "['us-east-1'],'ParameterOverrides':[{'ParameterKey':'Seconds','ParameterValue':'50'}]}]}")
                        .then("{" + SET + ",'Description':'of more queues','StackInstancesGroup':[{" + here
                                + "['us-east-1']}]}"),
                ResourceExample.of("AWS::CloudFormation::StackSet", "{" + SET.replace("fleet", "empty") + "}"));
    }
}

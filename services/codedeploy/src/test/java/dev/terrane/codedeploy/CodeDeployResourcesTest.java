package dev.terrane.codedeploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.testkit.TestIdentities;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.ResourceExample;
import dev.terrane.testkit.resource.ResourceTypeSuite;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.codedeploy.CodeDeployClient;

class CodeDeployResourcesTest extends ResourceTypeSuite {
    private static final String GROUP =
            "{'ApplicationName':'shop','ServiceRoleArn':'arn:aws:iam::123456789012:role/deployer'";

    @Override
    protected TestServer start() {
        return TestServer.with(CodeDeployService::new);
    }

    @Override
    protected List<String> spaces() {
        return List.of("AWS::CodeDeploy::");
    }

    private static void application(TestServer on) {
        on.identities().role(TestServer.ACCOUNT, "deployer", "codedeploy.amazonaws.com", TestIdentities.EVERYTHING);
        on.client(CodeDeployClient.class).createApplication(r -> r.applicationName("shop"));
    }

    @Override
    protected List<ResourceExample> examples(TestServer on) {
        application(on);
        String full = GROUP + ",'DeploymentGroupName':'web','DeploymentConfigName':'CodeDeployDefault.AllAtOnce',"
                + "'AlarmConfiguration':{'Enabled':true,'IgnorePollAlarmFailure':true,'Alarms':[{'Name':'errors'}]},"
                + "'AutoRollbackConfiguration':{'Enabled':true,'Events':['DEPLOYMENT_FAILURE']},"
                + "'DeploymentStyle':{'DeploymentType':'IN_PLACE','DeploymentOption':'WITH_TRAFFIC_CONTROL'},"
                + "'LoadBalancerInfo':{'TargetGroupInfoList':[{'Name':'web'}]},"
                + "'Ec2TagFilters':[{'Key':'role','Value':'web','Type':'KEY_AND_VALUE'}],"
                + "'OnPremisesInstanceTagFilters':[{'Key':'role','Type':'KEY_ONLY'}],"
                + "'OutdatedInstancesStrategy':'IGNORE',"
                + "'TriggerConfigurations':[{'TriggerName':'tell','TriggerEvents':['DeploymentFailure'],"
                + "'TriggerTargetArn':'arn:aws:sns:us-east-1:123456789012:tell'}],"
                + "'Tags':[{'Key':'b','Value':'2'},{'Key':'a','Value':'1'}]}";
        String sets = GROUP + ",'DeploymentGroupName':'web',"
                + "'Ec2TagSet':{'Ec2TagSetList':[{'Ec2TagGroup':[{'Key':'role','Type':'KEY_ONLY'}]},"
                + "{'Ec2TagGroup':[{'Key':'team','Value':'red','Type':'KEY_AND_VALUE'}]}]},"
                + "'OnPremisesTagSet':{'OnPremisesTagSetList':[{'OnPremisesTagGroup':[{'Key':'role','Type':'KEY_ONLY'}]}]},"
                + "'Tags':[{'Key':'a','Value':'3'}]}";
        return List.of(
                ResourceExample.of("AWS::CodeDeploy::Application", "{}")
                        .then("{'Tags':[{'Key':'b','Value':'2'},{'Key':'a','Value':'1'}]}")
                        .then("{'Tags':[{'Key':'a','Value':'2'}]}"),
                ResourceExample.of(
                        "AWS::CodeDeploy::Application", "{'ApplicationName':'store','ComputePlatform':'Server'}"),
                ResourceExample.of(
                        "AWS::CodeDeploy::DeploymentConfig",
                        "{'DeploymentConfigName':'most','ComputePlatform':'Server',"
                                + "'MinimumHealthyHosts':{'Type':'FLEET_PERCENT','Value':75}}"),
                ResourceExample.of(
                        "AWS::CodeDeploy::DeploymentConfig", "{'MinimumHealthyHosts':{'Type':'HOST_COUNT','Value':1}}"),
                ResourceExample.of("AWS::CodeDeploy::DeploymentGroup", GROUP + "}")
                        .then(GROUP + ",'Ec2TagFilters':[{'Key':'role','Type':'KEY_ONLY'}]}")
                        .then(GROUP + "}"),
                ResourceExample.of("AWS::CodeDeploy::DeploymentGroup", full)
                        .then(sets)
                        .then(full));
    }

    @Test
    void aGroupWithADeploymentIsDeployedTo() {
        application(server());
        made(
                "AWS::CodeDeploy::DeploymentGroup",
                GROUP + ",'DeploymentGroupName':'web','Deployment':{'Description':'The first',"
                        + "'IgnoreApplicationStopFailures':true,'Revision':{'RevisionType':'S3','S3Location':"
                        + "{'Bucket':'code','Key':'app.zip','BundleType':'zip'}}}}");

        CodeDeployClient deploy = server().client(CodeDeployClient.class);
        List<String> deployments = deploy.listDeployments(
                        r -> r.applicationName("shop").deploymentGroupName("web"))
                .deployments();
        assertThat(deployments).hasSize(1);
        assertThat(deploy.getDeployment(r -> r.deploymentId(deployments.getFirst()))
                        .deploymentInfo())
                .satisfies(found -> {
                    assertThat(found.description()).isEqualTo("The first");
                    assertThat(found.ignoreApplicationStopFailures()).isTrue();
                    assertThat(found.revision().s3Location().key()).isEqualTo("app.zip");
                });
    }
}

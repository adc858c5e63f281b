package dev.terrane.codedeploy;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.testkit.TestIdentities;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Exceptions;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import java.util.Set;
import software.amazon.awssdk.services.codedeploy.CodeDeployClient;
import software.amazon.awssdk.services.codedeploy.model.MinimumHealthyHosts;
import software.amazon.awssdk.services.codedeploy.model.RevisionLocation;
import software.amazon.awssdk.services.codedeploy.model.Tag;

final class CodeDeployContractTest extends ServiceContractSuite<CodeDeployClient> {
    CodeDeployContractTest() {
        super(CodeDeployClient.class);
    }

    @Override
    protected TestServer start() {
        return TestServer.with(CodeDeployService::new);
    }

    @Override
    protected Names example(CodeDeployClient client, String name) {

        String role = server().identities()
                .role(TestServer.ACCOUNT, "deploy", "codedeploy.amazonaws.com", TestIdentities.EVERYTHING);
        client.createApplication(r -> r.applicationName(name)
                .tags(Tag.builder().key("made").value("here").build()));
        client.createDeploymentGroup(
                r -> r.applicationName(name).deploymentGroupName("web").serviceRoleArn(role));
        client.createDeploymentConfig(r -> r.deploymentConfigName(name)
                .minimumHealthyHosts(m -> m.type("HOST_COUNT").value(1)));
        String user = Arn.iam(TestServer.ACCOUNT, "user/" + name).toString();
        client.registerOnPremisesInstance(r -> r.instanceName(name).iamUserArn(user));
        RevisionLocation revision = RevisionLocation.builder()
                .revisionType("S3")
                .s3Location(s -> s.bucket("files").key(name).bundleType("zip"))
                .build();
        client.registerApplicationRevision(r -> r.applicationName(name).revision(revision));
        return Names.of("applicationName", name)
                .and("GetApplication.applicationName", name)
                .and("applicationNames", name)
                .and("deploymentGroupName", "web")
                .and("deploymentGroupNames", "web")
                .and("currentDeploymentGroupName", "web")
                .and("deploymentConfigName", name)
                .and(
                        "CreateDeploymentConfig.minimumHealthyHosts",
                        MinimumHealthyHosts.builder()
                                .type("HOST_COUNT")
                                .value(1)
                                .build())
                .and("instanceName", name)
                .and("instanceNames", name)
                .and("RegisterOnPremisesInstance.iamUserArn", user)
                .and("serviceRoleArn", role)
                .and("revision", revision)
                .and("revisions", revision)
                .and("deploymentId", "d-ABCDEFGHI")
                .and("CreateDeployment.deploymentGroupName", "web")
                .and("CreateDeployment.revision", revision)
                .and("UpdateApplication.applicationName", name)
                .and("UpdateApplication.newApplicationName", "renamed-" + name)
                .and("tags", Tag.builder().key("k").value("v").build())
                .and("Tags", Tag.builder().key("k").value("v").build())
                .and("ResourceArn", arn("application:" + name));
    }

    @Override
    protected Missing missing() {
        return Missing.none()
                .and("applicationName", "none", "ApplicationDoesNotExistException")
                .and("deploymentGroupName", "none", "DeploymentGroupDoesNotExistException")
                .and("currentDeploymentGroupName", "none", "DeploymentGroupDoesNotExistException")
                .and("deploymentConfigName", "none", "DeploymentConfigDoesNotExistException")
                .and("deploymentId", "d-ABCDEFGHI", "DeploymentDoesNotExistException")
                .and("instanceName", "none", "InstanceNotRegisteredException")
                .and("ResourceArn", arn("application:none"), "ApplicationDoesNotExistException");
    }

    private static String arn(String resource) {
        return Arn.of("codedeploy", TestServer.REGION, TestServer.ACCOUNT, resource)
                .toString();
    }

    @Override
    protected Set<String> codes() {
        return Set.of(
                "InvalidNextTokenException",
                "DeploymentDoesNotExistException",
                "InstanceNotRegisteredException",
                "ApplicationDoesNotExistException");
    }

    @Override
    protected void exceptions(Exceptions except) {
        except.to("resource", "BatchGetDeployments", "the example has no deployment, whose group is checked")
                .to("resource", "GetDeployment", "the example has no deployment, whose group is checked")
                .to("resource", "ListDeployments", "the example has no deployment, whose group is checked")
                .to(
                        "not-found",
                        "DeleteApplication.applicationName",
                        "no such error is documented: what is gone is gone")
                .to(
                        "not-found",
                        "DeleteDeploymentConfig.deploymentConfigName",
                        "no such error is documented: what is gone is gone")
                .to(
                        "not-found",
                        "DeleteDeploymentGroup.applicationName",
                        "no such error is documented: what is gone is gone")
                .to(
                        "not-found",
                        "DeleteDeploymentGroup.deploymentGroupName",
                        "no such error is documented: what is gone is gone")
                .to(
                        "not-found",
                        "DeregisterOnPremisesInstance.instanceName",
                        "no such error is documented: what is gone is gone")
                .to("not-found", "RegisterOnPremisesInstance.instanceName", "makes one");
    }
}

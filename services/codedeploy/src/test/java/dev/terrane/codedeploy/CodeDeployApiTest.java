package dev.terrane.codedeploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.testkit.TestIdentities;
import dev.terrane.testkit.TestServer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.codedeploy.CodeDeployClient;
import software.amazon.awssdk.services.codedeploy.model.*;

class CodeDeployApiTest {
    private final TestServer server = TestServer.with(CodeDeployService::new);
    private CodeDeployClient deploy = server.client(CodeDeployClient.class);
    private final String role = server.identities()
            .role(TestServer.ACCOUNT, "deployer", "codedeploy.amazonaws.com", TestIdentities.EVERYTHING);

    @BeforeEach
    void application() {
        deploy.createApplication(request -> request.applicationName("shop")
                .tags(Tag.builder().key("team").value("red").build()));
    }

    @AfterEach
    void end() {
        server.close();
    }

    private void group(String name) {
        deploy.createDeploymentGroup(request ->
                request.applicationName("shop").deploymentGroupName(name).serviceRoleArn(role));
    }

    @Test
    void keepsApplicationsAndGroupsOverARestart() {
        group("web");
        deploy.updateApplication(request -> request.applicationName("shop").newApplicationName("store"));
        server.restart();
        deploy = server.client(CodeDeployClient.class);

        assertThat(deploy.listApplications(request -> {}).applications()).containsExactly("store");
        DeploymentGroupInfo group = deploy.getDeploymentGroup(
                        request -> request.applicationName("store").deploymentGroupName("web"))
                .deploymentGroupInfo();
        assertThat(group.deploymentConfigName()).isEqualTo("CodeDeployDefault.OneAtATime");
        assertThat(group.deploymentStyle().deploymentType()).isEqualTo(DeploymentType.IN_PLACE);
        assertThat(group.applicationName()).isEqualTo("store");
    }

    @Test
    void namesWhatIsMissing() {
        assertThatThrownBy(() -> deploy.getApplication(request -> request.applicationName("none")))
                .isInstanceOf(ApplicationDoesNotExistException.class)
                .hasMessageContaining("No application found for name: none");
        assertThatThrownBy(() -> deploy.getDeploymentGroup(
                        request -> request.applicationName("shop").deploymentGroupName("none")))
                .isInstanceOf(DeploymentGroupDoesNotExistException.class)
                .hasMessageContaining("No Deployment Group found for name: none");
        assertThatThrownBy(() -> deploy.getDeploymentConfig(request -> request.deploymentConfigName("none")))
                .isInstanceOf(DeploymentConfigDoesNotExistException.class);
        assertThatThrownBy(() -> deploy.getDeployment(request -> request.deploymentId("d-ABCDEFGHI")))
                .isInstanceOf(DeploymentDoesNotExistException.class);
        assertThatThrownBy(() -> deploy.createApplication(request -> request.applicationName("shop")))
                .isInstanceOf(ApplicationAlreadyExistsException.class);
    }

    @Test
    void theServiceRoleMustTrustCodeDeploy() {
        String other =
                server.identities().role(TestServer.ACCOUNT, "other", "ec2.amazonaws.com", TestIdentities.EVERYTHING);
        for (String unusable : List.of(other, other + "-absent")) {
            assertThatThrownBy(() -> deploy.createDeploymentGroup(request -> request.applicationName("shop")
                            .deploymentGroupName("web")
                            .serviceRoleArn(unusable)))
                    .isInstanceOf(InvalidRoleException.class)
                    .hasMessageContaining(unusable);
        }
    }

    @Test
    void refusesWhatItDoesNotDo() {
        assertThatThrownBy(() -> deploy.createApplication(
                        request -> request.applicationName("lambda").computePlatform(ComputePlatform.LAMBDA)))
                .isInstanceOf(InvalidComputePlatformException.class);
        assertThatThrownBy(() -> deploy.createDeploymentGroup(request -> request.applicationName("shop")
                        .deploymentGroupName("blue")
                        .serviceRoleArn(role)
                        .deploymentStyle(style -> style.deploymentType(DeploymentType.BLUE_GREEN))))
                .isInstanceOf(InvalidDeploymentStyleException.class);
        assertThatThrownBy(() -> deploy.createDeploymentGroup(request -> request.applicationName("shop")
                        .deploymentGroupName("classic")
                        .serviceRoleArn(role)
                        .loadBalancerInfo(balancer -> balancer.elbInfoList(
                                ELBInfo.builder().name("old").build()))))
                .isInstanceOf(InvalidLoadBalancerInfoException.class);
        group("web");
        assertThatThrownBy(() -> deploy.createDeployment(
                        request -> request.applicationName("shop").deploymentGroupName("web")))
                .isInstanceOf(RevisionRequiredException.class);
        assertThatThrownBy(() -> deploy.createDeployment(request -> request.applicationName("shop")
                        .deploymentGroupName("web")
                        .revision(revision -> revision.gitHubLocation(
                                hub -> hub.repository("a/b").commitId("0123456789012345678901234567890123456789")))))
                .isInstanceOf(InvalidRevisionException.class);
    }

    @Test
    void keepsConfigurationsUnlessTheyAreUsed() {
        assertThat(deploy.listDeploymentConfigs(request -> {}).deploymentConfigsList())
                .containsExactly(
                        "CodeDeployDefault.AllAtOnce", "CodeDeployDefault.HalfAtATime", "CodeDeployDefault.OneAtATime");
        deploy.createDeploymentConfig(request -> request.deploymentConfigName("most")
                .minimumHealthyHosts(minimum ->
                        minimum.type(MinimumHealthyHostsType.FLEET_PERCENT).value(75)));
        deploy.createDeploymentGroup(request -> request.applicationName("shop")
                .deploymentGroupName("web")
                .serviceRoleArn(role)
                .deploymentConfigName("most"));
        assertThatThrownBy(() -> deploy.deleteDeploymentConfig(request -> request.deploymentConfigName("most")))
                .isInstanceOf(DeploymentConfigInUseException.class);
        assertThatThrownBy(() -> deploy.createDeploymentConfig(request -> request.deploymentConfigName("bad")
                        .minimumHealthyHosts(minimum -> minimum.type(MinimumHealthyHostsType.FLEET_PERCENT)
                                .value(101))))
                .isInstanceOf(InvalidMinimumHealthyHostValueException.class);
    }

    @Test
    void listsInPages() {
        IntStream.range(0, 120).forEach(i -> group("g%03d".formatted(i)));
        ListDeploymentGroupsResponse first = deploy.listDeploymentGroups(request -> request.applicationName("shop"));
        assertThat(first.deploymentGroups()).hasSize(100);
        assertThat(deploy.listDeploymentGroups(
                                request -> request.applicationName("shop").nextToken(first.nextToken()))
                        .deploymentGroups())
                .hasSize(20)
                .last()
                .isEqualTo("g119");
        assertThatThrownBy(() -> deploy.listApplications(request -> request.nextToken(first.nextToken())))
                .isInstanceOf(InvalidNextTokenException.class);
    }

    @Test
    void tagsApplicationsAndGroups() {
        String arn = CodeDeployEvents.Arns.application(
                new dev.terrane.kernel.call.Scope(TestServer.ACCOUNT, TestServer.REGION), "shop");
        deploy.tagResource(request -> request.resourceArn(arn)
                .tags(Tag.builder().key("stage").value("test").build()));
        deploy.untagResource(request -> request.resourceArn(arn).tagKeys("team"));
        assertThat(deploy.listTagsForResource(request -> request.resourceArn(arn))
                        .tags())
                .extracting(Tag::key)
                .containsExactly("stage");
        assertThatThrownBy(() -> deploy.tagResource(request -> request.resourceArn(arn)
                        .tags(Tag.builder().key("aws:own").value("x").build())))
                .isInstanceOf(InvalidTagsToAddException.class);
    }

    @Test
    void keepsOnPremisesInstances() {
        String user =
                dev.terrane.kernel.arn.Arn.iam(TestServer.ACCOUNT, "user/box").toString();
        deploy.registerOnPremisesInstance(request -> request.instanceName("box").iamUserArn(user));
        deploy.addTagsToOnPremisesInstances(request -> request.instanceNames("box")
                .tags(Tag.builder().key("site").value("berlin").build()));
        assertThat(deploy.listOnPremisesInstances(request -> request.tagFilters(TagFilter.builder()
                                .key("site")
                                .type(TagFilterType.KEY_ONLY)
                                .build()))
                        .instanceNames())
                .containsExactly("box");
        assertThatThrownBy(() -> deploy.registerOnPremisesInstance(
                        request -> request.instanceName("other").iamUserArn(user)))
                .isInstanceOf(IamUserArnAlreadyRegisteredException.class);
        deploy.deregisterOnPremisesInstance(request -> request.instanceName("box"));
        assertThat(deploy.listOnPremisesInstances(request -> request.registrationStatus(RegistrationStatus.REGISTERED))
                        .instanceNames())
                .isEmpty();
    }

    @Test
    void deniesWithoutPermission() {
        CodeDeployClient limited = server.clientWith(
                CodeDeployClient.class,
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"codedeploy:ListApplications\",\"Resource\":\"*\"}]}");
        assertThat(limited.listApplications(request -> {}).applications()).containsExactly("shop");
        assertThatThrownBy(() -> limited.deleteApplication(request -> request.applicationName("shop")))
                .isInstanceOf(AwsServiceException.class)
                .hasMessageContaining("codedeploy:DeleteApplication");
    }
}

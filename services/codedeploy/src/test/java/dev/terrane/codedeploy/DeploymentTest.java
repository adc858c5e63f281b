package dev.terrane.codedeploy;

import static dev.terrane.testkit.TestServer.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.terrane.compute.sandbox.SandboxCompute;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.compute.Command;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.OutputSink;
import dev.terrane.kernel.compute.WorkloadSpec;
import dev.terrane.kernel.event.Event;
import dev.terrane.s3.S3Service;
import dev.terrane.testkit.TestIdentities;
import dev.terrane.testkit.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.codedeploy.CodeDeployClient;
import software.amazon.awssdk.services.codedeploy.model.*;
import software.amazon.awssdk.services.s3.S3Client;

/** Deployments to real sandboxes that stand for instances; skipped where the machine does not permit those. */
class DeploymentTest {
    private static final String FIRST = "i-00000000000000001";
    private static final String SECOND = "i-00000000000000002";

    private final Surroundings around = new Surroundings();
    private TestServer server;
    private CodeDeployClient deploy;
    private String serviceRole;

    @BeforeEach
    void start() {
        assumeTrue("root".equals(System.getProperty("user.name")), "Sandboxes need root");
        server = TestServer.withCompute(
                (data, threads) -> {
                    try {
                        return SandboxCompute.open(Files.createDirectories(data), threads);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                S3Service::new,
                platform -> around.ec2(),
                platform -> around.scaling(),
                platform -> around.balancer(),
                platform -> around.alarms(),
                platform -> around.iam(),
                CodeDeployService::new);
        connect();
        serviceRole =
                server.identities().role(ACCOUNT, "deployer", "codedeploy.amazonaws.com", TestIdentities.EVERYTHING);
        server.identities()
                .trust(
                        serviceRole,
                        "codedeploy.amazonaws.com",
                        "arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:shop/*");
        server.identities().role(ACCOUNT, "instance", "ec2.amazonaws.com", TestIdentities.EVERYTHING);
        s3().createBucket(request -> request.bucket("bundles"));
        deploy.createApplication(request -> request.applicationName("shop"));
    }

    @AfterEach
    void end() {
        if (server != null) {
            server.close();
        }
    }

    private void connect() {
        deploy = server.client(CodeDeployClient.class);
    }

    private S3Client s3() {
        return server.client(S3Client.class);
    }

    private Compute compute() {
        return server.platform().compute();
    }

    private void instance(String id) {
        compute().start(WorkloadSpec.of(id, "ec2").keepingDisk());
        around.instances.put(id, Map.of("Role", "web"));
    }

    private void group(Consumer<CreateDeploymentGroupRequest.Builder> more) {
        deploy.createDeploymentGroup(request -> {
            request.applicationName("shop")
                    .deploymentGroupName("web")
                    .serviceRoleArn(serviceRole)
                    .ec2TagFilters(EC2TagFilter.builder()
                            .key("Role")
                            .value("web")
                            .type(EC2TagFilterType.KEY_AND_VALUE)
                            .build());
            more.accept(request);
        });
    }

    private RevisionLocation revision(String name, Bundle bundle) {
        s3().putObject(request -> request.bucket("bundles").key(name), RequestBody.fromBytes(bundle.zip()));
        return RevisionLocation.builder()
                .revisionType(RevisionLocationType.S3)
                .s3Location(location -> location.bucket("bundles").key(name).bundleType(BundleType.ZIP))
                .build();
    }

    private String begin(RevisionLocation revision) {
        return deploy.createDeployment(request -> request.applicationName("shop")
                        .deploymentGroupName("web")
                        .revision(revision))
                .deploymentId();
    }

    private DeploymentInfo await(String id) {
        TestServer.await(() -> info(id).completeTime() != null);
        return info(id);
    }

    private DeploymentInfo info(String id) {
        return deploy.getDeployment(request -> request.deploymentId(id)).deploymentInfo();
    }

    private DeploymentInfo succeeds(String id) {
        DeploymentInfo done = await(id);
        assertThat(done.status()).as(() -> troubles(id)).isEqualTo(DeploymentStatus.SUCCEEDED);
        return done;
    }

    private String troubles(String id) {
        return deploy.listDeploymentTargets(request -> request.deploymentId(id)).targetIds().stream()
                .flatMap(instance -> target(id, instance).lifecycleEvents().stream())
                .filter(event -> event.status() == LifecycleEventStatus.FAILED)
                .map(LifecycleEvent::toString)
                .collect(Collectors.joining("; "));
    }

    /** Waits until the instance is in an event. */
    private void awaitIn(String id, String instance, String name) {
        TestServer.await(() -> info(id).deploymentOverview() != null
                && event(id, instance, name).status() == LifecycleEventStatus.IN_PROGRESS);
    }

    private InstanceTarget target(String deployment, String instance) {
        return deploy.getDeploymentTarget(
                        request -> request.deploymentId(deployment).targetId(instance))
                .deploymentTarget()
                .instanceTarget();
    }

    private LifecycleEvent event(String deployment, String instance, String name) {
        return target(deployment, instance).lifecycleEvents().stream()
                .filter(event -> event.lifecycleEventName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private String shell(String instance, String script) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            var _ = compute().exec(instance, Command.shell(script), OutputSink.to(out));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return out.toString(StandardCharsets.UTF_8).strip();
    }

    @Test
    void installsARevisionAndStopsItByItsOwnScriptBeforeTheNext() {
        instance(FIRST);
        instance(SECOND);
        around.instances.put("i-00000000000000003", Map.of("Role", "other"));
        group(request -> {});

        String first = begin(revision("one.zip", Bundle.noting("one")));
        DeploymentInfo done = succeeds(first);

        assertThat(done.deploymentOverview().succeeded()).isEqualTo(2);
        assertThat(done.creator()).isEqualTo(DeploymentCreator.USER);
        assertThat(shell(
                        FIRST, "cat /srv/app/version; stat -c '%a %U:%G' /srv/app/run.sh; stat -c %U /srv/app/version"))
                .isEqualTo("one750 daemon:daemon\nroot");
        assertThat(target(first, FIRST).lifecycleEvents())
                .extracting(LifecycleEvent::lifecycleEventName)
                .containsExactly(
                        "ApplicationStop",
                        "DownloadBundle",
                        "BeforeInstall",
                        "Install",
                        "AfterInstall",
                        "ApplicationStart",
                        "ValidateService");
        assertThat(target(first, SECOND).lifecycleEvents()).allSatisfy(event -> {
            assertThat(event.status()).isEqualTo(LifecycleEventStatus.SUCCEEDED);
            assertThat(event.diagnostics().errorCode()).isEqualTo(LifecycleErrorCode.SUCCESS);
        });
        assertThat(event(first, FIRST, "ValidateService").diagnostics().logTail())
                .isEqualTo("LifecycleEvent - ValidateService\nScript - check.sh\n[stdout]checked as daemon\n");

        DeploymentInfo second = await(begin(revision("two.zip", Bundle.noting("two"))));

        assertThat(second.status()).isEqualTo(DeploymentStatus.SUCCEEDED);
        assertThat(second.previousRevision().s3Location().key()).isEqualTo("one.zip");
        assertThat(shell(FIRST, "cat /srv/notes")).isEqualTo("""
                        BeforeInstall one web shop
                        ApplicationStart one web shop
                        ApplicationStop one web shop
                        BeforeInstall two web shop
                        ApplicationStart two web shop""");
        assertThat(shell(FIRST, "ls /srv/app")).isEqualTo("only-two\nrun.sh\nversion");
        assertThat(server.awaitEvents("CodeDeploy Deployment State-change Notification", 4))
                .extracting(Event::detail)
                .satisfies(details -> {
                    assertThat(details.get(0)).contains("\"state\":\"START\"", "\"application\":\"shop\"");
                    assertThat(details.get(1)).contains("\"state\":\"SUCCESS\"", "\"deploymentGroup\":\"web\"");
                });
        assertThat(server.awaitEvents("CodeDeploy Instance State-change Notification", 8))
                .hasSize(8);
        assertThat(server.faults()).isEmpty();
    }

    @Test
    void failsWithTheScriptsWordsAndRollsBack() {
        instance(FIRST);
        instance(SECOND);
        group(request -> request.autoRollbackConfiguration(
                rollback -> rollback.enabled(true).events(AutoRollbackEvent.DEPLOYMENT_FAILURE)));
        succeeds(begin(revision("one.zip", Bundle.noting("one"))));

        String bad = begin(
                revision("bad.zip", Bundle.noting("bad").with("check.sh", "#!/bin/sh\necho no good >&2\nexit 3\n")));
        DeploymentInfo failed = await(bad);

        assertThat(failed.status()).isEqualTo(DeploymentStatus.FAILED);
        assertThat(failed.errorInformation().code()).isEqualTo(ErrorCode.HEALTH_CONSTRAINTS);
        assertThat(failed.deploymentOverview().failed()).isEqualTo(1);
        assertThat(failed.deploymentOverview().skipped()).isEqualTo(1);
        Diagnostics diagnostics = event(bad, FIRST, "ValidateService").diagnostics();
        assertThat(diagnostics.errorCode()).isEqualTo(LifecycleErrorCode.SCRIPT_FAILED);
        assertThat(diagnostics.scriptName()).isEqualTo("check.sh");
        assertThat(diagnostics.message())
                .isEqualTo("Script at specified location: check.sh run as user daemon failed with exit code 3");
        assertThat(diagnostics.logTail()).endsWith("[stderr]no good\n");
        DeploymentInfo rollback = await(failed.rollbackInfo().rollbackDeploymentId());
        assertThat(rollback.status()).isEqualTo(DeploymentStatus.SUCCEEDED);
        assertThat(rollback.creator()).isEqualTo(DeploymentCreator.CODE_DEPLOY_ROLLBACK);
        assertThat(rollback.rollbackInfo().rollbackTriggeringDeploymentId()).isEqualTo(bad);
        assertThat(shell(FIRST, "cat /srv/app/version")).isEqualTo("one");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stopsOnAnAlarmAndRollsBack(boolean atTheLastInstance) {
        instance(FIRST);
        instance(SECOND);
        around.served.addAll(List.of(FIRST, SECOND));
        group(request -> request.loadBalancerInfo(LoadBalancerInfo.builder()
                        .targetGroupInfoList(TargetGroupInfo.builder()
                                .name(Surroundings.TARGETS)
                                .build())
                        .build())
                .deploymentStyle(style -> style.deploymentType(DeploymentType.IN_PLACE)
                        .deploymentOption(DeploymentOption.WITH_TRAFFIC_CONTROL))
                .alarmConfiguration(alarms -> alarms.enabled(true)
                        .alarms(Alarm.builder().name("errors").build()))
                .autoRollbackConfiguration(
                        rollback -> rollback.enabled(true).events(AutoRollbackEvent.DEPLOYMENT_STOP_ON_ALARM)));
        succeeds(begin(revision("one.zip", Bundle.noting("one"))));
        assertThat(around.log).containsExactly("out " + FIRST, "in " + FIRST, "out " + SECOND, "in " + SECOND);

        String bad = begin(revision(
                "bad.zip",
                Bundle.noting("bad").with("check.sh", "#!/bin/sh\nuntil [ -e /tmp/go ]; do sleep 0.05; done\n")));
        awaitIn(bad, FIRST, "ValidateService");
        if (atTheLastInstance) {
            TestServer.await(() -> shell(FIRST, "touch /tmp/go; echo done").equals("done"));
            awaitIn(bad, SECOND, "ValidateService");
        }
        around.alarming.add("errors");
        emit("aws.cloudwatch", "CloudWatch Alarm State Change", Map.of("alarmName", "errors"));
        TestServer.await(() -> shell(atTheLastInstance ? SECOND : FIRST, "touch /tmp/go; echo done")
                .equals("done"));
        DeploymentInfo stopped = await(bad);

        assertThat(stopped.status()).isEqualTo(DeploymentStatus.STOPPED);
        assertThat(stopped.errorInformation().code()).isEqualTo(ErrorCode.ALARM_ACTIVE);
        assertThat(stopped.errorInformation().message()).endsWith("Activated alarms: <errors>");
        DeploymentInfo rollback = await(stopped.rollbackInfo().rollbackDeploymentId());
        assertThat(rollback.status()).isEqualTo(DeploymentStatus.SUCCEEDED);
        assertThat(shell(FIRST, "cat /srv/app/version")).isEqualTo("one");
        assertThat(around.served).containsExactlyInAnyOrder(FIRST, SECOND);
    }

    private void emit(String source, String type, Map<String, String> detail) {
        var platform = server.platform();
        Call.internal(
                        new Scope(ACCOUNT, TestServer.REGION),
                        new Principal.Service(ACCOUNT, "test"),
                        "r",
                        platform.clock().instant())
                .run(() -> platform.events().emit(source, type, List.of(), detail));
    }

    @Test
    void deploysToALaunchedInstanceBeforeItIsInService() {
        instance(FIRST);
        around.inService.add(FIRST);
        deploy.createDeploymentGroup(request -> request.applicationName("shop")
                .deploymentGroupName("web")
                .serviceRoleArn(serviceRole)
                .autoScalingGroups(Surroundings.FLEET));
        String hook = deploy.getDeploymentGroup(
                        request -> request.applicationName("shop").deploymentGroupName("web"))
                .deploymentGroupInfo()
                .autoScalingGroups()
                .getFirst()
                .hook();
        assertThat(hook).startsWith("CodeDeploy-managed-automatic-launch-deployment-hook-web-");
        assertThat(around.hooks).containsExactly(hook);

        launched(SECOND, hook);
        TestServer.await(() -> around.log.contains("CONTINUE " + SECOND));
        assertThat(deploy.listDeployments(request -> {}).deployments()).isEmpty();

        succeeds(begin(revision("one.zip", Bundle.noting("one"))));
        around.log.clear();
        server.advance(Duration.ofSeconds(1));
        instance(SECOND);
        launched(SECOND, hook);
        TestServer.await(() -> around.log.contains("CONTINUE " + SECOND));

        assertThat(shell(SECOND, "cat /srv/app/version")).isEqualTo("one");
        DeploymentInfo launch =
                info(deploy.listDeployments(request -> {}).deployments().getFirst());
        assertThat(launch.creator()).isEqualTo(DeploymentCreator.AUTOSCALING);
        assertThat(launch.status()).isEqualTo(DeploymentStatus.SUCCEEDED);
    }

    private void launched(String instance, String hook) {
        emit(
                "aws.autoscaling",
                "EC2 Instance-launch Lifecycle Action",
                Map.of(
                        "LifecycleActionToken",
                        java.util.UUID.randomUUID().toString(),
                        "AutoScalingGroupName",
                        Surroundings.FLEET,
                        "LifecycleHookName",
                        hook,
                        "EC2InstanceId",
                        instance,
                        "LifecycleTransition",
                        "autoscaling:EC2_INSTANCE_LAUNCHING"));
    }

    @Test
    void goesOnAfterTheServerDiedInAScript() {
        instance(FIRST);
        group(request -> {});
        String id = begin(revision(
                "one.zip",
                Bundle.noting("one")
                        .with("check.sh", "#!/bin/sh\nif [ ! -e /srv/app/again ]; then exec sleep 600; fi\n")));
        awaitIn(id, FIRST, "ValidateService");

        server.restart();
        connect();
        instance(FIRST);
        shell(FIRST, "touch /srv/app/again");
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(1));
            return info(id).completeTime() != null;
        });

        assertThat(info(id).status()).isEqualTo(DeploymentStatus.SUCCEEDED);
        assertThat(shell(FIRST, "grep -c ApplicationStart /srv/notes")).isEqualTo("2");
    }

    @Test
    void startsTheApplicationAgainAfterTheServersRestart() {
        instance(FIRST);
        group(request -> {});
        succeeds(begin(revision("one.zip", Bundle.noting("one"))));

        server.restart();
        connect();
        instance(FIRST);

        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(1));
            return shell(FIRST, "grep -c ApplicationStart /srv/notes").equals("2");
        });
    }

    @Test
    void stopsWhenAskedTo() {
        instance(FIRST);
        instance(SECOND);
        group(request -> {});
        String id = begin(revision(
                "one.zip",
                Bundle.noting("one").with("check.sh", "#!/bin/sh\nuntil [ -e /tmp/go ]; do sleep 0.05; done\n")));
        awaitIn(id, FIRST, "ValidateService");
        assertThatThrownBy(() -> begin(revision("two.zip", Bundle.noting("two"))))
                .isInstanceOf(DeploymentLimitExceededException.class)
                .hasMessageContaining("The Deployment Group 'web' already has an active Deployment '" + id + "'");

        deploy.stopDeployment(request -> request.deploymentId(id));
        assertThat(shell(FIRST, "touch /tmp/go; echo done")).isEqualTo("done");
        DeploymentInfo stopped = await(id);

        assertThat(stopped.status()).isEqualTo(DeploymentStatus.STOPPED);
        assertThat(stopped.errorInformation().code()).isEqualTo(ErrorCode.MANUAL_STOP);
        assertThat(stopped.deploymentOverview().skipped()).isEqualTo(1);
        assertThatThrownBy(() -> deploy.stopDeployment(request -> request.deploymentId(id)))
                .isInstanceOf(DeploymentAlreadyCompletedException.class);
    }

    @Test
    void refusesBundlesThatLeadOutOfTheirFolder() {
        instance(FIRST);
        group(request -> {});

        String id = begin(revision("evil.zip", Bundle.noting("one").with("../../evil", "x")));
        DeploymentInfo failed = await(id);

        assertThat(failed.status()).isEqualTo(DeploymentStatus.FAILED);
        assertThat(event(id, FIRST, "DownloadBundle").diagnostics().message())
                .isEqualTo("The bundle has an entry that leads out of its folder: ../../evil");
        assertThat(event(id, FIRST, "Install").status()).isEqualTo(LifecycleEventStatus.SKIPPED);
    }

    @Test
    void refusesToOverwriteFilesThatItDidNotInstall() {
        instance(FIRST);
        group(request -> {});
        shell(FIRST, "mkdir -p /srv/app; echo mine > /srv/app/version");

        String id = begin(revision("one.zip", Bundle.noting("one")));
        assertThat(await(id).status()).isEqualTo(DeploymentStatus.FAILED);
        assertThat(event(id, FIRST, "Install").diagnostics().message())
                .isEqualTo(
                        "The deployment failed because a specified file already exists at this location: /srv/app/version");
        assertThat(shell(FIRST, "cat /srv/app/version; ls /srv/app")).isEqualTo("mine\nversion");

        String over = deploy.createDeployment(request -> request.applicationName("shop")
                        .deploymentGroupName("web")
                        .revision(revision("one.zip", Bundle.noting("one")))
                        .fileExistsBehavior(FileExistsBehavior.OVERWRITE))
                .deploymentId();
        assertThat(await(over).status()).isEqualTo(DeploymentStatus.SUCCEEDED);
        assertThat(shell(FIRST, "cat /srv/app/version")).isEqualTo("one");
    }

    @Test
    void failsWithoutInstances() {
        group(request -> {});
        DeploymentInfo failed = await(begin(revision("one.zip", Bundle.noting("one"))));
        assertThat(failed.status()).isEqualTo(DeploymentStatus.FAILED);
        assertThat(failed.errorInformation().code()).isEqualTo(ErrorCode.NO_INSTANCES);
    }
}

package dev.terrane.codedeploy;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.event.Event;
import dev.terrane.kernel.event.Events;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.store.RecordCodec;
import tools.jackson.databind.JsonNode;

/** Follows what other services tell: alarms, launches of Auto Scaling, instances that start and end. */
final class Follower implements Events.Listener {
    private final Platform platform;
    private final CodeDeployTables tables;
    private final DeploymentWorkflow deployments;
    private final RestartWorkflow restarts;
    private final String life = Ids.uuid();

    Follower(Platform platform, CodeDeployTables tables, DeploymentWorkflow deployments, RestartWorkflow restarts) {
        this.platform = platform;
        this.tables = tables;
        this.deployments = deployments;
        this.restarts = restarts;
    }

    /** Instances are started anew with the server: what runs on them is to be started too. */
    void start() {
        tables.everyInstance((scope, instance) -> {
            if (instance.deployed()) {
                restart(scope, instance, life);
            }
        });
    }

    @Override
    public void receive(Event event) {
        switch (event.detailType()) {
            case "CloudWatch Alarm State Change" -> alarm(event);
            case "EC2 Instance-launch Lifecycle Action" -> launch(event);
            case "EC2 Instance State-change Notification" -> instance(event);
            default -> {}
        }
    }

    private static Scope scope(Event event) {
        return new Scope(event.account(), event.region());
    }

    private static JsonNode detail(Event event) {
        return RecordCodec.json().readTree(event.detail());
    }

    private void alarm(Event event) {
        if (!event.source().equals("aws.cloudwatch")) {
            return;
        }
        Scope scope = scope(event);
        String name = detail(event).path("alarmName").asString("");
        for (DeploymentRecord deployment : tables.active(scope)) {
            boolean heeded = tables.groupById(scope, deployment.groupId())
                    .map(group -> Alarms.names(deployment, group).contains(name))
                    .orElse(false);
            if (heeded) {
                platform.workflows().signal(deployments, deployment.id(), DeploymentWorkflow.PROGRESS, name);
            }
        }
    }

    private void launch(Event event) {
        JsonNode detail = detail(event);
        String hook = detail.path("LifecycleHookName").asString("");
        if (!event.source().equals("aws.autoscaling") || !LaunchHooks.isOurs(hook)) {
            return;
        }
        Scope scope = scope(event);
        tables.allGroups(scope).stream()
                .filter(group -> group.info().autoScalingGroups().stream().anyMatch(each -> hook.equals(each.hook())))
                .forEach(group -> {
                    LaunchWorkflow.Launch launch = new LaunchWorkflow.Launch(
                            group.id(),
                            detail.path("AutoScalingGroupName").asString(""),
                            hook,
                            detail.path("LifecycleActionToken").asString(""),
                            detail.path("EC2InstanceId").asString(""));
                    platform.workflows().start(deployments.launches(), scope, launch.id(), launch);
                });
    }

    private void instance(Event event) {
        if (!event.source().equals("aws.ec2")) {
            return;
        }
        Scope scope = scope(event);
        JsonNode detail = detail(event);
        String state = detail.path("state").asString("");
        for (InstanceRecord instance :
                tables.instances(scope, detail.path("instance-id").asString(""))) {
            if (state.equals("terminated")) {
                tables.delete(scope, instance);
            } else if (state.equals("running")
                    && instance.deployed()
                    && instance.started().isBefore(event.time())
                    && !platform.workflows().isRunning(restarts, id(instance, life))) {
                restart(scope, instance, event.id());
            }
        }
    }

    private void restart(Scope scope, InstanceRecord instance, String cause) {
        platform.workflows()
                .start(
                        restarts,
                        scope,
                        id(instance, cause),
                        new RestartWorkflow.Restart(instance.groupId(), instance.instanceId()));
    }

    private static String id(InstanceRecord instance, String cause) {
        return instance.groupId() + "/" + instance.instanceId() + "/" + cause;
    }
}

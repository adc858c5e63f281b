package dev.terrane.codedeploy;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.store.RecordCodec;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.codedeploy.model.DeploymentInfo;
import software.amazon.awssdk.services.codedeploy.model.TriggerConfig;
import software.amazon.awssdk.services.codedeploy.model.TriggerEventType;
import software.amazon.awssdk.services.sns.SnsClient;

/** Notifications to SNS topics. See "JSON data formats for CodeDeploy triggers". */
final class Triggers {
    private static final System.Logger LOG = System.getLogger(Triggers.class.getName());

    private final Clients clients;

    Triggers(Clients clients) {
        this.clients = clients;
    }

    /** Tells of a deployment, as the group's service role. A topic that can't be reached stops nothing. */
    void deployment(GroupRecord group, DeploymentRecord deployment, TriggerEventType type) {
        publish(group, deployment, type, Map.of());
    }

    /** Tells of an instance of a deployment. */
    void instance(GroupRecord group, DeploymentRecord deployment, TargetRecord target, TriggerEventType type) {
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("instanceId", CodeDeployEvents.Arns.instance(Call.current().scope(), target.instanceId()));
        more.put("lastUpdatedAt", String.valueOf(target.updated()));
        more.put("instanceStatus", target.status().toString());
        more.put("lifecycleEvents", target.events());
        publish(group, deployment, type, more);
    }

    private void publish(
            GroupRecord group, DeploymentRecord deployment, TriggerEventType type, Map<String, Object> more) {
        for (TriggerConfig trigger : group.info().triggerConfigurations()) {
            if (trigger.triggerEvents().contains(type)) {
                publish(group, trigger, message(deployment.info(), trigger, more), type);
            }
        }
    }

    private void publish(GroupRecord group, TriggerConfig trigger, String message, TriggerEventType type) {
        try {
            new ServiceRole(clients, group)
                    .client(SnsClient.class)
                    .publish(request -> request.topicArn(trigger.triggerTargetArn())
                            .subject(type + ": AWS CodeDeploy " + group.name())
                            .message(message));
        } catch (AwsServiceException e) {
            LOG.log(System.Logger.Level.WARNING, "Trigger " + trigger.triggerName() + " was not delivered", e);
        }
    }

    private static String message(DeploymentInfo deployment, TriggerConfig trigger, Map<String, Object> more) {
        Map<String, Object> message = new LinkedHashMap<>();
        Call call = Call.current();
        message.put("region", call.region());
        message.put("accountId", call.account());
        message.put("eventTriggerName", trigger.triggerName());
        message.put("applicationName", deployment.applicationName());
        message.put("deploymentId", deployment.deploymentId());
        message.put("deploymentGroupName", deployment.deploymentGroupName());
        if (more.isEmpty()) {
            message.put("createTime", time(deployment.createTime()));
            message.put("completeTime", time(deployment.completeTime()));
            message.put("status", String.valueOf(deployment.statusAsString()).toUpperCase(java.util.Locale.ROOT));
            if (deployment.errorInformation() != null) {
                message.put("errorInformation", RecordCodec.json().writeValueAsString(deployment.errorInformation()));
            }
        }
        message.putAll(more);
        return RecordCodec.json().writeValueAsString(message);
    }

    private static String time(@Nullable Instant instant) {
        return instant == null ? "" : instant.toString();
    }
}

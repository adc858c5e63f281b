package dev.terrane.codedeploy;

import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.error.AwsErrors;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.codedeploy.model.Alarm;
import software.amazon.awssdk.services.codedeploy.model.AlarmConfiguration;
import software.amazon.awssdk.services.codedeploy.model.DeploymentCreator;
import software.amazon.awssdk.services.codedeploy.model.ErrorCode;
import software.amazon.awssdk.services.codedeploy.model.ErrorInformation;

/** The alarms that stop a deployment. See "Monitoring deployments with CloudWatch alarms in CodeDeploy". */
final class Alarms {
    private final Clients clients;

    Alarms(Clients clients) {
        this.clients = clients;
    }

    /** The names of the alarms that a deployment heeds. A rollback heeds none: the alarm that caused it is still active. */
    static List<String> names(DeploymentRecord deployment, GroupRecord group) {
        AlarmConfiguration alarms = configuration(deployment, group);
        return !alarms.enabled() || deployment.madeBy(DeploymentCreator.CODE_DEPLOY_ROLLBACK)
                ? List.of()
                : alarms.alarms().stream().map(Alarm::name).toList();
    }

    private static AlarmConfiguration configuration(DeploymentRecord deployment, GroupRecord group) {
        AlarmConfiguration own = deployment.info().overrideAlarmConfiguration();
        AlarmConfiguration effective = own == null ? group.info().alarmConfiguration() : own;
        AlarmConfiguration.Builder complete = effective == null ? AlarmConfiguration.builder() : effective.toBuilder();
        AlarmConfiguration known = complete.build();
        return complete.enabled(Boolean.TRUE.equals(known.enabled()))
                .ignorePollAlarmFailure(Boolean.TRUE.equals(known.ignorePollAlarmFailure()))
                .build();
    }

    /** Why a deployment is to stop, if one of its alarms is active or can't be read. */
    Optional<ErrorInformation> reasonToStop(DeploymentRecord deployment, GroupRecord group) {
        List<String> names = names(deployment, group);
        if (names.isEmpty()) {
            return Optional.empty();
        }
        try {
            List<String> active = new ServiceRole(clients, group)
                            .client(CloudWatchClient.class)
                            .describeAlarms(request -> request.alarmNames(names))
                            .metricAlarms()
                            .stream()
                            .filter(alarm -> alarm.stateValue() == StateValue.ALARM)
                            .map(MetricAlarm::alarmName)
                            .toList();
            return active.isEmpty() ? Optional.empty() : Optional.of(active(active));
        } catch (AwsServiceException e) {
            return configuration(deployment, group).ignorePollAlarmFailure()
                    ? Optional.empty()
                    : Optional.of(Errors.of(
                            ErrorCode.IAM_ROLE_PERMISSIONS,
                            "The deployment was stopped because the state of its alarms can't be read as "
                                    + group.info().serviceRoleArn() + ": " + AwsErrors.message(e)));
        }
    }

    private static ErrorInformation active(List<String> names) {
        return Errors.of(
                ErrorCode.ALARM_ACTIVE,
                "One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the "
                        + "affected deployments have been stopped. Activated alarms: <" + String.join(", ", names)
                        + ">");
    }
}

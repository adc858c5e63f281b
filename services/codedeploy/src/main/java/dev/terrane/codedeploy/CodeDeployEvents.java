package dev.terrane.codedeploy;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.event.Events;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.codedeploy.model.DeploymentStatus;
import software.amazon.awssdk.services.codedeploy.model.TargetStatus;

/** What CodeDeploy tells EventBridge. See "Monitoring deployments with Amazon CloudWatch Events". */
final class CodeDeployEvents {
    private static final String SOURCE = "aws.codedeploy";

    private final Events events;

    CodeDeployEvents(Events events) {
        this.events = events;
    }

    /** A deployment began or ended. */
    void deployment(Scope scope, DeploymentRecord deployment, GroupRecord group) {
        events.emit(
                SOURCE,
                "CodeDeploy Deployment State-change Notification",
                resources(scope, deployment, group),
                detail(scope, deployment, group, state(deployment.info().status())));
    }

    /** A deployment began or ended on an instance. */
    void instance(Scope scope, DeploymentRecord deployment, GroupRecord group, TargetRecord target) {
        Map<String, String> detail = detail(scope, deployment, group, state(target.status()));
        detail.put("instanceId", target.instanceId());
        List<String> resources = new ArrayList<>(resources(scope, deployment, group));
        resources.add(Arns.instance(scope, target.instanceId()));
        events.emit(SOURCE, "CodeDeploy Instance State-change Notification", resources, detail);
    }

    private static List<String> resources(Scope scope, DeploymentRecord deployment, GroupRecord group) {
        String application = deployment.info().applicationName();
        return List.of(Arns.application(scope, application), Arns.group(scope, application, group.name()));
    }

    private static Map<String, String> detail(
            Scope scope, DeploymentRecord deployment, GroupRecord group, String state) {
        Map<String, String> detail = new LinkedHashMap<>();
        detail.put("region", scope.region());
        detail.put("deploymentId", deployment.id());
        detail.put("instanceGroupId", group.id());
        detail.put("deploymentGroup", group.name());
        detail.put("state", state);
        detail.put("application", deployment.info().applicationName());
        return detail;
    }

    private static String state(DeploymentStatus status) {
        return switch (status) {
            case SUCCEEDED -> "SUCCESS";
            case FAILED -> "FAILURE";
            case STOPPED -> "STOP";
            case READY -> "READY";
            case CREATED, QUEUED, IN_PROGRESS, BAKING, UNKNOWN_TO_SDK_VERSION -> "START";
        };
    }

    private static String state(TargetStatus status) {
        return switch (status) {
            case SUCCEEDED -> "SUCCESS";
            case FAILED, SKIPPED -> "FAILURE";
            case READY -> "READY";
            case PENDING, IN_PROGRESS, UNKNOWN, UNKNOWN_TO_SDK_VERSION -> "START";
        };
    }

    /** CodeDeploy's ARNs. */
    static final class Arns {
        private static final String SERVICE = "codedeploy";

        private Arns() {}

        static String application(Scope scope, String name) {
            return arn(scope, "application:" + name);
        }

        static String group(Scope scope, String application, String name) {
            return arn(scope, "deploymentgroup:" + application + "/" + name);
        }

        static String instance(Scope scope, String id) {
            return arn(scope, "instance/" + id);
        }

        private static String arn(Scope scope, String resource) {
            return Arn.of(SERVICE, scope.region(), scope.account(), resource).toString();
        }
    }
}

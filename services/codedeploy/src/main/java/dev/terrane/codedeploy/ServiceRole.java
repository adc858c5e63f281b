package dev.terrane.codedeploy;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.codedeploy.model.DeploymentGroupInfo;

/** A group's service role, as which CodeDeploy reaches the customer's resources. */
record ServiceRole(Clients clients, DeploymentGroupInfo group) {
    static final String PRINCIPAL = "codedeploy.amazonaws.com";

    ServiceRole(Clients clients, GroupRecord group) {
        this(clients, group.info());
    }

    /** Assumes the role.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException AccessDenied */
    void assume() {
        clients.callAs(actor(), Call.current().region());
    }

    <C extends SdkClient> C client(Class<C> api) {
        return clients.client(api, actor(), Call.current().region());
    }

    private Actor.Role actor() {
        Scope scope = Call.current().scope();
        String source = CodeDeployEvents.Arns.group(scope, group.applicationName(), group.deploymentGroupName());
        return new Actor.Role(group.serviceRoleArn(), PRINCIPAL, "CodeDeploy", source);
    }
}

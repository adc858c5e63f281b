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

    <C extends SdkClient> C client(Class<C> api) {
        Scope scope = Call.current().scope();
        String source = CodeDeployEvents.Arns.group(scope, group.applicationName(), group.deploymentGroupName());
        return clients.client(
                api, new Actor.Role(group.serviceRoleArn(), PRINCIPAL, "CodeDeploy", source), scope.region());
    }
}

package dev.terrane.codedeploy;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import software.amazon.awssdk.core.SdkClient;

/** A group's service role, as which CodeDeploy reaches the customer's resources. */
record ServiceRole(Clients clients, String roleArn) {
    static final String PRINCIPAL = "codedeploy.amazonaws.com";

    ServiceRole(Clients clients, GroupRecord group) {
        this(clients, group.info().serviceRoleArn());
    }

    <C extends SdkClient> C client(Class<C> api) {
        return clients.client(
                api,
                new Actor.Role(roleArn, PRINCIPAL, "CodeDeploy"),
                Call.current().region());
    }
}

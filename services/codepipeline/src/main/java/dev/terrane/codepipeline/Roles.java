package dev.terrane.codepipeline;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.codepipeline.model.ActionDeclaration;

/** Calls of actions, in the name of the action's role or else the pipeline's. */
final class Roles {
    static final String SERVICE = "codepipeline.amazonaws.com";
    private static final int LONGEST_SESSION = 64;

    private final Clients clients;

    Roles(Clients clients) {
        this.clients = clients;
    }

    static Actor.Role actor(Scope scope, String role, String pipeline) {
        return new Actor.Role(
                role,
                SERVICE,
                pipeline.length() > LONGEST_SESSION ? pipeline.substring(0, LONGEST_SESSION) : pipeline,
                CodePipelineEvents.arn(scope, pipeline));
    }

    /**
     * As whom an action acts: as its own role, which the pipeline's role assumes, or else as the pipeline's.
     *
     * @param role the pipeline's
     */
    static Actor actor(Scope scope, String role, ActionDeclaration action, String pipeline) {
        Actor.Role whole = actor(scope, role, pipeline);
        return action.roleArn() == null || action.roleArn().equals(role)
                ? whole
                : new Actor.ChainedRole(whole, action.roleArn());
    }

    private static Actor actor(ActionRecord action) {
        return actor(Call.current().scope(), action.role(), action.declaration(), action.pipeline());
    }

    /** A client with the permissions of an action's role, in the region of the pipeline. */
    <C extends SdkClient> C client(Class<C> api, ActionRecord action) {
        return clients.client(api, actor(action), Call.current().region());
    }

    /** The call that an action's role makes, for permissions that no operation stands for. */
    Call callAs(ActionRecord action) {
        return clients.callAs(actor(action), Call.current().region());
    }

    /** A client for what AWS does out of the customer's sight, after the customer's role was found to allow it. */
    <C extends SdkClient> C upkeep(Class<C> api) {
        return clients.client(
                api, new Actor.Platform(Call.current().scope()), Call.current().region());
    }
}

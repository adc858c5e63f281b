package dev.terrane.cloudformation.stackset;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.identity.Credential;
import dev.terrane.kernel.identity.SessionTokens;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/**
 * The way into target accounts: CloudFormation assumes the administration role, and that the execution role of the target account.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-prereqs-self-managed.html">Grant self-managed permissions</a>
 */
final class StackAccounts {
    static final String PRINCIPAL = "cloudformation.amazonaws.com";
    private static final int LONGEST_SESSION_NAME = 64;

    private final Clients clients;
    private final SessionTokens sessions;

    StackAccounts(Clients clients, SessionTokens sessions) {
        this.clients = clients;
        this.sessions = sessions;
    }

    /** A session of an execution role; its credentials are kept nowhere. */
    record Session(Principal principal) {}

    /**
     * Begins a session of the execution role in a target account.
     *
     * @param home the administrator's account and region
     * @throws AwsServiceException with what AWS gives as the result's reason, when the roles do not let it in
     */
    Session enter(Scope home, StackSetRecord set, OperationRecord operation, String account) {
        String administration = operation.administrationRole();
        String name = operation.id().substring(0, Math.min(operation.id().length(), LONGEST_SESSION_NAME));
        Actor.Role administrator = new Actor.Role(administration, PRINCIPAL, name, set.arn());
        String roleName = Arn.find(administration).map(Arn::name).orElse(administration);
        try {
            clients.callAs(administrator, home.region());
        } catch (AwsServiceException e) {
            throw denied("Account " + home.account() + " should have '" + roleName
                    + "' role with trust relationship to CloudFormation service.");
        }
        String execution = Arn.iam(account, "role/" + operation.executionRole()).toString();
        Credentials credentials;
        try {
            credentials = clients.client(StsClient.class, administrator, home.region())
                    .assumeRole(r -> r.roleArn(execution).roleSessionName(name))
                    .credentials();
        } catch (AwsServiceException e) {
            if (e.statusCode() != 403) {
                throw e;
            }
            throw denied("Account " + account + " should have '" + operation.executionRole()
                    + "' role with trust relationship to Role '" + roleName + "'.");
        }
        return new Session(sessions.open(credentials.accessKeyId(), credentials.sessionToken())
                .map(Credential::principal)
                .orElseThrow(() -> new IllegalStateException("STS gave a token that is none")));
    }

    private static AwsServiceException denied(String message) {
        return AwsErrors.of("AccessDenied", 403, message);
    }

    /** CloudFormation in a target, with the rights of the execution role.
     *
     * @param token names the work: what changes something is done once for it */
    CloudFormationClient stacks(Session session, Target target, String token) {
        return clients.once(
                CloudFormationClient.class,
                new Actor.Delegated(session.principal(), new Scope(target.account(), target.region()), PRINCIPAL),
                target.region(),
                token);
    }

    /** Forgets the answers of work that is over. */
    void forget(String token) {
        clients.forget(token);
    }
}

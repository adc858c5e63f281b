package dev.terrane.kernel.policy;

import dev.terrane.kernel.arn.Arn;

/**
 * Who asks, as policies see it ("AWS JSON policy elements: Principal").
 *
 * @param arn what an access denied message names; a service's or provider's name where there is no ARN
 * @param account the principal's account; empty for services, federated identities and anonymous callers
 * @param issuer the ARN of the role of a role session, or of the user of a federated user session; otherwise empty
 * @param uniqueId the unique id of user or role ({@code AIDA…}, {@code AROA…}), or empty when it isn't known
 */
public record PolicyPrincipal(Type type, String arn, String account, String issuer, String uniqueId) {
    /** The kinds of principal that the rules tell apart. */
    public enum Type {
        ROOT,
        USER,
        ROLE_SESSION,
        /** A session of {@code GetFederationToken}. */
        FEDERATED_USER,
        /** An AWS service acting by itself. */
        SERVICE,
        /** An identity of an OIDC or SAML provider, which has nothing but a role's trust policy. */
        FEDERATED,
        ANONYMOUS
    }

    public static PolicyPrincipal root(String account) {
        return new PolicyPrincipal(Type.ROOT, Arn.iam(account, "root").toString(), account, "", "");
    }

    public static PolicyPrincipal user(String arn, String uniqueId) {
        return new PolicyPrincipal(Type.USER, arn, Arn.parse(arn).account(), "", uniqueId);
    }

    /**
     * A session of a role.
     *
     * @param sessionArn {@code …:assumed-role/ROLE/SESSION}
     * @param roleArn the role with its path
     */
    public static PolicyPrincipal roleSession(String sessionArn, String roleArn, String roleId) {
        return new PolicyPrincipal(
                Type.ROLE_SESSION, sessionArn, Arn.parse(roleArn).account(), roleArn, roleId);
    }

    public static PolicyPrincipal federatedUser(String sessionArn, String userArn) {
        return new PolicyPrincipal(
                Type.FEDERATED_USER, sessionArn, Arn.parse(userArn).account(), userArn, "");
    }

    /** A service such as {@code events.amazonaws.com}. */
    public static PolicyPrincipal service(String name) {
        return new PolicyPrincipal(Type.SERVICE, name, "", "", "");
    }

    /** An identity of a provider: the ARN of an IAM identity provider, or a built-in provider's name. */
    public static PolicyPrincipal federated(String provider) {
        return new PolicyPrincipal(Type.FEDERATED, provider, "", "", "");
    }

    public static PolicyPrincipal anonymous() {
        return new PolicyPrincipal(Type.ANONYMOUS, "anonymous", "", "", "");
    }

    /** Whether identity-based policies, boundaries and session policies can speak for it at all. */
    boolean hasIdentity() {
        return switch (type) {
            case ROOT, USER, ROLE_SESSION, FEDERATED_USER -> true;
            case SERVICE, FEDERATED, ANONYMOUS -> false;
        };
    }

    /** Whether its account gives it everything without a policy: the root user, and sessions that the root user began. */
    boolean hasRootsRights() {
        return type == Type.ROOT || (type == Type.FEDERATED_USER && issuer.endsWith(":root"));
    }

    /** Organizations' policies don't touch service-linked roles ("Service control policies", "Resource control policies"). */
    boolean isServiceLinked() {
        return type == Type.ROLE_SESSION
                && Arn.find(issuer)
                        .map(role -> role.resource().startsWith("role/aws-service-role/"))
                        .orElse(false);
    }
}

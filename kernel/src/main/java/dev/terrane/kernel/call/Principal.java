package dev.terrane.kernel.call;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.terrane.kernel.arn.Arn;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Who makes a call, once it is authenticated. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
public sealed interface Principal {
    /** The account that the principal belongs to; empty for {@link Anonymous}, the caller's for {@link Service}. */
    String account();

    /** The principal's ARN as policies and the trail name it. */
    String arn();

    /** The unique id that {@code aws:userid} and {@code GetCallerIdentity} give. */
    String userId();

    /** The account's root user. */
    record Root(String account) implements Principal {
        @Override
        public String arn() {
            return Arn.iam(account, "root").toString();
        }

        @Override
        public String userId() {
            return account;
        }
    }

    /**
     * An IAM user.
     *
     * @param path the user's path, beginning and ending with a slash
     */
    record User(String account, String userId, String path, String name) implements Principal {
        @Override
        public String arn() {
            return Arn.iam(account, "user" + path + name).toString();
        }
    }

    /**
     * A session of a role.
     *
     * @param roleId the role's unique id ({@code AROA…})
     * @param path the role's path
     * @param sessionPolicies inline session policies as JSON, which cut the role's permissions
     * @param sessionTags session tags, as {@code aws:PrincipalTag} sees them
     * @param transitiveTagKeys those of the session tags that go on to sessions which this one begins
     * @param sourceIdentity who is behind the session ({@code aws:SourceIdentity}), or empty
     * @param providerKeys condition keys that the identity provider vouched for by whom the session was begun, and that provider as
     *     {@code aws:FederatedProvider}; empty for other sessions
     */
    record AssumedRole(
            String account,
            String roleId,
            String path,
            String roleName,
            String sessionName,
            List<String> sessionPolicies,
            Map<String, String> sessionTags,
            List<String> transitiveTagKeys,
            String sourceIdentity,
            Map<String, List<String>> providerKeys)
            implements Principal {
        public AssumedRole {
            sessionPolicies = List.copyOf(sessionPolicies);
            sessionTags = Map.copyOf(sessionTags);
            transitiveTagKeys = List.copyOf(transitiveTagKeys);
            // Sessions did not always carry them.
            providerKeys = Map.copyOf(Objects.requireNonNullElse(providerKeys, Map.of()));
        }

        /** A session that nothing goes on from. */
        public AssumedRole(
                String account,
                String roleId,
                String path,
                String roleName,
                String sessionName,
                List<String> sessionPolicies,
                Map<String, String> sessionTags) {
            this(account, roleId, path, roleName, sessionName, sessionPolicies, sessionTags, List.of(), "", Map.of());
        }

        @Override
        public String arn() {
            return Arn.of("sts", "", account, "assumed-role/" + roleName + "/" + sessionName)
                    .toString();
        }

        /** The ARN of the role itself. */
        public String roleArn() {
            return Arn.iam(account, "role" + path + roleName).toString();
        }

        @Override
        public String userId() {
            return roleId + ":" + sessionName;
        }
    }

    /**
     * A session that a user, or the root user, began for somebody whom its own application knows ({@code GetFederationToken}). It may do what
     * both its issuer and its session policies allow.
     *
     * @param issuer who began it, a {@link User} or {@link Root}
     * @param sessionPolicies as JSON; without any, only policies of resources that name the session give it rights
     * @param sessionTags as {@code aws:PrincipalTag} sees them, beside the issuer's
     */
    record FederatedUser(Principal issuer, String name, List<String> sessionPolicies, Map<String, String> sessionTags)
            implements Principal {
        public FederatedUser {
            sessionPolicies = List.copyOf(sessionPolicies);
            sessionTags = Map.copyOf(sessionTags);
        }

        @Override
        public String account() {
            return issuer.account();
        }

        @Override
        public String arn() {
            return Arn.of("sts", "", account(), "federated-user/" + name).toString();
        }

        @Override
        public String userId() {
            return account() + ":" + name;
        }
    }

    /**
     * Somebody for whom an identity provider vouches. Only a role's trust policy can let them in.
     *
     * @param type what the trail calls it: {@code WebIdentityUser} or {@code SAMLUser}
     * @param provider the provider's ARN
     * @param userId the provider's name of the user, and what tells it from users of other providers
     * @param userName the user as the provider names it
     * @param keys condition keys that the provider vouches for
     * @param sessionTags which a session of this identity has
     * @param transitiveTagKeys those that go on to sessions which that one begins
     * @param sourceIdentity who is behind a session, or empty
     */
    record Federated(
            String type,
            String provider,
            String userId,
            String userName,
            Map<String, List<String>> keys,
            Map<String, String> sessionTags,
            List<String> transitiveTagKeys,
            String sourceIdentity)
            implements Principal {
        public Federated {
            keys = Map.copyOf(keys);
            sessionTags = Map.copyOf(sessionTags);
            transitiveTagKeys = List.copyOf(transitiveTagKeys);
        }

        /** None: it is the provider that belongs to an account. */
        @Override
        public String account() {
            return "";
        }

        @Override
        public String arn() {
            return provider;
        }
    }

    /**
     * A service of the platform acting on its own, such as {@code codepipeline.amazonaws.com}.
     *
     * @param account the account it acts for
     */
    record Service(String account, String name) implements Principal {
        @Override
        public String arn() {
            return name;
        }

        @Override
        public String userId() {
            return name;
        }
    }

    /** Nobody: an unsigned call, which only a resource policy for everyone can allow. */
    record Anonymous() implements Principal {
        @Override
        public String account() {
            return "";
        }

        @Override
        public String arn() {
            return "*";
        }

        @Override
        public String userId() {
            return "anonymous";
        }
    }
}

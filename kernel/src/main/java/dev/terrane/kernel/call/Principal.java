package dev.terrane.kernel.call;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.terrane.kernel.arn.Arn;
import java.util.List;
import java.util.Map;

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
            String sourceIdentity)
            implements Principal {
        public AssumedRole {
            sessionPolicies = List.copyOf(sessionPolicies);
            sessionTags = Map.copyOf(sessionTags);
            transitiveTagKeys = List.copyOf(transitiveTagKeys);
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
            this(account, roleId, path, roleName, sessionName, sessionPolicies, sessionTags, List.of(), "");
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

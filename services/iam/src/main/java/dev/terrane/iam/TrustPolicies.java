package dev.terrane.iam;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.policy.PolicyDocument;
import dev.terrane.kernel.policy.PolicyType;
import dev.terrane.kernel.policy.PrincipalSpec;
import dev.terrane.kernel.policy.Statement;
import java.util.regex.Pattern;

/** The policies that say who may assume a role. */
final class TrustPolicies {
    private static final int LONGEST = 2_048;

    /** What service principals look like; which ones AWS knows is published nowhere. */
    private static final Pattern SERVICE =
            Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)*\\.(amazonaws\\.com(\\.cn)?|amazon\\.com|aws\\.internal)");

    private TrustPolicies() {}

    /**
     * Checks a trust policy, including that the users and roles that it names exist.
     *
     * @throws software.amazon.awssdk.services.iam.model.MalformedPolicyDocumentException when it is none
     */
    static void check(IamTables tables, String json) {
        if (Documents.size(json) > LONGEST) {
            throw Refusals.quota("ACLSizePerRole", LONGEST);
        }
        PolicyDocument document = Documents.parse(json, PolicyType.TRUST);
        document.statements().stream()
                .map(Statement::principals)
                .flatMap(principals -> principals.stream())
                .flatMap(spec -> spec.named().stream())
                .forEach(named -> {
                    if (named instanceof PrincipalSpec.Named.Identity(String arn) && !exists(tables, arn)) {
                        throw Refusals.malformed("Invalid principal in policy: \"AWS\":\"" + arn + "\"");
                    }
                    if (named instanceof PrincipalSpec.Named.Service(String service)
                            && !SERVICE.matcher(service).matches()) {
                        throw Refusals.malformed("Invalid principal in policy: \"SERVICE\":\"" + service + "\"");
                    }
                });
    }

    private static boolean exists(IamTables tables, String text) {
        Arn arn = Arn.parse(text);
        if (!arn.service().equals("iam")) {
            return true;
        }
        Scope scope = Scope.global(arn.account());
        String key = Names.key(arn.name());
        return switch (arn.type()) {
            case "user" ->
                tables.users().get(scope, key).filter(u -> u.arn().equals(text)).isPresent();
            case "role" ->
                tables.roles().get(scope, key).filter(r -> r.arn().equals(text)).isPresent();
            default -> false;
        };
    }

    /**
     * Puts the unique id in the place of the ARN of a user or role that is being deleted, as AWS does, so that one made anew under its name
     * isn't trusted.
     */
    static void orphan(IamTables tables, Scope scope, Identity deleted) {
        String arn = "\"" + deleted.arn() + "\"";
        for (RoleRecord role : tables.roles().all(scope)) {
            if (role.trust().contains(arn) && !role.id().equals(deleted.id())) {
                tables.roles().put(scope, role.withTrust(role.trust().replace(arn, "\"" + deleted.id() + "\"")));
            }
        }
    }
}

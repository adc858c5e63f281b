package dev.terrane.kernel.authorization;

import dev.terrane.kernel.arn.Arn;
import java.util.List;
import java.util.Map;

/**
 * One thing that the caller must be allowed to do.
 *
 * @param action such as {@code logs:PutLogEvents}
 * @param resources ARNs, each of which must be allowed; {@code *} alone where the action knows no resource, or the request
 *     names none
 * @param conditions condition keys that come from the request itself
 */
public record Requirement(String action, List<String> resources, Map<String, List<String>> conditions) {
    public Requirement {
        resources = resources.isEmpty() ? List.of("*") : List.copyOf(resources);
        conditions = Map.copyOf(conditions);
    }

    /** The account of a resource, as its ARN says; the caller's where it says none. */
    public static String account(String resource, ResourceScope scope) {
        return Arn.find(resource)
                .map(Arn::account)
                .filter(account -> account.matches("[0-9]{12}"))
                .orElse(scope.account());
    }
}

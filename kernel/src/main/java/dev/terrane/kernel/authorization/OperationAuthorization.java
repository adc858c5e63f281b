package dev.terrane.kernel.authorization;

import dev.terrane.kernel.authorization.Overlay.Asked;
import dev.terrane.kernel.authorization.ServiceFacts.Action;
import dev.terrane.kernel.authorization.ServiceFacts.MemberCondition;
import dev.terrane.kernel.authorization.ServiceFacts.ResourceType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.core.SdkPojo;

/** What one operation requires. Immutable. */
public final class OperationAuthorization {
    private final String service;
    private final String operation;
    private final Map<String, Action> actions;
    private final Overlay overlay;

    OperationAuthorization(String service, String operation, Map<String, Action> actions, Overlay overlay) {
        this.service = service;
        this.operation = operation;
        this.actions = actions;
        this.overlay = overlay;
    }

    /** Whether valid credentials are enough, whatever the policies say: {@code GetCallerIdentity}. */
    public boolean unrestricted() {
        return actions.isEmpty();
    }

    /** The IAM actions that the operation can require of itself; {@code iam:PassRole} and the like not among them. */
    public List<String> actions() {
        return actions.values().stream().map(Action::name).toList();
    }

    /** Whether all that the operation does is to read, by AWS's access levels. */
    public boolean readOnly() {
        return actions.values().stream()
                .allMatch(a -> a.level().equals("Read") || a.level().equals("List"));
    }

    /** Whether AWS checks a resource of each of the operation's actions: then a request names one. */
    public boolean requiresResource() {
        return actions.values().stream().allMatch(a -> a.resources().stream().anyMatch(ResourceType::required));
    }

    /** What this request requires; resources are told by their names alone. */
    public List<Requirement> requirements(SdkPojo request, ResourceScope scope) {
        return requirements(request, scope, ResourceNames.NONE);
    }

    /**
     * What this request requires: all of it must be allowed. Empty for an {@linkplain #unrestricted() unrestricted}
     * operation.
     */
    public List<Requirement> requirements(SdkPojo request, ResourceScope scope, ResourceNames names) {
        if (unrestricted()) {
            return List.of();
        }
        Asked asked = new Asked(operation, new RequestMembers(request), scope, names);
        List<Requirement> required = new ArrayList<>();
        for (String name : overlay.actions(asked)) {
            Action action = actions.get(name);
            if (action == null) {
                throw new IllegalStateException(service + ":" + operation + " does not declare " + name);
            }
            required.add(
                    new Requirement(action.name(), resources(name, action, asked), conditions(name, action, asked)));
        }
        required.addAll(PassedRoles.of(service, asked));
        required.addAll(overlay.more(asked));
        return required;
    }

    /** Resource types of which AWS requires one, and that this request doesn't name; for tests of the declarations. */
    List<String> unresolved(SdkPojo request, ResourceScope scope) {
        Asked asked = new Asked(operation, new RequestMembers(request), scope, ResourceNames.NONE);
        List<String> unresolved = new ArrayList<>();
        actions.forEach((name, action) -> {
            if (overlay.resources(name, asked).isEmpty()) {
                for (ResourceType type : action.resources()) {
                    if (type.required() && find(name, type, action, asked).isEmpty()) {
                        unresolved.add(type.name());
                    }
                }
            }
        });
        return unresolved;
    }

    private List<String> resources(String name, Action action, Asked asked) {
        return overlay.resources(name, asked).orElseGet(() -> {
            Set<String> arns = new LinkedHashSet<>();
            for (ResourceType type : action.resources()) {
                List<String> found = find(name, type, action, asked);
                if (!found.isEmpty()) {
                    arns.addAll(found);
                } else if (type.required()) {
                    arns.add(type.arn().fill(asked.scope(), Map.of()));
                }
            }
            return List.copyOf(arns);
        });
    }

    private List<String> find(String name, ResourceType type, Action action, Asked asked) {
        return overlay.resources(name, type, asked)
                .orElseGet(() ->
                        ResourceFinder.find(service, type, action.resources().size() == 1, asked));
    }

    private Map<String, List<String>> conditions(String name, Action action, Asked asked) {
        Map<String, List<String>> conditions = new LinkedHashMap<>(RequestTags.conditions(asked.members()));
        for (MemberCondition condition : action.conditions()) {
            List<String> values = asked.members().at(condition.path());
            if (!values.isEmpty()) {
                conditions.put(condition.key(), values);
            }
        }
        conditions.putAll(overlay.conditions(name, asked));
        return conditions;
    }

    @Override
    public String toString() {
        return service + ":" + operation + actions.keySet();
    }
}

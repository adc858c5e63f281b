package dev.terrane.kernel.authorization;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.authorization.ServiceFacts.ResourceType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** STS. "No permissions are required" for GetCallerIdentity, and none can be withheld for GetSessionToken. */
final class StsOverlay implements Overlay {
    @Override
    public boolean unrestricted(String operation) {
        return operation.equals("GetCallerIdentity") || operation.equals("GetSessionToken");
    }

    @Override
    public Optional<List<String>> resources(String action, ResourceType type, Asked asked) {
        return switch (type.name()) {
            case "role" -> Optional.of(asked.members().texts("rolearn"));
            case "root-user" ->
                Optional.of(asked
                        .text("targetprincipal")
                        .map(target -> Arn.isArn(target) ? target : arn("iam", target, "root", asked))
                        .stream()
                        .toList());
            case "federated-user" -> Optional.of(federatedUser(asked));
            default -> Optional.empty();
        };
    }

    private static List<String> federatedUser(Asked asked) {
        return asked
                .text("name")
                .map(name -> arn("sts", asked.scope().account(), "federated-user/" + name, asked))
                .stream()
                .toList();
    }

    private static String arn(String service, String account, String resource, Asked asked) {
        return new Arn(asked.scope().partition(), service, "", account, resource).toString();
    }

    @Override
    public Map<String, List<String>> conditions(Asked asked) {
        Map<String, List<String>> conditions = new LinkedHashMap<>();
        asked.text("externalid").ifPresent(id -> conditions.put("sts:ExternalId", List.of(id)));
        asked.text("rolesessionname").ifPresent(name -> conditions.put("sts:RoleSessionName", List.of(name)));
        asked.text("sourceidentity").ifPresent(name -> conditions.put("sts:SourceIdentity", List.of(name)));
        List<String> transitive = asked.members().texts("transitivetagkeys");
        if (!transitive.isEmpty()) {
            conditions.put("sts:TransitiveTagKeys", transitive);
        }
        return conditions;
    }

    /** Tagging a session, and naming who is behind it, are permissions of their own. */
    @Override
    public List<Requirement> more(Asked asked) {
        List<String> session = switch (asked.operation()) {
            case "AssumeRole" -> asked.members().texts("rolearn");
            case "GetFederationToken" -> federatedUser(asked);
            default -> List.of();
        };
        if (session.isEmpty()) {
            return List.of();
        }
        Map<String, List<String>> conditions = new LinkedHashMap<>(RequestTags.conditions(asked.members()));
        conditions.putAll(conditions(asked));
        List<Requirement> more = new ArrayList<>();
        if (asked.members().member("tags").isPresent() && conditions.containsKey("aws:TagKeys")) {
            more.add(new Requirement("sts:TagSession", session, conditions));
        }
        if (asked.has("sourceidentity")) {
            more.add(new Requirement("sts:SetSourceIdentity", session, conditions));
        }
        return more;
    }
}

package dev.terrane.kernel.authorization;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.authorization.ServiceFacts.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** IAM, where ARNs hold paths: new resources have theirs in the request, existing ones are looked up. */
final class IamOverlay implements Overlay {
    @Override
    public boolean declares(String action) {
        return action.equals("UpdateDelegationRequest");
    }

    /** What these ask about is of one type, though the reference requires each. */
    @Override
    public Optional<List<String>> resources(String action, Asked asked) {
        return switch (action) {
            case "GenerateServiceLastAccessedDetails", "ListPoliciesGrantingServiceAccess" ->
                Optional.of(asked.members().texts("arn"));
            case "GetContextKeysForPrincipalPolicy", "SimulatePrincipalPolicy" ->
                Optional.of(asked.members().texts("policysourcearn"));
            case "GetAccessKeyLastUsed" ->
                Optional.of(asked
                        .text("accesskeyid")
                        .flatMap(key -> asked.names().find("iam", "access-key", key))
                        .or(() -> Optional.of(arn("user/*", asked)))
                        .stream()
                        .toList());
            default -> Optional.empty();
        };
    }

    @Override
    public Optional<List<String>> resources(String action, ResourceType type, Asked asked) {
        if (action.equals("CreateServiceLinkedRole")) {
            String service = asked.text("awsservicename").orElse("*");
            return Optional.of(List.of(arn("role/aws-service-role/" + service + "/*", asked)));
        }
        String member = switch (type.name()) {
            case "user" -> "username";
            case "role" -> "rolename";
            case "group" -> "groupname";
            case "instance-profile" -> "instanceprofilename";
            case "policy" -> "policyname";
            case "server-certificate" -> "servercertificatename";
            case "saml-provider" -> action.startsWith("Create") ? "name" : "";
            case "mfa" -> "virtualmfadevicename";
            default -> "";
        };
        if (type.name().equals("policy") && !action.equals("CreatePolicy")) {
            return Optional.empty();
        }
        if (type.name().equals("oidc-provider") && action.startsWith("Create")) {
            return Optional.of(
                    asked
                            .text("url")
                            .map(url -> arn("oidc-provider/" + url.replaceFirst("^https?://", ""), asked))
                            .stream()
                            .toList());
        }
        if (type.name().equals("mfa") && asked.has("serialnumber")) {
            return Optional.of(
                    asked.text("serialnumber").filter(Arn::isArn).stream().toList());
        }
        Optional<String> name = member.isEmpty() ? Optional.empty() : asked.text(member);
        if (name.isEmpty()) {
            return type.name().equals("user") ? itself(asked) : Optional.empty();
        }
        String path = asked.text("path").orElse("/");
        if (action.startsWith("Create") || action.startsWith("Upload")) {
            return Optional.of(List.of(arn(type.name() + path + name.get(), asked)));
        }
        return Optional.of(List.of(asked.names()
                .find("iam", type.name(), name.get())
                .orElseGet(() -> arn(type.name() + "/" + name.get(), asked))));
    }

    /** Without a user's name, many operations are about the caller. */
    private static Optional<List<String>> itself(Asked asked) {
        return asked.names().find("iam", "user", "").map(List::of);
    }

    private static String arn(String resource, Asked asked) {
        return new Arn(asked.scope().partition(), "iam", "", asked.scope().account(), resource).toString();
    }

    @Override
    public Map<String, List<String>> conditions(Asked asked) {
        return asked.text("permissionsboundary")
                .map(boundary -> Map.of("iam:PermissionsBoundary", List.of(boundary)))
                .orElseGet(Map::of);
    }

    /** The role in an instance profile is passed to EC2. */
    @Override
    public List<Requirement> more(Asked asked) {
        List<Requirement> more = new ArrayList<>();
        if (asked.operation().equals("AddRoleToInstanceProfile")) {
            asked.text("rolename")
                    .ifPresent(role ->
                            more.add(PassedRoles.passing("ec2.amazonaws.com", List.of(PassedRoles.role(role, asked)))));
        }
        return more;
    }
}

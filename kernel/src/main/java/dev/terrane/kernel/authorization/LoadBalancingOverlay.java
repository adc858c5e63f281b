package dev.terrane.kernel.authorization;

import dev.terrane.kernel.arn.Arn;
import java.util.List;
import java.util.Optional;

/** Elastic Load Balancing: everything that exists goes by ARN; what is created, by the name it will have. */
final class LoadBalancingOverlay implements Overlay {
    @Override
    public Optional<List<String>> resources(String action, Asked asked) {
        List<String> arns = asked.members().all().stream()
                .filter(text -> Arn.find(text)
                        .map(arn -> arn.service().equals("elasticloadbalancing"))
                        .orElse(false))
                .toList();
        if (!arns.isEmpty()) {
            return Optional.of(arns);
        }
        String name = asked.text("name").orElse("*");
        String kind = switch (asked.text("type").orElse("application")) {
            case "network" -> "net/";
            case "gateway" -> "gwy/";
            default -> "app/";
        };
        return switch (action) {
            case "CreateLoadBalancer" -> Optional.of(List.of(arn("loadbalancer/" + kind + name + "/*", asked)));
            case "CreateTargetGroup" -> Optional.of(List.of(arn("targetgroup/" + name + "/*", asked)));
            case "CreateTrustStore" -> Optional.of(List.of(arn("truststore/" + name + "/*", asked)));
            case "SetRulePriorities" -> Optional.of(asked.members().at("RulePriorities.RuleArn"));
            default -> Optional.empty();
        };
    }

    private static String arn(String resource, Asked asked) {
        return new Arn(
                        asked.scope().partition(),
                        "elasticloadbalancing",
                        asked.scope().region(),
                        asked.scope().account(),
                        resource)
                .toString();
    }
}

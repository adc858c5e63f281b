package dev.terrane.kernel.authorization;

import dev.terrane.kernel.authorization.ServiceFacts.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Auto Scaling: groups go by name, tags name their group as a resource. */
final class AutoScalingOverlay implements Overlay {
    private static final Pattern POLICY = Pattern.compile(".*:autoScalingGroupName/([^:]+):policyName/.+");

    @Override
    public Optional<List<String>> resources(String action, ResourceType type, Asked asked) {
        if (!type.name().equals("autoScalingGroup")) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>(asked.members().texts("autoscalinggroupname"));
        names.addAll(asked.members().texts("autoscalinggroupnames"));
        names.addAll(asked.members().at("Tags.ResourceId"));
        // A policy may be named by its ARN, which names its group.
        asked.text("policyname")
                .map(POLICY::matcher)
                .filter(Matcher::matches)
                .ifPresent(arn -> names.add(arn.group(1)));
        if (names.isEmpty()) {
            // Some operations name an instance, and mean its group.
            return Optional.of(
                    asked.text("instanceid").flatMap(id -> asked.names().find("autoscaling", "instance", id)).stream()
                            .toList());
        }
        return Optional.of(names.stream()
                .distinct()
                .map(name -> asked.names()
                        .find("autoscaling", "autoScalingGroup", name)
                        .orElseGet(() -> type.arn().fillLast(asked.scope(), name)))
                .toList());
    }
}

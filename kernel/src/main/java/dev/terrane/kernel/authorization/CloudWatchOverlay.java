package dev.terrane.kernel.authorization;

import dev.terrane.kernel.authorization.ServiceFacts.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** CloudWatch. */
final class CloudWatchOverlay implements Overlay {
    @Override
    public boolean declares(String action) {
        return action.equals("DescribeAlarmContributors");
    }

    @Override
    public Optional<List<String>> resources(String action, ResourceType type, Asked asked) {
        if (type.name().equals("alarm")) {
            List<String> names = new ArrayList<>(asked.members().texts("alarmname"));
            names.addAll(asked.members().texts("alarmnames"));
            if (!names.isEmpty()) {
                return Optional.of(names.stream()
                        .map(name -> type.arn().fillLast(asked.scope(), name))
                        .toList());
            }
        }
        if (type.name().equals("insight-rule") && !asked.has("resourcearn")) {
            List<String> names = new ArrayList<>(asked.members().texts("rulename"));
            names.addAll(asked.members().texts("rulenames"));
            return Optional.of(names.stream()
                    .map(name -> type.arn().fillLast(asked.scope(), name))
                    .toList());
        }
        return Optional.empty();
    }
}

package dev.terrane.kernel.authorization;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.authorization.ServiceFacts.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * CloudWatch Logs. But for tagging, AWS evaluates a log group as the log streams in it ({@code …:log-group:NAME:log-stream:}),
 * which is why policies end in {@code :*} ("CloudWatch Logs resources").
 */
final class LogsOverlay implements Overlay {
    @Override
    public Optional<List<String>> resources(String action, ResourceType type, Asked asked) {
        return switch (type.name()) {
            case "log-group" -> group(action, asked);
            case "log-stream" -> Optional.of(streams(asked));
            default -> Optional.empty();
        };
    }

    private static Optional<List<String>> group(String action, Asked asked) {
        boolean tagging = action.endsWith("Resource") || action.equals("ListTagsForResource");
        List<String> groups = groups(asked);
        if (groups.isEmpty()) {
            return tagging ? Optional.empty() : Optional.of(List.of());
        }
        return Optional.of(groups.stream()
                .map(group -> tagging ? group : group + ":log-stream:")
                .toList());
    }

    private static List<String> streams(Asked asked) {
        String stream = asked.text("logstreamname").orElse("");
        return groups(asked).stream()
                .map(group -> group + ":log-stream:" + stream)
                .toList();
    }

    /** ARNs of groups without {@code :*}. */
    private static List<String> groups(Asked asked) {
        List<String> names = new ArrayList<>();
        for (String member : List.of(
                "loggroupname",
                "loggroupidentifier",
                "loggroupnames",
                "loggroupidentifiers",
                "loggrouparn",
                "loggrouparnlist",
                "resourceidentifier")) {
            names.addAll(asked.members().texts(member));
        }
        return names.stream()
                .map(name -> {
                    if (!Arn.isArn(name)) {
                        return new Arn(
                                        asked.scope().partition(),
                                        "logs",
                                        asked.scope().region(),
                                        asked.scope().account(),
                                        "log-group:" + name)
                                .toString();
                    }
                    return name.endsWith(":*") ? name.substring(0, name.length() - 2) : name;
                })
                .distinct()
                .toList();
    }
}

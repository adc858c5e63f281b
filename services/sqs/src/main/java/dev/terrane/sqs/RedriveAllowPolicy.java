package dev.terrane.sqs;

import dev.terrane.kernel.store.RecordCodec;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Which queues may use a queue for their dead letters; all of the account where nothing is said. */
record RedriveAllowPolicy(String permission, List<String> sources) {
    private static final int MOST_SOURCES = 10;

    RedriveAllowPolicy {
        sources = List.copyOf(sources);
    }

    static RedriveAllowPolicy of(QueueRecord queue) {
        String json = queue.attribute(QueueAttributes.REDRIVE_ALLOW_POLICY);
        return json.isEmpty() ? new RedriveAllowPolicy("allowAll", List.of()) : read(json);
    }

    static RedriveAllowPolicy read(String json) {
        try {
            JsonNode node = RecordCodec.json().readTree(json);
            List<String> sources = new ArrayList<>();
            node.path("sourceQueueArns").values().forEach(arn -> sources.add(arn.asString("")));
            String permission = node.path("redrivePermission").asString("");
            boolean right = switch (permission) {
                case "allowAll", "denyAll" -> sources.isEmpty();
                case "byQueue" -> !sources.isEmpty() && sources.size() <= MOST_SOURCES;
                default -> false;
            };
            if (right) {
                return new RedriveAllowPolicy(permission, sources);
            }
        } catch (JacksonException e) {
            throw refused(json);
        }
        throw refused(json);
    }

    private static RuntimeException refused(String json) {
        return Errors.parameter("Value " + json
                + " for parameter RedriveAllowPolicy is invalid. Reason: redrivePermission must be allowAll, denyAll, or byQueue with 1"
                + " to 10 sourceQueueArns.");
    }

    boolean allows(String source) {
        return switch (permission) {
            case "allowAll" -> true;
            case "byQueue" -> sources.contains(source);
            default -> false;
        };
    }
}

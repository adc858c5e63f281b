package dev.terrane.kernel.authorization;

import dev.terrane.kernel.authorization.ServiceFacts.ResourceType;
import java.util.List;
import java.util.Optional;

/** SNS: a batch is allowed like its single form; a subscription belongs to its topic. */
final class SnsOverlay implements Overlay {
    @Override
    public List<String> actions(String operation) {
        return List.of(operation.equals("PublishBatch") ? "Publish" : operation);
    }

    @Override
    public Optional<List<String>> resources(String action, ResourceType type, Asked asked) {
        if (asked.has("subscriptionarn")) {
            return asked.text("subscriptionarn").map(arn -> {
                int id = arn.lastIndexOf(':');
                return List.of(arn.split(":").length > 6 ? arn.substring(0, id) : arn);
            });
        }
        if (action.equals("Publish") && asked.has("phonenumber")) {
            return Optional.of(List.of("*"));
        }
        return Optional.empty();
    }
}

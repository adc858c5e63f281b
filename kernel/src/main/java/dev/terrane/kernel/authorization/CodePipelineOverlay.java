package dev.terrane.kernel.authorization;

import dev.terrane.kernel.authorization.ServiceFacts.ResourceType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** CodePipeline: a pipeline goes by its name, in the request or in the structure within. */
final class CodePipelineOverlay implements Overlay {
    @Override
    public Optional<List<String>> resources(String action, ResourceType type, Asked asked) {
        if (type.name().equals("actiontype") && asked.operation().endsWith("CustomActionType")) {
            return Optional.of(List.of(type.arn()
                    .fill(
                            asked.scope(),
                            Map.of(
                                    "Owner", "Custom",
                                    "Category", asked.text("category").orElse("*"),
                                    "Provider", asked.text("provider").orElse("*"),
                                    "Version", asked.text("version").orElse("*")))));
        }
        if (type.name().equals("webhook")) {
            return asked.members().at("webhook.name").stream()
                    .findFirst()
                    .or(() -> asked.text("webhookname"))
                    .or(() -> asked.operation().equals("DeleteWebhook") ? asked.text("name") : Optional.empty())
                    .map(name -> List.of(type.arn().fillLast(asked.scope(), name)));
        }
        if (!type.name().equals("pipeline")) {
            return Optional.empty();
        }
        return asked.text("pipelinename")
                .or(() -> asked.members().at("pipeline.name").stream().findFirst())
                .or(() -> asked.members().at("webhook.targetPipeline").stream().findFirst())
                .or(() -> asked.operation().contains("Pipeline") ? asked.text("name") : Optional.empty())
                .map(name -> List.of(type.arn().fillLast(asked.scope(), name)));
    }
}

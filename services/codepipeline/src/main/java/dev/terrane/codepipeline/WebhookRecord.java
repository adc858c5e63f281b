package dev.terrane.codepipeline;

import dev.terrane.kernel.call.Scope;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codepipeline.model.ListWebhookItem;
import software.amazon.awssdk.services.codepipeline.model.WebhookDefinition;

/**
 * A webhook.
 *
 * @param id of its URL, which stays the same as long as the webhook does
 * @param triggered when it last let a request through, or null
 * @param error why the last such request started nothing: a code, or empty
 */
record WebhookRecord(
        WebhookDefinition definition,
        String id,
        @Nullable Instant triggered,
        String error,
        String message,
        Map<String, String> tags) {
    private static final String HIDDEN = "****";

    WebhookRecord {
        tags = Map.copyOf(tags);
    }

    String name() {
        return definition.name();
    }

    static String arn(Scope scope, String name) {
        return CodePipelineEvents.arn(scope, "webhook:" + name);
    }

    WebhookRecord withTags(Map<String, String> changed) {
        return new WebhookRecord(definition, id, triggered, error, message, changed);
    }

    WebhookRecord triggered(Instant when, String code, String why) {
        return new WebhookRecord(definition, id, when, code, why, tags);
    }

    /** As it is shown: without its secret. */
    ListWebhookItem describe(Scope scope, String url) {
        WebhookDefinition shown = definition.authenticationConfiguration().secretToken() == null
                ? definition
                : definition.toBuilder()
                        .authenticationConfiguration(a -> a.secretToken(HIDDEN))
                        .build();
        return ListWebhookItem.builder()
                .definition(shown)
                .url(url)
                .arn(arn(scope, name()))
                .lastTriggered(triggered)
                .errorCode(error.isEmpty() ? null : error)
                .errorMessage(message.isEmpty() ? null : message)
                .tags(Tags.listed(tags))
                .build();
    }
}

package dev.terrane.codepipeline;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.policy.AddressRange;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codepipeline.model.*;

/** Webhooks: put, listed, deleted. What comes to their URLs is taken by {@link WebhookCalls}. */
final class Webhooks {
    private static final int MOST = 300;
    private static final int PAGE = 100;

    private final CodePipelineTables tables;
    private final Pipelines pipelines;
    private final Platform.Endpoint endpoint;
    private final PageTokens pages;

    Webhooks(CodePipelineTables tables, Pipelines pipelines, Platform.Endpoint endpoint, PageTokens pages) {
        this.tables = tables;
        this.pipelines = pipelines;
        this.endpoint = endpoint;
        this.pages = pages;
    }

    PutWebhookResponse put(PutWebhookRequest request) {
        Scope scope = Call.current().scope();
        WebhookDefinition definition = request.webhook();
        PipelineRecord pipeline = pipelines.require(definition.targetPipeline());
        if (target(pipeline, definition).isEmpty()) {
            throw Pipelines.validation("The first stage of the pipeline '" + pipeline.name()
                    + "' does not have an action with name '" + definition.targetAction() + "'");
        }
        checkAuthentication(definition);
        definition.filters().forEach(Webhooks::check);
        Optional<WebhookRecord> before = tables.webhook(scope, definition.name());
        if (before.isEmpty()
                && tables.webhooks(scope, Query.all().limit(MOST)).values().size() >= MOST) {
            throw LimitExceededException.builder()
                    .message("An account can have at most " + MOST + " webhooks in a region.")
                    .build();
        }
        Map<String, String> tags = before.map(WebhookRecord::tags)
                .filter(kept -> request.tags().isEmpty())
                .orElseGet(() -> Tags.checked(request.tags()));
        WebhookRecord made = new WebhookRecord(
                definition,
                before.map(WebhookRecord::id).orElseGet(() -> Ids.alphanumeric(32)),
                before.map(WebhookRecord::triggered).orElse(null),
                "",
                "",
                tags);
        tables.put(scope, made);
        return PutWebhookResponse.builder().webhook(describe(scope, made)).build();
    }

    /** The source action that a webhook starts its pipeline for. */
    static Optional<ActionDeclaration> target(PipelineRecord pipeline, WebhookDefinition definition) {
        return pipeline.declaration().stages().getFirst().actions().stream()
                .filter(action -> action.name().equals(definition.targetAction()))
                .findFirst();
    }

    private static void checkAuthentication(WebhookDefinition definition) {
        WebhookAuthConfiguration given = definition.authenticationConfiguration();
        boolean secret = given.secretToken() != null;
        boolean range = given.allowedIPRange() != null;
        boolean right = switch (definition.authentication()) {
            case GITHUB_HMAC -> secret && !range;
            case IP -> range && !secret;
            case UNAUTHENTICATED -> !secret && !range;
            case UNKNOWN_TO_SDK_VERSION -> false;
        };
        if (!right) {
            throw authentication(
                    "GITHUB_HMAC takes a SecretToken only, IP takes an AllowedIPRange only, and UNAUTHENTICATED takes neither.");
        }
        if (range) {
            try {
                AddressRange.parse(given.allowedIPRange());
            } catch (IllegalArgumentException e) {
                throw authentication(given.allowedIPRange() + " is not a valid CIDR range.");
            }
        }
    }

    private static InvalidWebhookAuthenticationParametersException authentication(String message) {
        return InvalidWebhookAuthenticationParametersException.builder()
                .message("The webhook authentication parameters are not valid: " + message)
                .build();
    }

    private static void check(WebhookFilterRule filter) {
        try {
            JsonPath.parse(filter.jsonPath());
        } catch (JsonPath.Unreadable e) {
            throw InvalidWebhookFilterPatternException.builder()
                    .message(e.getMessage())
                    .build();
        }
    }

    ListWebhooksResponse list(ListWebhooksRequest request) {
        Scope scope = Call.current().scope();
        String listing = "codepipeline/webhooks/" + scope;
        int most = request.maxResults() == null ? PAGE : request.maxResults();
        Page<WebhookRecord> page = tables.webhooks(
                scope, Query.all().limit(most).after(Pipelines.cursor(pages, listing, request.nextToken())));
        return ListWebhooksResponse.builder()
                .webhooks(page.values().stream()
                        .map(webhook -> describe(scope, webhook))
                        .toList())
                .nextToken(
                        page.next().map(cursor -> pages.encode(listing, cursor)).orElse(null))
                .build();
    }

    private ListWebhookItem describe(Scope scope, WebhookRecord webhook) {
        return webhook.describe(scope, endpoint.url() + WebhookCalls.path(scope, webhook));
    }

    DeleteWebhookResponse delete(DeleteWebhookRequest request) {
        tables.deleteWebhook(Call.current().scope(), request.name());
        return DeleteWebhookResponse.builder().build();
    }

    /** Only webhooks of GitHub's source actions can be registered, and no pipeline here has such an action. */
    RuntimeException notThirdParty(@Nullable String name) {
        WebhookRecord webhook = Optional.ofNullable(name)
                .flatMap(known -> tables.webhook(Call.current().scope(), known))
                .orElseThrow(() -> WebhookNotFoundException.builder()
                        .message("The webhook '" + name + "' was not found")
                        .build());
        return Pipelines.validation("The action '" + webhook.definition().targetAction() + "' of the pipeline '"
                + webhook.definition().targetPipeline()
                + "' is not of a third party with which its webhook could be registered");
    }
}

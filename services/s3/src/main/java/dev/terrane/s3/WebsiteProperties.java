package dev.terrane.s3;

import dev.terrane.kernel.resource.Properties;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.Condition;
import software.amazon.awssdk.services.s3.model.GetBucketWebsiteResponse;
import software.amazon.awssdk.services.s3.model.Redirect;
import software.amazon.awssdk.services.s3.model.RoutingRule;
import software.amazon.awssdk.services.s3.model.WebsiteConfiguration;

/** Websites as CloudFormation says them, which is otherwise than the API does. */
final class WebsiteProperties {
    private WebsiteProperties() {}

    static WebsiteConfiguration configuration(Properties website) {
        WebsiteConfiguration.Builder built = WebsiteConfiguration.builder();
        website.text("IndexDocument").ifPresent(index -> built.indexDocument(i -> i.suffix(index)));
        website.text("ErrorDocument").ifPresent(error -> built.errorDocument(e -> e.key(error)));
        if (website.has("RedirectAllRequestsTo")) {
            Properties all = website.object("RedirectAllRequestsTo");
            built.redirectAllRequestsTo(r -> r.hostName(all.required("HostName"))
                    .protocol(all.text("Protocol").orElse(null)));
        }
        if (website.has("RoutingRules")) {
            built.routingRules(website.objects("RoutingRules").stream()
                    .map(WebsiteProperties::rule)
                    .toList());
        }
        return built.build();
    }

    private static RoutingRule rule(Properties rule) {
        return RoutingRule.builder()
                .redirect(rule.as("RedirectRule", Redirect.builder()).orElse(null))
                .condition(rule.as("RoutingRuleCondition", Condition.builder()).orElse(null))
                .build();
    }

    static Map<String, Object> of(GetBucketWebsiteResponse found) {
        Map<String, Object> told = new LinkedHashMap<>();
        if (found.indexDocument() != null) {
            told.put("IndexDocument", found.indexDocument().suffix());
        }
        if (found.errorDocument() != null) {
            told.put("ErrorDocument", found.errorDocument().key());
        }
        if (found.redirectAllRequestsTo() != null) {
            Map<String, Object> all = new LinkedHashMap<>();
            put(all, "HostName", found.redirectAllRequestsTo().hostName());
            put(all, "Protocol", found.redirectAllRequestsTo().protocolAsString());
            told.put("RedirectAllRequestsTo", all);
        }
        if (!found.routingRules().isEmpty()) {
            List<Map<String, Object>> rules =
                    found.routingRules().stream().map(WebsiteProperties::of).toList();
            told.put("RoutingRules", rules);
        }
        return told;
    }

    private static Map<String, Object> of(RoutingRule rule) {
        Map<String, Object> redirect = new LinkedHashMap<>();
        put(redirect, "HostName", rule.redirect().hostName());
        put(redirect, "HttpRedirectCode", rule.redirect().httpRedirectCode());
        put(redirect, "Protocol", rule.redirect().protocolAsString());
        put(redirect, "ReplaceKeyPrefixWith", rule.redirect().replaceKeyPrefixWith());
        put(redirect, "ReplaceKeyWith", rule.redirect().replaceKeyWith());
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("RedirectRule", redirect);
        if (rule.condition() != null) {
            Map<String, Object> condition = new LinkedHashMap<>();
            put(condition, "HttpErrorCodeReturnedEquals", rule.condition().httpErrorCodeReturnedEquals());
            put(condition, "KeyPrefixEquals", rule.condition().keyPrefixEquals());
            told.put("RoutingRuleCondition", condition);
        }
        return told;
    }

    private static void put(Map<String, Object> map, String name, @Nullable String value) {
        if (value != null) {
            map.put(name, value);
        }
    }
}

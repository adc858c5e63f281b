package dev.terrane.s3;

import dev.terrane.kernel.resource.Properties;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.*;

/** Lifecycle rules as CloudFormation says them, which is otherwise than the API does. */
final class LifecycleProperties {
    private LifecycleProperties() {}

    static List<LifecycleRule> rules(Properties lifecycle) {
        return lifecycle.objects("Rules").stream()
                .map(LifecycleProperties::rule)
                .toList();
    }

    private static LifecycleRule rule(Properties rule) {
        LifecycleRule.Builder built = LifecycleRule.builder()
                .id(rule.text("Id").orElse(null))
                .status(rule.text("Status").orElse(null))
                .filter(filter(rule));
        if (rule.has("ExpirationInDays") || rule.has("ExpirationDate") || rule.has("ExpiredObjectDeleteMarker")) {
            built.expiration(e -> e.days(rule.integer("ExpirationInDays").orElse(null))
                    .date(rule.text("ExpirationDate")
                            .map(LifecycleProperties::midnight)
                            .orElse(null))
                    .expiredObjectDeleteMarker(
                            rule.flag("ExpiredObjectDeleteMarker").orElse(null)));
        }
        if (rule.has("NoncurrentVersionExpiration") || rule.has("NoncurrentVersionExpirationInDays")) {
            Properties noncurrent = rule.object("NoncurrentVersionExpiration");
            built.noncurrentVersionExpiration(e -> e.noncurrentDays(noncurrent
                            .integer("NoncurrentDays")
                            .or(() -> rule.integer("NoncurrentVersionExpirationInDays"))
                            .orElse(null))
                    .newerNoncurrentVersions(
                            noncurrent.integer("NewerNoncurrentVersions").orElse(null)));
        }
        if (rule.has("AbortIncompleteMultipartUpload")) {
            built.abortIncompleteMultipartUpload(
                    a -> a.daysAfterInitiation(rule.object("AbortIncompleteMultipartUpload")
                            .integer("DaysAfterInitiation")
                            .orElse(null)));
        }
        return built.build();
    }

    /** YAML writes a day also without its time. */
    private static Instant midnight(String date) {
        return Instant.parse(date.indexOf('T') < 0 ? date + "T00:00:00Z" : date);
    }

    private static LifecycleRuleFilter filter(Properties rule) {
        Optional<String> prefix = rule.text("Prefix");
        Optional<Long> above = rule.number("ObjectSizeGreaterThan");
        Optional<Long> below = rule.number("ObjectSizeLessThan");
        List<Tag> tags = rule.allAs("TagFilters", tag -> Tag.builder());
        int predicates = tags.size()
                + (int) List.of(prefix, above, below).stream()
                        .filter(Optional::isPresent)
                        .count();
        LifecycleRuleFilter.Builder filter = LifecycleRuleFilter.builder();
        if (predicates > 1) {
            return filter.and(and -> and.prefix(prefix.orElse(null))
                            .tags(tags)
                            .objectSizeGreaterThan(above.orElse(null))
                            .objectSizeLessThan(below.orElse(null)))
                    .build();
        }
        if (!tags.isEmpty()) {
            return filter.tag(tags.getFirst()).build();
        }
        if (above.isPresent() || below.isPresent()) {
            return filter.objectSizeGreaterThan(above.orElse(null))
                    .objectSizeLessThan(below.orElse(null))
                    .build();
        }
        return filter.prefix(prefix.orElse("")).build();
    }

    /** What a bucket has, as CloudFormation says it. */
    static Properties of(GetBucketLifecycleConfigurationResponse lifecycle) {
        return Properties.builder()
                .put("TransitionDefaultMinimumObjectSize", lifecycle.transitionDefaultMinimumObjectSizeAsString())
                .put(
                        "Rules",
                        lifecycle.rules().stream().map(LifecycleProperties::of).toList())
                .build();
    }

    private static Properties of(LifecycleRule rule) {
        LifecycleFilter filter = LifecycleFilter.of(rule);
        Properties.Builder found = Properties.builder()
                .put("Id", rule.id())
                .put("Status", rule.statusAsString())
                .put("Prefix", filter.prefix().isEmpty() ? null : filter.prefix())
                .tags("TagFilters", filter.tags())
                .put("ObjectSizeGreaterThan", filter.above() < 0 ? null : filter.above())
                .put("ObjectSizeLessThan", filter.below() == Long.MAX_VALUE ? null : filter.below());
        LifecycleExpiration expiration = rule.expiration();
        if (expiration != null) {
            found.put("ExpirationInDays", expiration.days())
                    .put("ExpirationDate", expiration.date())
                    .put("ExpiredObjectDeleteMarker", expiration.expiredObjectDeleteMarker());
        }
        NoncurrentVersionExpiration noncurrent = rule.noncurrentVersionExpiration();
        if (noncurrent != null && noncurrent.newerNoncurrentVersions() == null) {
            // The older way to say it.
            found.put("NoncurrentVersionExpirationInDays", noncurrent.noncurrentDays());
        }
        return found.put("NoncurrentVersionExpiration", of(noncurrent))
                .put("AbortIncompleteMultipartUpload", rule.abortIncompleteMultipartUpload())
                .build();
    }

    private static @Nullable Properties of(@Nullable NoncurrentVersionExpiration expiration) {
        return expiration == null
                ? null
                : Properties.builder()
                        .put("NoncurrentDays", expiration.noncurrentDays())
                        .put("NewerNoncurrentVersions", expiration.newerNoncurrentVersions())
                        .build();
    }
}

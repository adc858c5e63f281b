package dev.terrane.s3;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.LifecycleRuleAndOperator;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;
import software.amazon.awssdk.services.s3.model.Tag;

/**
 * What a lifecycle rule applies to.
 *
 * @param tags all of which an object must have
 * @param above the size, in bytes, that an object must be larger than; -1 without one
 * @param below the size, in bytes, that an object must be smaller than
 */
record LifecycleFilter(String prefix, Map<String, String> tags, long above, long below) {
    @SuppressWarnings("deprecation") // S3 still takes the older prefix
    static LifecycleFilter of(LifecycleRule rule) {
        LifecycleRuleFilter filter = rule.filter();
        if (filter == null) {
            return new LifecycleFilter(text(rule.prefix()), Map.of(), -1, Long.MAX_VALUE);
        }
        Map<String, String> tags = new LinkedHashMap<>();
        LifecycleRuleAndOperator and = filter.and();
        if (and != null) {
            and.tags().forEach(tag -> put(tags, tag));
            return new LifecycleFilter(
                    text(and.prefix()), tags, above(and.objectSizeGreaterThan()), below(and.objectSizeLessThan()));
        }
        if (filter.tag() != null) {
            put(tags, filter.tag());
        }
        return new LifecycleFilter(
                text(filter.prefix()), tags, above(filter.objectSizeGreaterThan()), below(filter.objectSizeLessThan()));
    }

    private static String text(@Nullable String prefix) {
        return prefix == null ? "" : prefix;
    }

    private static void put(Map<String, String> tags, Tag tag) {
        if (tag.key() == null || tag.value() == null) {
            throw S3Errors.malformedXml();
        }
        tags.put(tag.key(), tag.value());
    }

    private static long above(@Nullable Long size) {
        return size == null ? -1 : size;
    }

    private static long below(@Nullable Long size) {
        return size == null ? Long.MAX_VALUE : size;
    }

    /** Whether tags or sizes count, which delete markers and uploads do not have. */
    boolean looksBeyondTheKey() {
        return !tags.isEmpty() || above >= 0 || below < Long.MAX_VALUE;
    }

    boolean matches(ObjectRecord version) {
        return version.key().startsWith(prefix)
                && (version.marker() ? !looksBeyondTheKey() : matches(version.size(), version.tags()));
    }

    private boolean matches(long size, Map<String, String> of) {
        return size > above && size < below && of.entrySet().containsAll(tags.entrySet());
    }
}

package dev.terrane.sns;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import java.time.Instant;
import java.util.Map;

/**
 * A topic.
 *
 * @param attributes those that were set, in the API's names and forms
 */
record TopicRecord(
        String account,
        String region,
        String name,
        Map<String, String> attributes,
        Map<String, String> tags,
        Instant created) {
    static final String FIFO_SUFFIX = ".fifo";

    Scope scope() {
        return new Scope(account, region);
    }

    String arn() {
        return Arn.of("sns", region, account, name).toString();
    }

    boolean fifo() {
        return name.endsWith(FIFO_SUFFIX);
    }

    String attribute(String attribute) {
        return attributes.getOrDefault(attribute, "");
    }

    TopicRecord withAttributes(Map<String, String> changed) {
        return new TopicRecord(account, region, name, changed, tags, created);
    }

    TopicRecord withTags(Map<String, String> changed) {
        return new TopicRecord(account, region, name, attributes, changed, created);
    }
}

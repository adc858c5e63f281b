package dev.terrane.sqs;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import java.time.Instant;
import java.util.Map;

/**
 * A queue.
 *
 * @param id its own, so that a queue made anew under the same name never sees the old one's messages
 * @param attributes those that were set, in the API's names and forms
 * @param purgedBefore messages whose sequence is below this are gone
 * @param purged when it was purged last; the epoch where it never was
 */
record QueueRecord(
        String account,
        String region,
        String name,
        String id,
        Map<String, String> attributes,
        Map<String, String> tags,
        Instant created,
        Instant modified,
        long purgedBefore,
        Instant purged) {
    static final String FIFO_SUFFIX = ".fifo";

    Scope scope() {
        return new Scope(account, region);
    }

    String arn() {
        return Arn.of("sqs", region, account, name).toString();
    }

    boolean fifo() {
        return name.endsWith(FIFO_SUFFIX);
    }

    /** An attribute as it holds, set or by default. */
    String attribute(String attribute) {
        return attributes.getOrDefault(attribute, QueueAttributes.DEFAULTS.getOrDefault(attribute, ""));
    }

    int number(String attribute) {
        return Integer.parseInt(attribute(attribute));
    }

    boolean isTrue(String attribute) {
        return attribute(attribute).equals("true");
    }

    QueueRecord withAttributes(Map<String, String> changed, Instant now) {
        return new QueueRecord(account, region, name, id, changed, tags, created, now, purgedBefore, purged);
    }

    QueueRecord withTags(Map<String, String> changed) {
        return new QueueRecord(account, region, name, id, attributes, changed, created, modified, purgedBefore, purged);
    }

    QueueRecord purgedAt(long sequence, Instant now) {
        return new QueueRecord(account, region, name, id, attributes, tags, created, modified, sequence, now);
    }
}

package dev.terrane.cloudtrail;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.cloudtrail.model.AdvancedEventSelector;
import software.amazon.awssdk.services.cloudtrail.model.EventSelector;

/**
 * A trail.
 *
 * @param region its home
 * @param id tells it from earlier and later trails of its name, and names its process
 * @param logging whether it takes events
 * @param selectors which of them; empty where {@code advanced} says it, or for all management events
 */
record TrailRecord(
        String account,
        String region,
        String name,
        String id,
        Settings settings,
        boolean logging,
        List<EventSelector> selectors,
        List<AdvancedEventSelector> advanced,
        Map<String, String> tags) {
    TrailRecord {
        selectors = List.copyOf(selectors);
        advanced = List.copyOf(advanced);
        tags = Map.copyOf(tags);
    }

    /**
     * What CreateTrail and UpdateTrail set; what is not set is empty.
     *
     * @param topic an ARN
     * @param key an ARN
     */
    record Settings(
            String bucket,
            String prefix,
            String topic,
            boolean globalEvents,
            boolean multiRegion,
            boolean validation,
            String logGroup,
            String logsRole,
            String key) {}

    static Arn arn(Scope scope, String name) {
        return Arn.of("cloudtrail", scope.region(), scope.account(), "trail/" + name);
    }

    Arn arn() {
        return arn(home(), name);
    }

    Scope home() {
        return new Scope(account, region);
    }

    /** Whether it has events of a region. */
    boolean covers(String other) {
        return settings.multiRegion() || region.equals(other);
    }

    /** Whether events go to a log group as well. */
    boolean writesLogs() {
        return !settings.logGroup().isEmpty();
    }

    TrailRecord with(Settings now) {
        return new TrailRecord(account, region, name, id, now, logging, selectors, advanced, tags);
    }

    TrailRecord logging(boolean now) {
        return new TrailRecord(account, region, name, id, settings, now, selectors, advanced, tags);
    }

    TrailRecord selecting(List<EventSelector> basic, List<AdvancedEventSelector> fine) {
        return new TrailRecord(account, region, name, id, settings, logging, basic, fine, tags);
    }

    TrailRecord tagged(Map<String, String> now) {
        return new TrailRecord(account, region, name, id, settings, logging, selectors, advanced, now);
    }
}

package dev.terrane.cloudtrail;

import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsRequest;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsResponse;

/** CloudTrail's operations: a table of contents. */
final class CloudTrail implements CloudTrailClient {
    private final EventHistory history;

    CloudTrail(EventHistory history) {
        this.history = history;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    @Override
    public LookupEventsResponse lookupEvents(LookupEventsRequest request) {
        return history.lookup(request);
    }
}

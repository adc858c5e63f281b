package dev.terrane.cloudtrail;

import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.*;

/** CloudTrail's operations: a table of contents. */
final class CloudTrail implements CloudTrailClient {
    private final EventHistory history;
    private final Trails trails;
    private final Logging logging;
    private final EventSelectors selectors;
    private final TrailTags tags;
    private final SigningKeys keys;

    CloudTrail(
            EventHistory history,
            Trails trails,
            Logging logging,
            EventSelectors selectors,
            TrailTags tags,
            SigningKeys keys) {
        this.history = history;
        this.trails = trails;
        this.logging = logging;
        this.selectors = selectors;
        this.tags = tags;
        this.keys = keys;
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

    @Override
    public CreateTrailResponse createTrail(CreateTrailRequest request) {
        return trails.create(request);
    }

    @Override
    public UpdateTrailResponse updateTrail(UpdateTrailRequest request) {
        return trails.update(request);
    }

    @Override
    public DeleteTrailResponse deleteTrail(DeleteTrailRequest request) {
        return trails.delete(request);
    }

    @Override
    public GetTrailResponse getTrail(GetTrailRequest request) {
        return trails.get(request);
    }

    @Override
    public DescribeTrailsResponse describeTrails(DescribeTrailsRequest request) {
        return trails.describe(request);
    }

    @Override
    public ListTrailsResponse listTrails(ListTrailsRequest request) {
        return trails.list(request);
    }

    @Override
    public GetTrailStatusResponse getTrailStatus(GetTrailStatusRequest request) {
        return logging.status(request);
    }

    @Override
    public StartLoggingResponse startLogging(StartLoggingRequest request) {
        return logging.start(request);
    }

    @Override
    public StopLoggingResponse stopLogging(StopLoggingRequest request) {
        return logging.stop(request);
    }

    @Override
    public PutEventSelectorsResponse putEventSelectors(PutEventSelectorsRequest request) {
        return selectors.put(request);
    }

    @Override
    public GetEventSelectorsResponse getEventSelectors(GetEventSelectorsRequest request) {
        return selectors.get(request);
    }

    @Override
    public AddTagsResponse addTags(AddTagsRequest request) {
        return tags.add(request);
    }

    @Override
    public RemoveTagsResponse removeTags(RemoveTagsRequest request) {
        return tags.remove(request);
    }

    @Override
    public ListTagsResponse listTags(ListTagsRequest request) {
        return tags.list(request);
    }

    @Override
    public ListPublicKeysResponse listPublicKeys(ListPublicKeysRequest request) {
        return keys.list(request);
    }
}

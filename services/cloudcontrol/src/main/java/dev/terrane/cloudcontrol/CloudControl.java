package dev.terrane.cloudcontrol;

import software.amazon.awssdk.services.cloudcontrol.CloudControlClient;
import software.amazon.awssdk.services.cloudcontrol.model.*;

/** The operations of Cloud Control API: a table of contents. */
final class CloudControl implements CloudControlClient {
    private final Requests requests;
    private final RequestListing listing;
    private final Resources resources;

    CloudControl(Requests requests, RequestListing listing, Resources resources) {
        this.requests = requests;
        this.listing = listing;
        this.resources = resources;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Nothing of its own to release.
    }

    @Override
    public CreateResourceResponse createResource(CreateResourceRequest request) {
        return requests.create(request);
    }

    @Override
    public UpdateResourceResponse updateResource(UpdateResourceRequest request) {
        return requests.update(request);
    }

    @Override
    public DeleteResourceResponse deleteResource(DeleteResourceRequest request) {
        return requests.delete(request);
    }

    @Override
    public CancelResourceRequestResponse cancelResourceRequest(CancelResourceRequestRequest request) {
        return requests.cancel(request);
    }

    @Override
    public GetResourceRequestStatusResponse getResourceRequestStatus(GetResourceRequestStatusRequest request) {
        return requests.status(request);
    }

    @Override
    public ListResourceRequestsResponse listResourceRequests(ListResourceRequestsRequest request) {
        return listing.list(request);
    }

    @Override
    public GetResourceResponse getResource(GetResourceRequest request) {
        return resources.get(request);
    }

    @Override
    public ListResourcesResponse listResources(ListResourcesRequest request) {
        return resources.list(request);
    }
}

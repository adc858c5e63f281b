package dev.terrane.ssm;

import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.*;

/** The operations of Systems Manager's Parameter Store: a table of contents. */
final class Ssm implements SsmClient {
    private final Parameters parameters;
    private final ParameterReads reads;
    private final ParameterListings listings;
    private final ParameterTags tags;

    Ssm(Parameters parameters, ParameterReads reads, ParameterListings listings, ParameterTags tags) {
        this.parameters = parameters;
        this.reads = reads;
        this.listings = listings;
        this.tags = tags;
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
    public PutParameterResponse putParameter(PutParameterRequest request) {
        return parameters.put(request);
    }

    @Override
    public DeleteParameterResponse deleteParameter(DeleteParameterRequest request) {
        return parameters.delete(request);
    }

    @Override
    public DeleteParametersResponse deleteParameters(DeleteParametersRequest request) {
        return parameters.delete(request);
    }

    @Override
    public LabelParameterVersionResponse labelParameterVersion(LabelParameterVersionRequest request) {
        return parameters.label(request);
    }

    @Override
    public UnlabelParameterVersionResponse unlabelParameterVersion(UnlabelParameterVersionRequest request) {
        return parameters.unlabel(request);
    }

    @Override
    public GetParameterResponse getParameter(GetParameterRequest request) {
        return reads.get(request);
    }

    @Override
    public GetParametersResponse getParameters(GetParametersRequest request) {
        return reads.get(request);
    }

    @Override
    public GetParametersByPathResponse getParametersByPath(GetParametersByPathRequest request) {
        return listings.byPath(request);
    }

    @Override
    public DescribeParametersResponse describeParameters(DescribeParametersRequest request) {
        return listings.describe(request);
    }

    @Override
    public GetParameterHistoryResponse getParameterHistory(GetParameterHistoryRequest request) {
        return listings.history(request);
    }

    @Override
    public AddTagsToResourceResponse addTagsToResource(AddTagsToResourceRequest request) {
        return tags.add(request);
    }

    @Override
    public RemoveTagsFromResourceResponse removeTagsFromResource(RemoveTagsFromResourceRequest request) {
        return tags.remove(request);
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return tags.list(request);
    }
}

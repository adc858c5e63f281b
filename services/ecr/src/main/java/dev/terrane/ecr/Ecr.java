package dev.terrane.ecr;

import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.*;

/** The operations of ECR: a table of contents. */
final class Ecr implements EcrClient {
    private final Repositories repositories;
    private final ImageSettings settings;
    private final LifecyclePolicies lifecyclePolicies;
    private final RepositoryPolicies policies;
    private final RepositoryTags tags;
    private final Images images;
    private final Registry registry;

    Ecr(
            Repositories repositories,
            ImageSettings settings,
            LifecyclePolicies lifecyclePolicies,
            RepositoryPolicies policies,
            RepositoryTags tags,
            Images images,
            Registry registry) {
        this.repositories = repositories;
        this.settings = settings;
        this.lifecyclePolicies = lifecyclePolicies;
        this.policies = policies;
        this.tags = tags;
        this.images = images;
        this.registry = registry;
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
    public CreateRepositoryResponse createRepository(CreateRepositoryRequest request) {
        return repositories.create(request);
    }

    @Override
    public DescribeRepositoriesResponse describeRepositories(DescribeRepositoriesRequest request) {
        return repositories.describe(request);
    }

    @Override
    public DeleteRepositoryResponse deleteRepository(DeleteRepositoryRequest request) {
        return repositories.delete(request);
    }

    @Override
    public PutImageTagMutabilityResponse putImageTagMutability(PutImageTagMutabilityRequest request) {
        return settings.putTagMutability(request);
    }

    @Override
    public PutImageScanningConfigurationResponse putImageScanningConfiguration(
            PutImageScanningConfigurationRequest request) {
        return settings.putScanning(request);
    }

    @Override
    public PutLifecyclePolicyResponse putLifecyclePolicy(PutLifecyclePolicyRequest request) {
        return lifecyclePolicies.put(request);
    }

    @Override
    public GetLifecyclePolicyResponse getLifecyclePolicy(GetLifecyclePolicyRequest request) {
        return lifecyclePolicies.get(request);
    }

    @Override
    public DeleteLifecyclePolicyResponse deleteLifecyclePolicy(DeleteLifecyclePolicyRequest request) {
        return lifecyclePolicies.delete(request);
    }

    @Override
    public SetRepositoryPolicyResponse setRepositoryPolicy(SetRepositoryPolicyRequest request) {
        return policies.set(request);
    }

    @Override
    public GetRepositoryPolicyResponse getRepositoryPolicy(GetRepositoryPolicyRequest request) {
        return policies.get(request);
    }

    @Override
    public DeleteRepositoryPolicyResponse deleteRepositoryPolicy(DeleteRepositoryPolicyRequest request) {
        return policies.delete(request);
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        return tags.tag(request);
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        return tags.untag(request);
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return tags.list(request);
    }

    @Override
    public ListImagesResponse listImages(ListImagesRequest request) {
        return images.list(request);
    }

    @Override
    public DescribeImagesResponse describeImages(DescribeImagesRequest request) {
        return images.describe(request);
    }

    @Override
    public BatchGetImageResponse batchGetImage(BatchGetImageRequest request) {
        return images.get(request);
    }

    @Override
    public BatchDeleteImageResponse batchDeleteImage(BatchDeleteImageRequest request) {
        return images.delete(request);
    }

    @Override
    public BatchCheckLayerAvailabilityResponse batchCheckLayerAvailability(BatchCheckLayerAvailabilityRequest request) {
        return images.checkLayers(request);
    }

    @Override
    public GetAuthorizationTokenResponse getAuthorizationToken(GetAuthorizationTokenRequest request) {
        return registry.authorize(request);
    }

    @Override
    public DescribeRegistryResponse describeRegistry(DescribeRegistryRequest request) {
        return registry.describe(request);
    }
}

package dev.terrane.secretsmanager;

import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.*;

/** The operations of Secrets Manager: a table of contents. */
final class Secrets implements SecretsManagerClient {
    private final SecretLifecycle lifecycle;
    private final SecretVersions versions;
    private final SecretListings listings;
    private final SecretPolicies policies;
    private final SecretTags tags;

    Secrets(
            SecretLifecycle lifecycle,
            SecretVersions versions,
            SecretListings listings,
            SecretPolicies policies,
            SecretTags tags) {
        this.lifecycle = lifecycle;
        this.versions = versions;
        this.listings = listings;
        this.policies = policies;
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
    public CreateSecretResponse createSecret(CreateSecretRequest request) {
        return lifecycle.create(request);
    }

    @Override
    public DescribeSecretResponse describeSecret(DescribeSecretRequest request) {
        return lifecycle.describe(request);
    }

    @Override
    public UpdateSecretResponse updateSecret(UpdateSecretRequest request) {
        return lifecycle.update(request);
    }

    @Override
    public DeleteSecretResponse deleteSecret(DeleteSecretRequest request) {
        return lifecycle.delete(request);
    }

    @Override
    public RestoreSecretResponse restoreSecret(RestoreSecretRequest request) {
        return lifecycle.restore(request);
    }

    @Override
    public GetSecretValueResponse getSecretValue(GetSecretValueRequest request) {
        return versions.get(request);
    }

    @Override
    public PutSecretValueResponse putSecretValue(PutSecretValueRequest request) {
        return versions.put(request);
    }

    @Override
    public UpdateSecretVersionStageResponse updateSecretVersionStage(UpdateSecretVersionStageRequest request) {
        return versions.updateStage(request);
    }

    @Override
    public ListSecretsResponse listSecrets(ListSecretsRequest request) {
        return listings.list(request);
    }

    @Override
    public ListSecretVersionIdsResponse listSecretVersionIds(ListSecretVersionIdsRequest request) {
        return listings.versions(request);
    }

    @Override
    public BatchGetSecretValueResponse batchGetSecretValue(BatchGetSecretValueRequest request) {
        return listings.values(request);
    }

    @Override
    public PutResourcePolicyResponse putResourcePolicy(PutResourcePolicyRequest request) {
        return policies.put(request);
    }

    @Override
    public GetResourcePolicyResponse getResourcePolicy(GetResourcePolicyRequest request) {
        return policies.get(request);
    }

    @Override
    public DeleteResourcePolicyResponse deleteResourcePolicy(DeleteResourcePolicyRequest request) {
        return policies.delete(request);
    }

    @Override
    public ValidateResourcePolicyResponse validateResourcePolicy(ValidateResourcePolicyRequest request) {
        return policies.validate(request);
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
    public GetRandomPasswordResponse getRandomPassword(GetRandomPasswordRequest request) {
        return Passwords.make(request);
    }
}

package dev.terrane.kms;

import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.*;

/** KMS's operations: a table of contents. */
final class Kms implements KmsClient {
    private final KeyLifecycle lifecycle;
    private final Aliases aliases;
    private final KeyPolicies policies;
    private final KeyTags tags;
    private final Grants grants;
    private final Imports imports;
    private final Rotation rotation;
    private final Cryptography cryptography;
    private final DataKeys dataKeys;
    private final Signatures signatures;
    private final PublicKeys publicKeys;
    private final Macs macs;

    Kms(
            KeyLifecycle lifecycle,
            Aliases aliases,
            KeyPolicies policies,
            KeyTags tags,
            Grants grants,
            Imports imports,
            Rotation rotation,
            Cryptography cryptography,
            DataKeys dataKeys,
            Signatures signatures,
            PublicKeys publicKeys,
            Macs macs) {
        this.lifecycle = lifecycle;
        this.aliases = aliases;
        this.policies = policies;
        this.tags = tags;
        this.grants = grants;
        this.imports = imports;
        this.rotation = rotation;
        this.cryptography = cryptography;
        this.dataKeys = dataKeys;
        this.signatures = signatures;
        this.publicKeys = publicKeys;
        this.macs = macs;
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
    public CreateKeyResponse createKey(CreateKeyRequest request) {
        return lifecycle.create(request);
    }

    @Override
    public DescribeKeyResponse describeKey(DescribeKeyRequest request) {
        return lifecycle.describe(request);
    }

    @Override
    public ListKeysResponse listKeys(ListKeysRequest request) {
        return lifecycle.list(request);
    }

    @Override
    public EnableKeyResponse enableKey(EnableKeyRequest request) {
        return lifecycle.enable(request);
    }

    @Override
    public DisableKeyResponse disableKey(DisableKeyRequest request) {
        return lifecycle.disable(request);
    }

    @Override
    public UpdateKeyDescriptionResponse updateKeyDescription(UpdateKeyDescriptionRequest request) {
        return lifecycle.describe(request);
    }

    @Override
    public ScheduleKeyDeletionResponse scheduleKeyDeletion(ScheduleKeyDeletionRequest request) {
        return lifecycle.scheduleDeletion(request);
    }

    @Override
    public CancelKeyDeletionResponse cancelKeyDeletion(CancelKeyDeletionRequest request) {
        return lifecycle.cancelDeletion(request);
    }

    @Override
    public CreateAliasResponse createAlias(CreateAliasRequest request) {
        return aliases.create(request);
    }

    @Override
    public UpdateAliasResponse updateAlias(UpdateAliasRequest request) {
        return aliases.update(request);
    }

    @Override
    public DeleteAliasResponse deleteAlias(DeleteAliasRequest request) {
        return aliases.delete(request);
    }

    @Override
    public ListAliasesResponse listAliases(ListAliasesRequest request) {
        return aliases.list(request);
    }

    @Override
    public PutKeyPolicyResponse putKeyPolicy(PutKeyPolicyRequest request) {
        return policies.put(request);
    }

    @Override
    public GetKeyPolicyResponse getKeyPolicy(GetKeyPolicyRequest request) {
        return policies.get(request);
    }

    @Override
    public ListKeyPoliciesResponse listKeyPolicies(ListKeyPoliciesRequest request) {
        return policies.list(request);
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
    public ListResourceTagsResponse listResourceTags(ListResourceTagsRequest request) {
        return tags.list(request);
    }

    @Override
    public CreateGrantResponse createGrant(CreateGrantRequest request) {
        return grants.create(request);
    }

    @Override
    public ListGrantsResponse listGrants(ListGrantsRequest request) {
        return grants.list(request);
    }

    @Override
    public ListRetirableGrantsResponse listRetirableGrants(ListRetirableGrantsRequest request) {
        return grants.list(request);
    }

    @Override
    public RetireGrantResponse retireGrant(RetireGrantRequest request) {
        return grants.retire(request);
    }

    @Override
    public RevokeGrantResponse revokeGrant(RevokeGrantRequest request) {
        return grants.revoke(request);
    }

    @Override
    public GetParametersForImportResponse getParametersForImport(GetParametersForImportRequest request) {
        return imports.parameters(request);
    }

    @Override
    public ImportKeyMaterialResponse importKeyMaterial(ImportKeyMaterialRequest request) {
        return imports.take(request);
    }

    @Override
    public DeleteImportedKeyMaterialResponse deleteImportedKeyMaterial(DeleteImportedKeyMaterialRequest request) {
        return imports.delete(request);
    }

    @Override
    public EnableKeyRotationResponse enableKeyRotation(EnableKeyRotationRequest request) {
        return rotation.enable(request);
    }

    @Override
    public DisableKeyRotationResponse disableKeyRotation(DisableKeyRotationRequest request) {
        return rotation.disable(request);
    }

    @Override
    public GetKeyRotationStatusResponse getKeyRotationStatus(GetKeyRotationStatusRequest request) {
        return rotation.status(request);
    }

    @Override
    public RotateKeyOnDemandResponse rotateKeyOnDemand(RotateKeyOnDemandRequest request) {
        return rotation.now(request);
    }

    @Override
    public ListKeyRotationsResponse listKeyRotations(ListKeyRotationsRequest request) {
        return rotation.list(request);
    }

    @Override
    public EncryptResponse encrypt(EncryptRequest request) {
        return cryptography.encrypt(request);
    }

    @Override
    public DecryptResponse decrypt(DecryptRequest request) {
        return cryptography.decrypt(request);
    }

    @Override
    public ReEncryptResponse reEncrypt(ReEncryptRequest request) {
        return cryptography.reEncrypt(request);
    }

    @Override
    public GenerateDataKeyResponse generateDataKey(GenerateDataKeyRequest request) {
        return dataKeys.make(request);
    }

    @Override
    public GenerateDataKeyWithoutPlaintextResponse generateDataKeyWithoutPlaintext(
            GenerateDataKeyWithoutPlaintextRequest request) {
        return dataKeys.make(request);
    }

    @Override
    public GenerateRandomResponse generateRandom(GenerateRandomRequest request) {
        return dataKeys.random(request);
    }

    @Override
    public GenerateMacResponse generateMac(GenerateMacRequest request) {
        return macs.generate(request);
    }

    @Override
    public VerifyMacResponse verifyMac(VerifyMacRequest request) {
        return macs.verify(request);
    }

    @Override
    public GenerateDataKeyPairResponse generateDataKeyPair(GenerateDataKeyPairRequest request) {
        return dataKeys.make(request);
    }

    @Override
    public GenerateDataKeyPairWithoutPlaintextResponse generateDataKeyPairWithoutPlaintext(
            GenerateDataKeyPairWithoutPlaintextRequest request) {
        return dataKeys.make(request);
    }

    @Override
    public SignResponse sign(SignRequest request) {
        return signatures.sign(request);
    }

    @Override
    public VerifyResponse verify(VerifyRequest request) {
        return signatures.verify(request);
    }

    @Override
    public GetPublicKeyResponse getPublicKey(GetPublicKeyRequest request) {
        return publicKeys.get(request);
    }

    @Override
    public DeriveSharedSecretResponse deriveSharedSecret(DeriveSharedSecretRequest request) {
        return publicKeys.derive(request);
    }
}

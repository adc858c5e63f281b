package dev.terrane.sts;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.identity.AccessKeyIds;
import dev.terrane.kernel.identity.AuthorizationMessages;
import dev.terrane.kernel.service.Platform;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithSamlRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithSamlResponse;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityResponse;
import software.amazon.awssdk.services.sts.model.DecodeAuthorizationMessageRequest;
import software.amazon.awssdk.services.sts.model.DecodeAuthorizationMessageResponse;
import software.amazon.awssdk.services.sts.model.GetAccessKeyInfoRequest;
import software.amazon.awssdk.services.sts.model.GetAccessKeyInfoResponse;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;
import software.amazon.awssdk.services.sts.model.GetFederationTokenRequest;
import software.amazon.awssdk.services.sts.model.GetFederationTokenResponse;
import software.amazon.awssdk.services.sts.model.GetSessionTokenRequest;
import software.amazon.awssdk.services.sts.model.GetSessionTokenResponse;
import software.amazon.awssdk.services.sts.model.InvalidAuthorizationMessageException;

/** STS's operations. */
final class Sts implements StsClient {
    private final RoleSessions roleSessions;
    private final UserSessions userSessions;
    private final FederationTokens federationTokens;
    private final FederatedSessions federatedSessions;
    private final AuthorizationMessages messages;

    Sts(Platform platform) {
        roleSessions = new RoleSessions(platform);
        userSessions = new UserSessions(platform);
        federationTokens = new FederationTokens(platform);
        federatedSessions = new FederatedSessions(platform);
        messages = new AuthorizationMessages(platform.masterKey());
    }

    @Override
    public String serviceName() {
        return StsClient.SERVICE_NAME;
    }

    @Override
    public void close() {}

    @Override
    public GetCallerIdentityResponse getCallerIdentity(GetCallerIdentityRequest request) {
        Principal principal = Call.current().principal();
        return GetCallerIdentityResponse.builder()
                .account(principal.account())
                .arn(principal.arn())
                .userId(principal.userId())
                .build();
    }

    @Override
    public AssumeRoleResponse assumeRole(AssumeRoleRequest request) {
        return roleSessions.assume(request);
    }

    @Override
    public AssumeRoleWithWebIdentityResponse assumeRoleWithWebIdentity(AssumeRoleWithWebIdentityRequest request) {
        return federatedSessions.withWebIdentity(request);
    }

    @Override
    public AssumeRoleWithSamlResponse assumeRoleWithSAML(AssumeRoleWithSamlRequest request) {
        return federatedSessions.withSaml(request);
    }

    @Override
    public GetSessionTokenResponse getSessionToken(GetSessionTokenRequest request) {
        return userSessions.begin(request);
    }

    @Override
    public GetFederationTokenResponse getFederationToken(GetFederationTokenRequest request) {
        return federationTokens.begin(request);
    }

    @Override
    public DecodeAuthorizationMessageResponse decodeAuthorizationMessage(DecodeAuthorizationMessageRequest request) {
        return DecodeAuthorizationMessageResponse.builder()
                .decodedMessage(messages.decode(Call.current().account(), request.encodedMessage())
                        .orElseThrow(() -> InvalidAuthorizationMessageException.builder()
                                .message("Message is not valid")
                                .build()))
                .build();
    }

    @Override
    public GetAccessKeyInfoResponse getAccessKeyInfo(GetAccessKeyInfoRequest request) {
        return GetAccessKeyInfoResponse.builder()
                .account(AccessKeyIds.account(request.accessKeyId())
                        .orElseThrow(() -> Refusals.validation("Invalid Access Key ID: " + request.accessKeyId())))
                .build();
    }
}

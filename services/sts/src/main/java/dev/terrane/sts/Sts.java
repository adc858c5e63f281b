package dev.terrane.sts;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.identity.AccessKeyIds;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.GetAccessKeyInfoRequest;
import software.amazon.awssdk.services.sts.model.GetAccessKeyInfoResponse;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;
import software.amazon.awssdk.services.sts.model.GetSessionTokenRequest;
import software.amazon.awssdk.services.sts.model.GetSessionTokenResponse;

/** STS's operations. */
final class Sts implements StsClient {
    private final RoleSessions roleSessions;
    private final UserSessions userSessions;

    Sts(RoleSessions roleSessions, UserSessions userSessions) {
        this.roleSessions = roleSessions;
        this.userSessions = userSessions;
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
    public GetSessionTokenResponse getSessionToken(GetSessionTokenRequest request) {
        return userSessions.begin(request);
    }

    @Override
    public GetAccessKeyInfoResponse getAccessKeyInfo(GetAccessKeyInfoRequest request) {
        return GetAccessKeyInfoResponse.builder()
                .account(AccessKeyIds.account(request.accessKeyId())
                        .orElseThrow(() -> Refusals.validation("Invalid Access Key ID: " + request.accessKeyId())))
                .build();
    }
}

package dev.terrane.sts;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.identity.ProviderAuthentication;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithSamlRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;

/** AWS Security Token Service. It stores nothing: a session is sealed in its token. */
public final class StsService implements Service, ProviderAuthentication {
    private final Sts sts;
    private final WebIdentities webIdentities;
    private final SamlIdentities samlIdentities;

    public StsService(Platform platform) {
        sts = new Sts(platform);
        webIdentities = new WebIdentities(platform);
        samlIdentities = new SamlIdentities(platform);
    }

    @Override
    public String name() {
        return "sts";
    }

    @Override
    public Class<StsClient> api() {
        return StsClient.class;
    }

    @Override
    public StsClient implementation() {
        return sts;
    }

    @Override
    public Principal.Federated identify(Call call, SdkRequest request) {
        return switch (request) {
            case AssumeRoleWithWebIdentityRequest webIdentity -> webIdentities.identify(call, webIdentity);
            case AssumeRoleWithSamlRequest saml -> samlIdentities.identify(call, saml);
            default ->
                throw new UnsupportedOperationException(request.getClass().getSimpleName());
        };
    }
}

package dev.terrane.sts;

import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import software.amazon.awssdk.services.sts.StsClient;

/** AWS Security Token Service. It stores nothing: a session is sealed in its token. */
public final class StsService implements Service {
    private final Sts sts;

    public StsService(Platform platform) {
        sts = new Sts(new RoleSessions(platform), new UserSessions(platform));
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
}

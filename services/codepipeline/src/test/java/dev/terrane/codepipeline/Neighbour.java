package dev.terrane.codepipeline;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.testkit.TestServer;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.SdkClient;

/** A service that acts beside the pipelines in these tests, where the real one is not at hand. */
record Neighbour(String name, Class<? extends SdkClient> api, SdkClient implementation) implements Service {
    private static final String FOR_ALL =
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":"
                    + "\"*\",\"Action\":\"*\",\"Resource\":\"*\"}]}";

    /** Its keys are for all, as an AWS managed key is for all who may use its service. */
    @Override
    public Optional<String> resourcePolicy(String resourceArn) {
        return name.equals("kms") ? Optional.of(FOR_ALL) : Optional.empty();
    }

    /** Emits an event as a service does. */
    static void emit(Platform platform, String source, String type, Object detail) {
        Scope scope = new Scope(TestServer.ACCOUNT, TestServer.REGION);
        Call.internal(
                        scope,
                        new Principal.Service(scope.account(), "terrane.internal"),
                        "event",
                        platform.clock().instant())
                .run(() -> platform.events().emit(source, type, List.of(), detail));
    }
}

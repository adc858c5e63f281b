package dev.terrane.ssm;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.ssm.SsmClient;

/** AWS Systems Manager: Parameter Store. */
public final class SsmService implements Service {
    private final SsmTables tables;
    private final Ssm api;

    public SsmService(Platform platform) {
        tables = new SsmTables(platform.store());
        PublicParameters known = new PublicParameters(platform.clients());
        SecureValues secure = new SecureValues(platform.clients());
        ParameterReads reads = new ParameterReads(tables, known, secure);
        api = new Ssm(
                new Parameters(tables, secure, new SsmEvents(platform.events())),
                reads,
                new ParameterListings(tables, known, reads, platform.pages()),
                new ParameterTags(tables));
    }

    @Override
    public String name() {
        return "ssm";
    }

    @Override
    public Class<? extends SdkClient> api() {
        return SsmClient.class;
    }

    @Override
    public SsmClient implementation() {
        return api;
    }

    @Override
    public List<ResourceType> resourceTypes() {
        return SsmResources.ALL;
    }

    @Override
    public Map<String, String> resourceTags(String resourceArn) {
        return Arn.find(resourceArn)
                .filter(arn -> arn.resource().startsWith("parameter/"))
                .flatMap(arn -> {
                    Scope scope = new Scope(arn.account(), arn.region());
                    String path = arn.resource().substring("parameter".length());
                    Optional<ParameterRecord> named = tables.parameter(scope, path);
                    return named.isPresent() ? named : tables.parameter(scope, path.substring(1));
                })
                .map(ParameterRecord::tags)
                .orElse(Map.of());
    }
}

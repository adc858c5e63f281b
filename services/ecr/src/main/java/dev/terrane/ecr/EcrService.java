package dev.terrane.ecr;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.ecr.EcrClient;

/** Amazon Elastic Container Registry. */
public final class EcrService implements Service {
    private static final String REPOSITORY = "repository/";

    private final EcrTables tables;
    private final Ecr api;

    public EcrService(Platform platform) {
        tables = new EcrTables(platform.store());
        api = new Ecr(
                new Repositories(tables, new RepositoryKeys(platform.clients()), platform.pages()),
                new ImageSettings(tables),
                new LifecyclePolicies(tables),
                new RepositoryPolicies(tables),
                new RepositoryTags(tables),
                new Images(tables),
                new Registry(platform.sessions()));
    }

    @Override
    public String name() {
        return "ecr";
    }

    @Override
    public Class<? extends SdkClient> api() {
        return EcrClient.class;
    }

    @Override
    public EcrClient implementation() {
        return api;
    }

    @Override
    public Optional<String> resourcePolicy(String resourceArn) {
        return repository(resourceArn).flatMap(RepositoryRecord::policy);
    }

    @Override
    public Map<String, String> resourceTags(String resourceArn) {
        return repository(resourceArn).map(RepositoryRecord::tags).orElse(Map.of());
    }

    private Optional<RepositoryRecord> repository(String resourceArn) {
        return Arn.find(resourceArn)
                .filter(arn -> arn.resource().startsWith(REPOSITORY))
                .flatMap(arn -> tables.find(
                        new Scope(arn.account(), arn.region()), arn.resource().substring(REPOSITORY.length())));
    }

    @Override
    public List<ResourceType> resourceTypes() {
        return EcrResources.ALL;
    }
}

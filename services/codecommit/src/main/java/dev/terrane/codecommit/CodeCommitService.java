package dev.terrane.codecommit;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.service.HttpEndpoint;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;

/** AWS CodeCommit: private Git repositories, by API and by Git over HTTP. */
public final class CodeCommitService implements Service {
    private final CodeCommitTables tables;
    private final CodeCommit api;
    private final GitHttp git;
    private final Upkeep upkeep;

    public CodeCommitService(Platform platform) {
        tables = new CodeCommitTables(platform.store());
        GitStorage storage = new GitStorage(
                tables,
                new PackFiles(platform.blobs()),
                new DataKeys(platform.clients(), platform.clock()),
                new CodeCommitEvents(platform.events()),
                platform.clock());
        upkeep = new Upkeep(storage, platform.threads());
        api = new CodeCommit(platform, storage, upkeep);
        git = new GitHttp(
                tables,
                new GitService(storage, upkeep, platform.authorizer()),
                platform.gitAuthentication(),
                platform.authorizer(),
                platform.clock());
    }

    @Override
    public String name() {
        return "codecommit";
    }

    @Override
    public Class<? extends SdkClient> api() {
        return CodeCommitClient.class;
    }

    @Override
    public CodeCommitClient implementation() {
        return api;
    }

    @Override
    public List<HttpEndpoint> httpEndpoints() {
        return List.of(git);
    }

    @Override
    public Map<String, String> resourceTags(String resourceArn) {
        return Arn.find(resourceArn)
                .filter(arn -> arn.service().equals("codecommit"))
                .flatMap(arn -> tables.repository(new Scope(arn.account(), arn.region()), arn.resource()))
                .map(RepositoryRecord::tags)
                .orElse(Map.of());
    }

    @Override
    public List<ResourceType> resourceTypes() {
        return CodeCommitResources.ALL;
    }

    /** What it does in the background. */
    Upkeep upkeep() {
        return upkeep;
    }

    @Override
    public void start() {
        upkeep.start();
    }
}

package dev.terrane.cloudwatchlogs;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.kernel.workflow.Workflow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;

/** Amazon CloudWatch Logs: log groups, streams, events and the filters over them. */
public final class CloudWatchLogsService implements Service {
    private final LogTables tables;
    private final ResourcePolicies policies;
    private final LiveTails tails;
    private final Forwarding forwarding;
    private final CloudWatchLogs api;
    private final Upkeep upkeep;

    public CloudWatchLogsService(Platform platform) {
        tables = new LogTables(platform.store());
        Usage usage = new Usage(tables, platform.store());
        policies = new ResourcePolicies(tables, platform.pages());
        tails = new LiveTails(tables, platform.clock());
        SubscriptionTables pending = new SubscriptionTables(platform.store());
        forwarding = new Forwarding(platform, tables, pending);
        api = new CloudWatchLogs(platform, tables, usage, policies, pending, forwarding, tails);
        upkeep = new Upkeep(tables, usage, platform.clock(), platform.threads());
    }

    @Override
    public String name() {
        return "cloudwatchlogs";
    }

    @Override
    public Class<? extends SdkClient> api() {
        return CloudWatchLogsClient.class;
    }

    @Override
    public CloudWatchLogsClient implementation() {
        return api;
    }

    @Override
    public Optional<SdkClient> streaming() {
        return Optional.of(tails);
    }

    @Override
    public Optional<String> resourcePolicy(String resourceArn) {
        return scope(resourceArn).flatMap(policies::document);
    }

    @Override
    public Map<String, String> resourceTags(String resourceArn) {
        return Arn.find(resourceArn)
                .flatMap(arn -> {
                    Scope scope = new Scope(arn.account(), arn.region());
                    return LogGroups.named(arn, scope).flatMap(name -> tables.peekGroup(scope, name));
                })
                .map(GroupRecord::tags)
                .orElse(Map.of());
    }

    private static Optional<Scope> scope(String resourceArn) {
        return Arn.find(resourceArn)
                .filter(arn -> arn.service().equals("logs"))
                .map(arn -> new Scope(arn.account(), arn.region()));
    }

    @Override
    public List<Workflow<?>> workflows() {
        return List.of(forwarding);
    }

    @Override
    public List<ResourceType> resourceTypes() {
        return LogsResources.ALL;
    }

    @Override
    public void start() {
        upkeep.start();
    }
}

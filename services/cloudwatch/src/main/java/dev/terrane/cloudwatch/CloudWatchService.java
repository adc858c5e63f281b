package dev.terrane.cloudwatch;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

/** Amazon CloudWatch: metrics and alarms. */
public final class CloudWatchService implements Service {
    private static final Duration TICK = Duration.ofSeconds(5);
    private static final Duration UPKEEP = Duration.ofHours(1);

    private final Threads threads;
    private final AlarmWatch watch;
    private final CompositeWatch compositeWatch;
    private final AlarmActions actions;
    private final Upkeep upkeep;
    private final Tags tags;
    private final CloudWatch api;

    public CloudWatchService(Platform platform) {
        threads = platform.threads();
        CloudWatchTables tables = new CloudWatchTables(platform.store());
        MetricReader reader = new MetricReader(tables);
        MetricQueries queries = new MetricQueries(reader);
        CompositeTransitions compositeTransitions =
                new CompositeTransitions(tables, platform.clock(), platform.events());
        compositeWatch = new CompositeWatch(tables, compositeTransitions, platform.clock());
        CompositeAlarms composites =
                new CompositeAlarms(tables, compositeWatch, compositeTransitions, platform.clock(), platform.pages());
        AlarmTransitions transitions =
                new AlarmTransitions(tables, platform.clock(), platform.events(), compositeWatch);
        ScalingActions scaling = new ScalingActions(platform.clients());
        watch = new AlarmWatch(tables, new AlarmData(reader, queries), transitions, scaling, platform.clock());
        actions = new AlarmActions(tables, platform.clients(), scaling, platform.clock());
        upkeep = new Upkeep(tables, platform.clock());
        tags = new Tags(tables);
        api = new CloudWatch(
                new Ingestion(tables, platform.clock(), watch::arrived),
                new Statistics(reader, platform.clock()),
                new MetricData(queries, platform.clock(), platform.pages()),
                new MetricListing(tables, platform.clock(), platform.pages()),
                new Alarms(
                        tables,
                        watch,
                        transitions,
                        composites,
                        platform.clock(),
                        platform.events(),
                        new AlarmListing(tables, platform.pages())),
                composites,
                new AlarmHistory(tables, platform.pages()),
                new Dashboards(tables, platform.clock(), platform.pages()),
                tags);
    }

    @Override
    public String name() {
        return "cloudwatch";
    }

    @Override
    public Class<? extends SdkClient> api() {
        return CloudWatchClient.class;
    }

    @Override
    public CloudWatchClient implementation() {
        return api;
    }

    @Override
    public Map<String, String> resourceTags(String resourceArn) {
        return Arn.find(resourceArn).map(tags::of).orElse(Map.of());
    }

    @Override
    public List<ResourceType> resourceTypes() {
        return CloudWatchResources.ALL;
    }

    @Override
    public void start() {
        watch.load();
        compositeWatch.load();
        threads.every("cloudwatch-alarms", TICK, () -> {
            watch.tick();
            compositeWatch.tick();
            actions.tick();
        });
        threads.every("cloudwatch-upkeep", UPKEEP, upkeep::run);
    }
}

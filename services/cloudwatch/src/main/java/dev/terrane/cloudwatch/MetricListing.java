package dev.terrane.cloudwatch;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatch.model.DimensionFilter;
import software.amazon.awssdk.services.cloudwatch.model.ListMetricsRequest;
import software.amazon.awssdk.services.cloudwatch.model.ListMetricsResponse;
import software.amazon.awssdk.services.cloudwatch.model.Metric;

/** ListMetrics: metrics that data came for in the last two weeks. */
final class MetricListing {
    private static final int PAGE = 500;
    private static final Duration SHOWN = Duration.ofDays(14);
    /** Three hours, and what may have come since a metric's row was last brought up to date. */
    private static final Duration RECENT = Duration.ofMinutes(3 * 60 + 10);

    private final CloudWatchTables tables;
    private final Clock clock;
    private final PageTokens pages;

    MetricListing(CloudWatchTables tables, Clock clock, PageTokens pages) {
        this.tables = tables;
        this.clock = clock;
        this.pages = pages;
    }

    ListMetricsResponse list(ListMetricsRequest request) {
        String account = Call.current().account();
        if (request.owningAccount() != null && !request.owningAccount().equals(account)) {
            throw Errors.value("The account " + request.owningAccount() + " is not linked to this one.");
        }
        Instant since = clock.instant().minus(request.recentlyActive() == null ? SHOWN : RECENT);
        String listing = "metrics/" + account + "/" + Call.current().region() + "/" + request.namespace() + "/"
                + request.metricName() + "/" + request.dimensions() + "/" + request.recentlyActive();
        Optional<String> after = Pages.parameter(pages, listing, request.nextToken());
        List<Metric> found = new ArrayList<>();
        do {
            Page<MetricRecord> page =
                    tables.metrics(Call.current().scope(), prefix(request), after, PAGE - found.size());
            page.values().stream()
                    .filter(metric -> !metric.seen().isBefore(since) && selected(request, metric.metric()))
                    .forEach(metric -> found.add(metric.metric().metric()));
            after = page.next();
        } while (after.isPresent() && found.size() < PAGE);
        return ListMetricsResponse.builder()
                .metrics(found)
                .nextToken(after.map(cursor -> pages.encode(listing, cursor)).orElse(null))
                .owningAccounts(
                        Boolean.TRUE.equals(request.includeLinkedAccounts())
                                ? found.stream().map(metric -> account).toList()
                                : List.of())
                .build();
    }

    private static String prefix(ListMetricsRequest request) {
        if (request.namespace() == null) {
            return "";
        }
        return request.metricName() == null
                ? MetricKey.namespacePrefix(request.namespace())
                : MetricKey.of(request.namespace(), request.metricName(), List.of())
                        .place();
    }

    private static boolean selected(ListMetricsRequest request, MetricKey metric) {
        if (request.metricName() != null && !request.metricName().equals(metric.name())) {
            return false;
        }
        for (DimensionFilter filter : request.dimensions()) {
            String value = metric.dimensions().get(filter.name());
            if (value == null || (filter.value() != null && !filter.value().equals(value))) {
                return false;
            }
        }
        return true;
    }
}

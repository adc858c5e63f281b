package dev.terrane.cloudwatchlogs;

import static dev.terrane.cloudwatchlogs.LogErrors.invalid;
import static dev.terrane.cloudwatchlogs.LogErrors.notFound;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.service.Platform;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatchlogs.model.*;

/** Metric filters: what they match in events that come in is counted in CloudWatch metrics. */
final class MetricFilters {
    private static final System.Logger LOG = System.getLogger(MetricFilters.class.getName());
    private static final int MOST = 100;
    private static final int DATUMS_AT_ONCE = 500;
    private static final int DEFAULT_LIMIT = 50;

    private final Platform platform;
    private final LogTables tables;
    private final LogGroups groups;
    private final PageTokens pages;

    MetricFilters(Platform platform, LogTables tables, LogGroups groups) {
        this.platform = platform;
        this.tables = tables;
        this.groups = groups;
        this.pages = platform.pages();
    }

    PutMetricFilterResponse put(PutMetricFilterRequest request) {
        if (Boolean.TRUE.equals(request.applyOnTransformedLogs())
                || request.fieldSelectionCriteria() != null
                || request.hasEmitSystemFieldDimensions()) {
            throw invalid("Log transformation and system fields are not supported in metric filters.");
        }
        FilterPattern.parse(request.filterPattern());
        request.metricTransformations().forEach(MetricFilters::check);
        Scope scope = Call.current().scope();
        GroupRecord group = groups.require(scope, request.logGroupName());
        List<MetricFilterRecord> before = tables.filters(scope, group.id());
        boolean known = before.stream().anyMatch(f -> f.name().equals(request.filterName()));
        if (!known && before.size() >= MOST) {
            throw LimitExceededException.builder()
                    .message("Resource limit exceeded.")
                    .build();
        }
        tables.put(
                scope,
                new MetricFilterRecord(
                        group.id(),
                        request.filterName(),
                        request.filterPattern(),
                        Call.current().time(),
                        request.metricTransformations()));
        tables.put(scope, group.withMetricFilters(before.size() + (known ? 0 : 1)));
        return PutMetricFilterResponse.builder().build();
    }

    private static void check(MetricTransformation transformation) {
        boolean selector = transformation.metricValue().startsWith("$");
        if (!selector && Comparison.number(transformation.metricValue()).isEmpty()) {
            throw invalid("Invalid metric transformation: metricValue must be a number or a field of the pattern.");
        }
        if (transformation.defaultValue() != null
                && !transformation.dimensions().isEmpty()) {
            throw invalid("Invalid metric transformation: dimensions and default value are mutually exclusive.");
        }
    }

    DeleteMetricFilterResponse delete(DeleteMetricFilterRequest request) {
        Scope scope = Call.current().scope();
        GroupRecord group = groups.require(scope, request.logGroupName());
        tables.delete(
                scope,
                tables.filter(scope, group.id(), request.filterName()).orElseThrow(() -> notFound("metric filter")));
        tables.put(scope, group.withMetricFilters(group.metricFilters() - 1));
        return DeleteMetricFilterResponse.builder().build();
    }

    DescribeMetricFiltersResponse describe(DescribeMetricFiltersRequest request) {
        Scope scope = Call.current().scope();
        if ((request.metricName() == null) != (request.metricNamespace() == null)) {
            throw invalid("metricName and metricNamespace must be specified together.");
        }
        List<MetricFilter> all = new ArrayList<>();
        if (request.logGroupName() != null) {
            GroupRecord group = groups.require(scope, request.logGroupName());
            tables.filters(scope, group.id()).forEach(filter -> all.add(shown(group, filter)));
        } else {
            tables.groups(scope, dev.terrane.kernel.store.Query.all()).values().stream()
                    .filter(group -> group.metricFilters() > 0)
                    .forEach(group ->
                            tables.filters(scope, group.id()).forEach(filter -> all.add(shown(group, filter))));
        }
        String prefix = request.filterNamePrefix() == null ? "" : request.filterNamePrefix();
        List<MetricFilter> found = all.stream()
                .filter(filter -> filter.filterName().startsWith(prefix))
                .filter(filter -> request.metricName() == null
                        || filter.metricTransformations().stream()
                                .anyMatch(t -> t.metricName().equals(request.metricName())
                                        && t.metricNamespace().equals(request.metricNamespace())))
                .toList();
        String listing = "DescribeMetricFilters " + scope + request.logGroupName() + prefix + request.metricName()
                + request.metricNamespace();
        int from = LogGroups.cursor(pages, listing, request.nextToken())
                .map(Integer::parseInt)
                .orElse(0);
        int to = Math.min(found.size(), from + (request.limit() == null ? DEFAULT_LIMIT : request.limit()));
        DescribeMetricFiltersResponse.Builder response =
                DescribeMetricFiltersResponse.builder().metricFilters(found.subList(Math.min(from, to), to));
        return (to < found.size() ? response.nextToken(pages.encode(listing, String.valueOf(to))) : response).build();
    }

    private static MetricFilter shown(GroupRecord group, MetricFilterRecord filter) {
        return MetricFilter.builder()
                .filterName(filter.name())
                .filterPattern(filter.pattern())
                .logGroupName(group.name())
                .creationTime(filter.created().toEpochMilli())
                .metricTransformations(filter.transformations())
                .build();
    }

    TestMetricFilterResponse test(TestMetricFilterRequest request) {
        FilterPattern pattern = FilterPattern.parse(request.filterPattern());
        List<MetricFilterMatchRecord> matches = new ArrayList<>();
        for (int i = 0; i < request.logEventMessages().size(); i++) {
            String message = request.logEventMessages().get(i);
            if (pattern.matches(message)) {
                matches.add(MetricFilterMatchRecord.builder()
                        .eventNumber(i + 1L)
                        .eventMessage(message)
                        .extractedValues(pattern.extracted(message))
                        .build());
            }
        }
        return TestMetricFilterResponse.builder().matches(matches).build();
    }

    /** Looks at events that were just accepted. Their metrics are put once the events are stored; a fault there loses them, as it would in AWS. */
    void observe(Scope scope, GroupRecord group, List<InputLogEvent> events) {
        if (group.metricFilters() == 0 || events.isEmpty()) {
            return;
        }
        Map<String, List<MetricDatum>> byNamespace = new HashMap<>();
        for (MetricFilterRecord filter : tables.filters(scope, group.id())) {
            FilterPattern pattern = FilterPattern.parse(filter.pattern());
            for (MetricTransformation transformation : filter.transformations()) {
                byNamespace
                        .computeIfAbsent(transformation.metricNamespace(), n -> new ArrayList<>())
                        .addAll(datums(pattern, transformation, events));
            }
        }
        platform.store().afterCommit(() -> platform.threads().start("logs-metrics", () -> publish(scope, byNamespace)));
    }

    private static List<MetricDatum> datums(
            FilterPattern pattern, MetricTransformation transformation, List<InputLogEvent> events) {
        List<MetricDatum> found = new ArrayList<>();
        for (InputLogEvent event : events) {
            String message = event.message();
            if (pattern.matches(message)) {
                value(pattern, transformation, message)
                        .ifPresent(value -> found.add(datum(transformation, event.timestamp(), value)
                                .dimensions(dimensions(pattern, transformation, message))
                                .build()));
            }
        }
        if (found.isEmpty() && transformation.defaultValue() != null) {
            found.add(datum(transformation, events.getLast().timestamp(), transformation.defaultValue())
                    .build());
        }
        return found;
    }

    private static Optional<Double> value(FilterPattern pattern, MetricTransformation transformation, String message) {
        String given = transformation.metricValue();
        Optional<String> text = given.startsWith("$") ? pattern.value(message, given) : Optional.of(given);
        return text.flatMap(Comparison::number).map(BigDecimal::doubleValue);
    }

    private static MetricDatum.Builder datum(MetricTransformation transformation, long time, double value) {
        return MetricDatum.builder()
                .metricName(transformation.metricName())
                .timestamp(Instant.ofEpochMilli(time))
                .unit(transformation.unitAsString() == null ? "None" : transformation.unitAsString())
                .value(value);
    }

    private static List<Dimension> dimensions(
            FilterPattern pattern, MetricTransformation transformation, String message) {
        List<Dimension> dimensions = new ArrayList<>();
        transformation
                .dimensions()
                .forEach((name, selector) -> pattern.value(message, selector)
                        .ifPresent(value -> dimensions.add(
                                Dimension.builder().name(name).value(value).build())));
        return dimensions;
    }

    private void publish(Scope scope, Map<String, List<MetricDatum>> byNamespace) {
        CloudWatchClient metrics = platform.clients().client(CloudWatchClient.class, new Actor.Platform(scope));
        byNamespace.forEach((namespace, datums) -> {
            for (int from = 0; from < datums.size(); from += DATUMS_AT_ONCE) {
                List<MetricDatum> some = datums.subList(from, Math.min(datums.size(), from + DATUMS_AT_ONCE));
                try {
                    metrics.putMetricData(
                            request -> request.namespace(namespace).metricData(some));
                } catch (RuntimeException e) {
                    LOG.log(System.Logger.Level.WARNING, "Metrics of log filters were not put in " + namespace, e);
                }
            }
        });
    }
}

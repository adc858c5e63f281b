package dev.terrane.cloudwatch;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.page.PageTokens;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataResult;
import software.amazon.awssdk.services.cloudwatch.model.ScanBy;
import software.amazon.awssdk.services.cloudwatch.model.StatusCode;

/** GetMetricData: many metrics and expressions at once. */
final class MetricData {
    private static final int MOST_QUERIES = 500;
    private static final int MOST_POINTS = 100_800;

    private final MetricQueries queries;
    private final Clock clock;
    private final PageTokens pages;

    MetricData(MetricQueries queries, Clock clock, PageTokens pages) {
        this.queries = queries;
        this.clock = clock;
        this.pages = pages;
    }

    /** One series of the answer. */
    private record Result(String id, String label, List<Map.Entry<Long, Double>> points) {}

    GetMetricDataResponse get(GetMetricDataRequest request) {
        Scope scope = Call.current().scope();
        check(request, scope);
        List<Result> results = results(scope, request);
        int most = Optional.ofNullable(request.maxDatapoints()).orElse(MOST_POINTS);
        String listing =
                "data/" + scope + "/" + request.toBuilder().nextToken(null).build();
        long skipped = Pages.cursor(pages, listing, request.nextToken())
                .map(Long::parseLong)
                .orElse(0L);
        long all = results.stream().mapToLong(r -> r.points().size()).sum();
        long end = Math.min(all, skipped + most);
        return GetMetricDataResponse.builder()
                .metricDataResults(between(results, skipped, end))
                .messages(List.of())
                .nextToken(end < all ? pages.encode(listing, Long.toString(end)) : null)
                .build();
    }

    private static void check(GetMetricDataRequest request, Scope scope) {
        if (!request.startTime().isBefore(request.endTime())) {
            throw Errors.validation("The parameter StartTime must be less than the parameter EndTime.");
        }
        if (request.metricDataQueries().isEmpty()) {
            throw Errors.validation("The parameter MetricDataQueries must have a query.");
        }
        if (request.metricDataQueries().size() > MOST_QUERIES) {
            throw Errors.validation(
                    "The collection MetricDataQueries must not have a size greater than " + MOST_QUERIES + ".");
        }
        if (request.labelOptions() != null && request.labelOptions().timezone() != null) {
            throw Errors.validation("LabelOptions are not supported by Terrane yet.");
        }
        Integer most = request.maxDatapoints();
        if (most != null && (most < 1 || most > MOST_POINTS)) {
            throw Errors.validation("The parameter MaxDatapoints must be between 1 and " + MOST_POINTS + ".");
        }
        for (MetricDataQuery query : request.metricDataQueries()) {
            if (query.label() != null && query.label().contains("${")) {
                throw Errors.validation("Dynamic labels are not supported by Terrane yet: " + query.label());
            }
        }
        MetricQueries.check(request.metricDataQueries(), scope.account());
    }

    private List<Result> results(Scope scope, GetMetricDataRequest request) {
        Instant now = clock.instant();
        MetricMath math = queries.read(
                scope,
                request.metricDataQueries(),
                stat -> Spans.start(request.startTime(), now, stat.period()),
                Spans.end(request.endTime()));
        List<Result> results = new ArrayList<>();
        for (MetricDataQuery query : request.metricDataQueries()) {
            if (!Boolean.FALSE.equals(query.returnData())) {
                results.addAll(results(query, MetricQueries.value(math, query.id()), request.scanBy()));
            }
        }
        return results;
    }

    private static List<Result> results(MetricDataQuery query, MathValue value, ScanBy scan) {
        if (value instanceof MathValue.Scalar) {
            throw Errors.validation("Error in expression '" + query.id()
                    + "': a query that returns data must be a time series, and this one is a number");
        }
        Comparator<Map.Entry<Long, Double>> order = Map.Entry.comparingByKey();
        return value.all().stream()
                .map(series -> new Result(
                        query.id(),
                        label(query, value, series),
                        series.points().entrySet().stream()
                                .sorted(scan == ScanBy.TIMESTAMP_ASCENDING ? order : order.reversed())
                                .toList()))
                .toList();
    }

    private static String label(MetricDataQuery query, MathValue value, Series series) {
        if (query.label() != null) {
            return value instanceof MathValue.Many ? query.label() + " " + series.label() : query.label();
        }
        return query.expression() != null && value instanceof MathValue.One ? query.id() : series.label();
    }

    /** Those of all results' values that are between two places, in the order of the results. */
    private static List<MetricDataResult> between(List<Result> results, long from, long to) {
        List<MetricDataResult> shown = new ArrayList<>();
        long passed = 0;
        for (Result result : results) {
            int size = result.points().size();
            int first = Math.toIntExact(Math.clamp(from - passed, 0, size));
            int last = Math.toIntExact(Math.clamp(to - passed, 0, size));
            passed += size;
            if (first < last || (size == 0 && from == 0)) {
                List<Map.Entry<Long, Double>> points = result.points().subList(first, last);
                shown.add(MetricDataResult.builder()
                        .id(result.id())
                        .label(result.label())
                        .timestamps(points.stream()
                                .map(p -> Instant.ofEpochSecond(p.getKey()))
                                .toList())
                        .values(points.stream().map(Map.Entry::getValue).toList())
                        .statusCode(last < size ? StatusCode.PARTIAL_DATA : StatusCode.COMPLETE)
                        .build());
            }
        }
        return shown;
    }
}

package dev.terrane.cloudwatch;

import dev.terrane.cloudwatch.Expression.Malformed;
import dev.terrane.kernel.call.Scope;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricStat;

/** The queries of a request or an alarm: metrics with a statistic, and expressions over them. */
final class MetricQueries {
    private final MetricReader reader;

    MetricQueries(MetricReader reader) {
        this.reader = reader;
    }

    /** Refuses queries that could not be evaluated, whatever the data.
     *
     * @param account the only account whose metrics there are
     */
    static void check(List<MetricDataQuery> queries, String account) {
        Set<String> ids = new HashSet<>();
        for (MetricDataQuery query : queries) {
            if (!query.id().matches("[a-z][a-zA-Z0-9_]*")) {
                throw Errors.validation("The value '" + query.id()
                        + "' for parameter MetricDataQueries.member.Id is not matching the expected pattern"
                        + " ^[a-z][a-zA-Z0-9_]*$.");
            }
            if (!ids.add(query.id())) {
                throw Errors.validation("The values for parameter Id in MetricDataQueries are not unique.");
            }
            if (query.accountId() != null && !query.accountId().equals(account)) {
                throw Errors.validation("The account " + query.accountId() + " is not linked to this one.");
            }
            if ((query.metricStat() == null) == (query.expression() == null)) {
                throw Errors.validation("Exactly one of MetricStat and Expression must be specified for the metric data"
                        + " query with id '" + query.id() + "'.");
            }
            if (query.expression() != null) {
                checkExpression(query);
            } else {
                checkStat(query);
            }
        }
        // Evaluated without data, an expression shows all of its faults but those of data.
        refuseMalformed(queries);
    }

    private static void checkExpression(MetricDataQuery query) {
        if (query.expression().strip().regionMatches(true, 0, "SELECT ", 0, 7)) {
            throw Errors.validation("Error in expression '" + query.id()
                    + "': Metrics Insights queries are not supported by Terrane yet");
        }
        if (query.period() != null) {
            Spans.checkPeriod(query.period());
        }
    }

    private static void checkStat(MetricDataQuery query) {
        MetricStat stat = query.metricStat();
        if (stat.metric().namespace() == null || stat.metric().metricName() == null) {
            throw Errors.validation(
                    "The metric of the query with id '" + query.id() + "' needs a Namespace and a MetricName.");
        }
        Spans.checkPeriod(stat.period());
        Stat.parse(stat.stat());
    }

    /**
     * The values of all queries.
     *
     * @param from where the first period of a metric begins
     * @param to the second before which all ends
     */
    MetricMath read(Scope scope, List<MetricDataQuery> queries, ToLongFunction<MetricStat> from, long to) {
        Map<String, Series> metrics = new LinkedHashMap<>();
        Map<String, String> expressions = new LinkedHashMap<>();
        long first = to;
        for (MetricDataQuery query : queries) {
            if (query.expression() != null) {
                expressions.put(query.id(), query.expression());
            } else {
                MetricStat stat = query.metricStat();
                long start = from.applyAsLong(stat);
                first = Math.min(first, start);
                metrics.put(query.id(), series(scope, stat, start, to));
            }
        }
        return new MetricMath(metrics, expressions, new MathSpan(first, to));
    }

    private Series series(Scope scope, MetricStat stat, long from, long to) {
        return new Series(
                stat.metric().metricName(),
                stat.period(),
                reader.values(
                        scope,
                        MetricKey.of(stat.metric()),
                        Stat.parse(stat.stat()),
                        from,
                        to,
                        stat.period(),
                        stat.unitAsString()));
    }

    private static void refuseMalformed(List<MetricDataQuery> queries) {
        Map<String, Series> metrics = new LinkedHashMap<>();
        Map<String, String> expressions = new LinkedHashMap<>();
        for (MetricDataQuery query : queries) {
            if (query.expression() != null) {
                expressions.put(query.id(), query.expression());
            } else {
                metrics.put(
                        query.id(), new Series(query.id(), query.metricStat().period(), new TreeMap<>()));
            }
        }
        MetricMath math = new MetricMath(metrics, expressions, new MathSpan(0, 0));
        expressions.keySet().forEach(id -> value(math, id));
    }

    /** The value of one of the queries.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException ValidationError, when the expression is none
     */
    static MathValue value(MetricMath math, String id) {
        try {
            return math.value(id);
        } catch (Malformed e) {
            throw Errors.validation("Error in expression '" + id + "': " + e.getMessage());
        }
    }
}

package dev.terrane.cloudwatch;

import dev.terrane.cloudwatch.Expression.Malformed;
import dev.terrane.cloudwatch.MathFunctions.Filling;
import dev.terrane.cloudwatch.MathValue.Many;
import dev.terrane.cloudwatch.MathValue.One;
import dev.terrane.cloudwatch.MathValue.Scalar;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Evaluates the expressions of a set of queries, which may refer to metrics and to each other. */
final class MetricMath {
    private static final Set<String> NOT_YET = Set.of(
            "SEARCH", "ANOMALY_DETECTION_BAND", "INSIGHT_RULE_METRIC", "SERVICE_QUOTA", "DB_PERF_INSIGHTS", "LAMBDA");

    private final Map<String, Series> metrics;
    private final Map<String, String> expressions;
    private final MathSpan span;
    private final Map<String, MathValue> known = new HashMap<>();
    private final Set<String> underWay = new LinkedHashSet<>();

    /**
     * @param metrics what was read, by the query's id, in the order of the queries
     * @param expressions by the query's id
     */
    MetricMath(Map<String, Series> metrics, Map<String, String> expressions, MathSpan span) {
        this.metrics = new LinkedHashMap<>(metrics);
        this.expressions = Map.copyOf(expressions);
        this.span = span;
    }

    /** The value of a query. */
    MathValue value(String id) {
        Series metric = metrics.get(id);
        if (metric != null) {
            return new One(metric);
        }
        MathValue value = known.get(id);
        if (value != null) {
            return value;
        }
        String expression = expressions.get(id);
        if (expression == null) {
            throw new Malformed("Undefined id '" + id + "'");
        }
        if (!underWay.add(id)) {
            throw new Malformed("The expression refers to itself by way of " + underWay);
        }
        value = evaluate(Expression.parse(expression));
        underWay.remove(id);
        known.put(id, value);
        return value;
    }

    private MathValue evaluate(Expression expression) {
        return switch (expression) {
            case Expression.Constant c -> new Scalar(c.value());
            case Expression.Reference r -> value(r.id());
            case Expression.Text t -> throw new Malformed("Unexpected '" + t.text() + "'");
            case Expression.Negated n -> MathFunctions.each(evaluate(n.operand()), v -> -v);
            case Expression.Binary b -> MathFunctions.binary(b.operator(), evaluate(b.left()), evaluate(b.right()));
            case Expression.Listed l -> listed(l.elements());
            case Expression.Function f -> function(f.name().toUpperCase(Locale.ROOT), f.arguments());
        };
    }

    /** An array; a number in it stands for that number at all times of the others. */
    private Many listed(List<Expression> elements) {
        List<MathValue> values = elements.stream().map(this::evaluate).toList();
        List<Series> series = values.stream().flatMap(v -> v.all().stream()).toList();
        List<Series> all = new ArrayList<>();
        for (MathValue value : values) {
            if (value instanceof Scalar scalar) {
                all.add(MathFunctions.constant(scalar.number(), series));
            } else {
                all.addAll(value.all());
            }
        }
        return new Many(all);
    }

    private MathValue function(String name, List<Expression> arguments) {
        return switch (name) {
            case "METRICS" -> metrics(arguments);
            case "METRIC_COUNT" -> new Scalar(one(name, arguments).all().size());
            case "ABS" -> MathFunctions.each(one(name, arguments), Math::abs);
            case "CEIL" -> MathFunctions.each(one(name, arguments), Math::ceil);
            case "FLOOR" -> MathFunctions.each(one(name, arguments), Math::floor);
            case "LOG" -> MathFunctions.each(one(name, arguments), Math::log);
            case "LOG10" -> MathFunctions.each(one(name, arguments), Math::log10);
            case "SUM" -> MathFunctions.sum(one(name, arguments), MathFunctions::total);
            case "AVG" -> MathFunctions.sum(one(name, arguments), MathFunctions::mean);
            case "MIN" -> MathFunctions.sum(one(name, arguments), MathFunctions::least);
            case "MAX" -> MathFunctions.sum(one(name, arguments), MathFunctions::greatest);
            case "STDDEV" -> MathFunctions.sum(one(name, arguments), MathFunctions::deviation);
            case "DATAPOINT_COUNT" ->
                MathFunctions.ofEach(one(name, arguments), s -> s.points().size());
            case "PERIOD" -> MathFunctions.ofEach(one(name, arguments), Series::period);
            case "IF" -> choice(arguments);
            case "FILL" -> fill(arguments);
            case "FIRST" -> end(one(name, arguments), true);
            case "LAST" -> end(one(name, arguments), false);
            case "SORT" -> sort(arguments);
            case "SLICE" -> slice(arguments);
            case "REMOVE_EMPTY" ->
                new Many(one(name, arguments).all().stream()
                        .filter(s -> !s.points().isEmpty())
                        .toList());
            case "TIME_SERIES" -> timeSeries(one(name, arguments));
            default -> seriesFunction(name, arguments);
        };
    }

    private MathValue seriesFunction(String name, List<Expression> arguments) {
        return MathFunctions.eachSeries(
                one(name, arguments),
                switch (name) {
                    case "DIFF" ->
                        series -> MathFunctions.steps(series, (before, now) -> now.getValue() - before.getValue());
                    case "DIFF_TIME" ->
                        series -> MathFunctions.steps(series, (before, now) -> now.getKey() - before.getKey());
                    case "RATE" ->
                        series -> MathFunctions.steps(
                                series,
                                (before, now) ->
                                        (now.getValue() - before.getValue()) / (now.getKey() - before.getKey()));
                    case "RUNNING_SUM" -> MathFunctions::runningSum;
                    case "MINUTE" -> series -> MathFunctions.ofTime(series, t -> t.getMinute());
                    case "HOUR" -> series -> MathFunctions.ofTime(series, t -> t.getHour());
                    case "DAY" ->
                        series -> MathFunctions.ofTime(
                                series, t -> t.getDayOfWeek().getValue());
                    case "DATE" -> series -> MathFunctions.ofTime(series, t -> t.getDayOfMonth());
                    case "MONTH" -> series -> MathFunctions.ofTime(series, t -> t.getMonthValue());
                    case "YEAR" -> series -> MathFunctions.ofTime(series, t -> t.getYear());
                    case "EPOCH" -> series -> MathFunctions.ofTime(series, t -> t.toEpochSecond());
                    default -> throw unknown(name);
                });
    }

    private static Malformed unknown(String name) {
        return new Malformed(
                NOT_YET.contains(name)
                        ? "The function " + name + " is not supported by Terrane yet"
                        : "Unknown function " + name);
    }

    private MathValue one(String name, List<Expression> arguments) {
        if (NOT_YET.contains(name)) {
            throw unknown(name);
        }
        if (arguments.size() != 1) {
            throw new Malformed(name + " takes one argument");
        }
        return evaluate(arguments.getFirst());
    }

    private Many metrics(List<Expression> arguments) {
        String part = arguments.isEmpty() ? "" : text("METRICS", arguments.getFirst());
        return new Many(metrics.entrySet().stream()
                .filter(metric -> metric.getKey().contains(part))
                .map(Map.Entry::getValue)
                .toList());
    }

    private static String text(String function, Expression expression) {
        if (expression instanceof Expression.Text text) {
            return text.text();
        }
        throw new Malformed(function + " takes a name here");
    }

    private MathValue choice(List<Expression> arguments) {
        if (arguments.size() < 2 || arguments.size() > 3) {
            throw new Malformed("IF takes two or three arguments");
        }
        MathValue otherwise = arguments.size() == 3 ? evaluate(arguments.get(2)) : new Scalar(Double.NaN);
        return MathFunctions.choose(evaluate(arguments.get(0)), evaluate(arguments.get(1)), otherwise);
    }

    private MathValue fill(List<Expression> arguments) {
        if (arguments.size() != 2) {
            throw new Malformed("FILL takes two arguments");
        }
        Filling filling;
        if (arguments.get(1) instanceof Expression.Text text) {
            filling = switch (text.text()) {
                case "REPEAT" -> Filling.REPEAT;
                case "LINEAR" -> Filling.LINEAR;
                default -> throw new Malformed("FILL fills with REPEAT, LINEAR, a number or a time series");
            };
        } else {
            filling = switch (evaluate(arguments.get(1))) {
                case Scalar scalar -> (points, time) -> scalar.number();
                case One one -> (points, time) -> one.series().points().get(time);
                case Many many -> throw new Malformed("FILL fills with REPEAT, LINEAR, a number or a time series");
            };
        }
        return MathFunctions.eachSeries(
                evaluate(arguments.getFirst()), series -> MathFunctions.fill(series, span, filling));
    }

    /** The first or last of an array's series. */
    private static MathValue end(MathValue value, boolean first) {
        List<Series> all = value.all();
        if (all.isEmpty()) {
            return new Many(all);
        }
        return new One(first ? all.getFirst() : all.getLast());
    }

    private Many sort(List<Expression> arguments) {
        if (arguments.size() < 3 || arguments.size() > 4) {
            throw new Malformed("SORT takes three or four arguments");
        }
        String order = text("SORT", arguments.get(2));
        if (!order.equals("ASC") && !order.equals("DESC")) {
            throw new Malformed("SORT sorts ASC or DESC");
        }
        ToDoubleFunction<Collection<Double>> by = switch (text("SORT", arguments.get(1))) {
            case "AVG" -> MathFunctions::mean;
            case "MIN" -> MathFunctions::least;
            case "MAX" -> MathFunctions::greatest;
            case "SUM" -> MathFunctions::total;
            default -> throw new Malformed("SORT sorts by AVG, MIN, MAX or SUM");
        };
        int most = arguments.size() == 4 ? index(arguments.get(3)) : Integer.MAX_VALUE;
        return MathFunctions.sorted(evaluate(arguments.getFirst()), by, order.equals("ASC"), most);
    }

    private MathValue slice(List<Expression> arguments) {
        if (arguments.size() < 2 || arguments.size() > 3) {
            throw new Malformed("SLICE takes two or three arguments");
        }
        List<Series> all = evaluate(arguments.getFirst()).all();
        int from = Math.clamp(index(arguments.get(1)), 0, all.size());
        if (arguments.size() == 2) {
            return from < all.size() ? new One(all.get(from)) : new Many(List.of());
        }
        return new Many(all.subList(from, Math.clamp(index(arguments.get(2)), from, all.size())));
    }

    private int index(Expression expression) {
        if (evaluate(expression) instanceof Scalar scalar) {
            return (int) scalar.number();
        }
        throw new Malformed("A number is needed, and a time series was given");
    }

    private MathValue timeSeries(MathValue value) {
        if (!(value instanceof Scalar scalar)) {
            throw new Malformed("TIME_SERIES takes a number");
        }
        int period = metrics.values().stream().mapToInt(Series::period).min().orElse(60);
        Series empty = new Series("", period, new java.util.TreeMap<>());
        return new One(MathFunctions.fill(empty, span, (points, time) -> scalar.number()));
    }
}

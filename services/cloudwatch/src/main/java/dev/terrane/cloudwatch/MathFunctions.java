package dev.terrane.cloudwatch;

import dev.terrane.cloudwatch.Expression.Malformed;
import dev.terrane.cloudwatch.MathValue.Many;
import dev.terrane.cloudwatch.MathValue.One;
import dev.terrane.cloudwatch.MathValue.Scalar;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/** What metric math does with values: operators, and functions of evaluated arguments. */
final class MathFunctions {
    private MathFunctions() {}

    static MathValue binary(String operator, MathValue left, MathValue right) {
        DoubleBinaryOperator of = operator(operator);
        return switch (left) {
            case Scalar a ->
                right instanceof Scalar b
                        ? new Scalar(of.applyAsDouble(a.number(), b.number()))
                        : each(right, value -> of.applyAsDouble(a.number(), value));
            case One a ->
                switch (right) {
                    case Scalar b -> each(a, value -> of.applyAsDouble(value, b.number()));
                    case One b -> new One(a.series().zip(b.series(), of));
                    case Many b ->
                        new Many(b.series().stream()
                                .map(s -> a.series().zip(s, of).points())
                                .map(a.series()::with)
                                .toList());
                };
            case Many a ->
                switch (right) {
                    case Scalar b -> each(a, value -> of.applyAsDouble(value, b.number()));
                    case One b ->
                        new Many(a.series().stream()
                                .map(s -> s.zip(b.series(), of))
                                .toList());
                    case Many b -> throw new Malformed("Two arrays can not be combined by " + operator);
                };
        };
    }

    private static DoubleBinaryOperator operator(String operator) {
        return switch (operator) {
            case "+" -> Double::sum;
            case "-" -> (a, b) -> a - b;
            case "*" -> (a, b) -> a * b;
            case "/" -> (a, b) -> a / b;
            case "^" -> Math::pow;
            case "==" -> (a, b) -> a == b ? 1 : 0;
            case "!=" -> (a, b) -> a != b ? 1 : 0;
            case "<" -> (a, b) -> a < b ? 1 : 0;
            case "<=" -> (a, b) -> a <= b ? 1 : 0;
            case ">" -> (a, b) -> a > b ? 1 : 0;
            case ">=" -> (a, b) -> a >= b ? 1 : 0;
            case "&&" -> (a, b) -> a != 0 && b != 0 ? 1 : 0;
            case "||" -> (a, b) -> a != 0 || b != 0 ? 1 : 0;
            default -> throw new Malformed("Unknown operator " + operator);
        };
    }

    /** A function of every single value. */
    static MathValue each(MathValue value, DoubleUnaryOperator of) {
        return switch (value) {
            case Scalar s -> new Scalar(of.applyAsDouble(s.number()));
            case One one -> new One(one.series().map(of));
            case Many many ->
                new Many(many.series().stream().map(s -> s.map(of)).toList());
        };
    }

    /** A function of every series of a value. */
    static MathValue eachSeries(MathValue value, java.util.function.UnaryOperator<Series> of) {
        return switch (value) {
            case Scalar s -> throw new Malformed("A time series is needed, and a number was given");
            case One one -> new One(of.apply(one.series()));
            case Many many -> new Many(many.series().stream().map(of).toList());
        };
    }

    /** One number of one series; of an array, one number of what its series have at each time. */
    static MathValue sum(MathValue value, ToDoubleFunction<Collection<Double>> of) {
        return switch (value) {
            case Scalar s -> s;
            case One one -> new Scalar(number(one.series(), of));
            case Many many -> new One(across(many.series(), of));
        };
    }

    /** One number of a series, of each where there are many. */
    static MathValue ofEach(MathValue value, ToDoubleFunction<Series> of) {
        return switch (value) {
            case Scalar s -> throw new Malformed("A time series is needed, and a number was given");
            case One one -> new Scalar(of.applyAsDouble(one.series()));
            case Many many ->
                new Many(many.series().stream()
                        .map(s -> {
                            double number = of.applyAsDouble(s);
                            return s.map(v -> number);
                        })
                        .toList());
        };
    }

    private static double number(Series series, ToDoubleFunction<Collection<Double>> of) {
        return series.points().isEmpty()
                ? Double.NaN
                : of.applyAsDouble(series.points().values());
    }

    private static Series across(List<Series> series, ToDoubleFunction<Collection<Double>> of) {
        Map<Long, List<Double>> values = new TreeMap<>();
        for (Series one : series) {
            one.points()
                    .forEach((time, value) ->
                            values.computeIfAbsent(time, t -> new ArrayList<>()).add(value));
        }
        NavigableMap<Long, Double> points = new TreeMap<>();
        values.forEach((time, at) -> points.put(time, of.applyAsDouble(at)));
        int period = series.stream().mapToInt(Series::period).max().orElse(60);
        return new Series("", period, points);
    }

    static double total(Collection<Double> values) {
        return values.stream().mapToDouble(v -> v).sum();
    }

    static double mean(Collection<Double> values) {
        return total(values) / values.size();
    }

    static double least(Collection<Double> values) {
        return values.stream().mapToDouble(v -> v).min().orElse(Double.NaN);
    }

    static double greatest(Collection<Double> values) {
        return values.stream().mapToDouble(v -> v).max().orElse(Double.NaN);
    }

    static double deviation(Collection<Double> values) {
        double mean = mean(values);
        return Math.sqrt(
                values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum() / values.size());
    }

    /** A function of each value and the one before it; the first has none. */
    static Series steps(Series series, ToDoubleBiFunction<Map.Entry<Long, Double>, Map.Entry<Long, Double>> of) {
        NavigableMap<Long, Double> points = new TreeMap<>();
        Map.Entry<Long, Double> before = null;
        for (Map.Entry<Long, Double> entry : series.points().entrySet()) {
            if (before != null) {
                points.put(entry.getKey(), of.applyAsDouble(before, entry));
            }
            before = entry;
        }
        return series.with(points);
    }

    static Series runningSum(Series series) {
        NavigableMap<Long, Double> points = new TreeMap<>();
        double sum = 0;
        for (Map.Entry<Long, Double> entry : series.points().entrySet()) {
            sum += entry.getValue();
            points.put(entry.getKey(), sum);
        }
        return series.with(points);
    }

    /** A part of each value's time. */
    static Series ofTime(Series series, ToDoubleFunction<ZonedDateTime> of) {
        NavigableMap<Long, Double> points = new TreeMap<>();
        for (Long time : series.points().keySet()) {
            points.put(time, of.applyAsDouble(Instant.ofEpochSecond(time).atZone(ZoneOffset.UTC)));
        }
        return series.with(points);
    }

    /** All values of a span of time, those that are missing made by a filling. */
    static Series fill(Series series, MathSpan span, Filling filling) {
        NavigableMap<Long, Double> points = new TreeMap<>(series.points());
        for (Long time : span.times(series)) {
            if (!points.containsKey(time)) {
                Double value = filling.at(series.points(), time);
                if (value != null) {
                    points.put(time, value);
                }
            }
        }
        return series.with(points);
    }

    /** What stands where a value is missing. */
    @FunctionalInterface
    interface Filling {
        @org.jspecify.annotations.Nullable
        Double at(NavigableMap<Long, Double> points, long time);

        Filling REPEAT = (points, time) -> {
            Map.Entry<Long, Double> before = points.floorEntry(time);
            return before == null ? null : before.getValue();
        };

        Filling LINEAR = (points, time) -> {
            Map.Entry<Long, Double> before = points.floorEntry(time);
            Map.Entry<Long, Double> after = points.ceilingEntry(time);
            if (before == null || after == null) {
                return null;
            }
            double share = (double) (time - before.getKey()) / (after.getKey() - before.getKey());
            return before.getValue() + share * (after.getValue() - before.getValue());
        };
    }

    /** Chooses between values at each time of the condition. */
    static MathValue choose(MathValue condition, MathValue then, MathValue otherwise) {
        if (condition instanceof Scalar scalar) {
            return scalar.number() != 0 ? then : otherwise;
        }
        return eachSeries(condition, series -> {
            NavigableMap<Long, Double> points = new TreeMap<>();
            series.points().forEach((time, value) -> {
                Double chosen = at(value != 0 ? then : otherwise, time);
                if (chosen != null && Double.isFinite(chosen)) {
                    points.put(time, chosen);
                }
            });
            return series.with(points);
        });
    }

    private static @org.jspecify.annotations.Nullable Double at(MathValue value, long time) {
        return switch (value) {
            case Scalar s -> s.number();
            case One one -> one.series().points().get(time);
            case Many many -> throw new Malformed("IF chooses between numbers and single time series");
        };
    }

    /** An array's series in the order of one of their numbers, at most so many. */
    static Many sorted(MathValue value, ToDoubleFunction<Collection<Double>> by, boolean rising, int most) {
        Comparator<Series> order = Comparator.comparingDouble(s -> number(s, by));
        return new Many(value.all().stream()
                .sorted(rising ? order : order.reversed())
                .limit(most)
                .toList());
    }

    /** A number as a series with the times of others. */
    static Series constant(double number, List<Series> others) {
        NavigableMap<Long, Double> points = new TreeMap<>();
        TreeSet<Long> times = new TreeSet<>();
        others.forEach(s -> times.addAll(s.points().keySet()));
        times.forEach(time -> points.put(time, number));
        int period = others.stream().mapToInt(Series::period).max().orElse(60);
        return new Series(Double.toString(number), period, points);
    }
}

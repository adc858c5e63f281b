package dev.terrane.cloudwatch;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statistic: what one number is made of a period's samples. See "CloudWatch statistics definitions" in the CloudWatch user guide.
 *
 * @param name as AWS writes it: {@code Average}, {@code p99}, {@code TM(10%:90%)}
 */
record Stat(String name, Function<Samples, OptionalDouble> of) {
    private static final Pattern SIMPLE = Pattern.compile("(p|tm|tc|ts|wm)(\\d{1,2}(?:\\.\\d{0,10})?|100)");
    private static final Pattern RANGE = Pattern.compile("(TM|TC|TS|WM|PR)\\(([^:()]*):([^:()]*)\\)");

    /** The share of samples, by number, that a statistic is made of. */
    private record Span(double from, double to) {}

    static Optional<Stat> find(String name) {
        return switch (name) {
            case "SampleCount" -> always(name, Samples::count);
            case "Sum" -> always(name, Samples::sum);
            case "Minimum" -> always(name, Samples::min);
            case "Maximum" -> always(name, Samples::max);
            case "Average" -> always(name, s -> s.sum() / s.count());
            case "IQM" -> spread(name, s -> trimmedMean(s, new Span(0.25, 0.75)));
            default -> simple(name).or(() -> range(name));
        };
    }

    static Stat parse(String name) {
        return find(name)
                .orElseThrow(() -> Errors.validation("The value " + name + " for parameter Stat is not supported."));
    }

    /** The share of a percentile, such as 0.99 of {@code p99}; empty for other statistics. */
    OptionalDouble percentile() {
        return name.startsWith("p")
                ? OptionalDouble.of(Double.parseDouble(name.substring(1)) / 100)
                : OptionalDouble.empty();
    }

    private static Optional<Stat> simple(String name) {
        Matcher matcher = SIMPLE.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        double share = Double.parseDouble(matcher.group(2)) / 100;
        Span span = new Span(0, share);
        return switch (matcher.group(1)) {
            case "p" -> spread(name, s -> percentile(s, share));
            case "tm" -> spread(name, s -> trimmedMean(s, span));
            case "tc" -> spread(name, s -> trimmedCount(s, span));
            case "ts" -> spread(name, s -> trimmedSum(s, span));
            default -> spread(name, s -> winsorizedMean(s, span));
        };
    }

    private static Optional<Stat> range(String name) {
        Matcher matcher = RANGE.matcher(name);
        if (!matcher.matches()
                || (matcher.group(2).isEmpty() && matcher.group(3).isEmpty())) {
            return Optional.empty();
        }
        String kind = matcher.group(1);
        boolean percent = (matcher.group(2) + matcher.group(3)).contains("%");
        try {
            double from = bound(matcher.group(2), percent, percent ? 0 : Double.NEGATIVE_INFINITY);
            double to = bound(matcher.group(3), percent, percent ? 1 : Double.POSITIVE_INFINITY);
            if (from > to || (percent && (to > 1 || kind.equals("PR")))) {
                return Optional.empty();
            }
            Function<Samples, Span> span =
                    percent ? s -> new Span(from, to) : s -> new Span(shareUpTo(s, from), shareUpTo(s, to));
            return switch (kind) {
                case "TM" -> spread(name, s -> trimmedMean(s, span.apply(s)));
                case "TC" -> spread(name, s -> trimmedCount(s, span.apply(s)));
                case "TS" -> spread(name, s -> trimmedSum(s, span.apply(s)));
                case "WM" -> spread(name, s -> percent ? winsorizedMean(s, span.apply(s)) : clippedMean(s, from, to));
                default -> spread(name, s -> 100 * (shareUpTo(s, to) - shareUpTo(s, from)));
            };
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static double bound(String text, boolean percent, double open) {
        if (text.isEmpty()) {
            return open;
        }
        if (percent != text.endsWith("%")) {
            throw new NumberFormatException(text);
        }
        return percent ? Double.parseDouble(text.substring(0, text.length() - 1)) / 100 : Double.parseDouble(text);
    }

    private static Optional<Stat> always(String name, Function<Samples, Double> of) {
        return Optional.of(new Stat(name, s -> OptionalDouble.of(of.apply(s))));
    }

    /** A statistic that needs to know how the samples are spread. */
    private static Optional<Stat> spread(String name, Function<Samples, Double> of) {
        return Optional.of(new Stat(name, s -> {
            double value = s.spreadKnown() ? of.apply(s) : Double.NaN;
            return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
        }));
    }

    /** The least value that is not exceeded by a share of the samples. */
    private static double percentile(Samples samples, double share) {
        double[] values = samples.distinct();
        double[] times = samples.times();
        double wanted = share * samples.count();
        double passed = 0;
        for (int i = 0; i < values.length; i++) {
            passed += times[i];
            if (passed >= wanted - 1e-9) {
                return Math.clamp(values[i], samples.min(), samples.max());
            }
        }
        return samples.max();
    }

    private static double shareUpTo(Samples samples, double bound) {
        double[] values = samples.distinct();
        double[] times = samples.times();
        double passed = 0;
        for (int i = 0; i < values.length && values[i] <= bound; i++) {
            passed += times[i];
        }
        return passed / samples.count();
    }

    private static double trimmedCount(Samples samples, Span span) {
        return (span.to() - span.from()) * samples.count();
    }

    private static double trimmedSum(Samples samples, Span span) {
        double[] values = samples.distinct();
        double[] times = samples.times();
        double from = span.from() * samples.count();
        double to = span.to() * samples.count();
        double passed = 0;
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            double within = Math.min(passed + times[i], to) - Math.max(passed, from);
            sum += Math.max(0, within) * values[i];
            passed += times[i];
        }
        return sum;
    }

    private static double trimmedMean(Samples samples, Span span) {
        return trimmedSum(samples, span) / trimmedCount(samples, span);
    }

    /** The mean with what is beyond the span replaced by the value at its end. */
    private static double winsorizedMean(Samples samples, Span span) {
        return clippedMean(samples, percentile(samples, span.from()), percentile(samples, span.to()));
    }

    private static double clippedMean(Samples samples, double from, double to) {
        double[] values = samples.distinct();
        double[] times = samples.times();
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += Math.clamp(values[i], from, to) * times[i];
        }
        return sum / samples.count();
    }
}

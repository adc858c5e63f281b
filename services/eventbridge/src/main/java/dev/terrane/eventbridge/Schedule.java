package dev.terrane.eventbridge;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When a scheduled rule fires, in UTC ("Creating a rule that runs on a schedule" in the EventBridge user guide). */
sealed interface Schedule {
    /**
     * The next time.
     *
     * @param last when it fired last, or when the rule was made or enabled
     * @param now times up to now are left out: what was missed is not made up for
     * @return empty where none comes any more
     */
    Optional<Instant> next(Instant last, Instant now);

    /** Reads {@code rate(…)} or {@code cron(…)}; refuses anything else as AWS does. */
    static Schedule parse(String expression) {
        Matcher call = Syntax.CALL.matcher(expression.strip());
        if (!call.matches()) {
            throw Syntax.wrong();
        }
        return call.group(1).equals("rate")
                ? rate(call.group(2).strip())
                : new Cron(CronExpression.parse(call.group(2)));
    }

    private static Schedule rate(String text) {
        Matcher rate = Syntax.RATE.matcher(text);
        if (!rate.matches()) {
            throw Syntax.wrong();
        }
        long value = Long.parseLong(rate.group(1));
        boolean plural = rate.group(3) != null;
        if (value == 0 || plural == (value == 1)) {
            throw Syntax.wrong();
        }
        Duration unit = switch (rate.group(2)) {
            case "minute" -> Duration.ofMinutes(1);
            case "hour" -> Duration.ofHours(1);
            default -> Duration.ofDays(1);
        };
        return new Rate(unit.multipliedBy(value));
    }

    /** Every so often. */
    record Rate(Duration period) implements Schedule {
        @Override
        public Optional<Instant> next(Instant last, Instant now) {
            long missed = Math.max(0, Duration.between(last, now).dividedBy(period));
            return Optional.of(last.plus(period.multipliedBy(missed + 1)));
        }
    }

    /** At the times of a cron expression. */
    record Cron(CronExpression expression) implements Schedule {
        @Override
        public Optional<Instant> next(Instant last, Instant now) {
            return expression.after(now);
        }
    }

    /** The two forms. */
    final class Syntax {
        private static final Pattern CALL = Pattern.compile("(rate|cron)\\((.*)\\)");
        private static final Pattern RATE = Pattern.compile("([0-9]{1,6})\\s+(minute|hour|day)(s)?");

        private Syntax() {}

        static RuntimeException wrong() {
            return Errors.invalid("Parameter ScheduleExpression is not valid.");
        }
    }
}

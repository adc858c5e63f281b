package dev.terrane.eventbridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The times of schedules, most of them examples of the EventBridge user guide. */
final class ScheduleTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    cron(0 10 * * ? *)          | 2026-03-01T12:00:00Z | 2026-03-02T10:00:00Z
                    cron(15 12 * * ? *)         | 2026-03-01T12:00:00Z | 2026-03-01T12:15:00Z
                    cron(0 18 ? * MON-FRI *)    | 2026-03-06T18:00:00Z | 2026-03-09T18:00:00Z
                    cron(0 8 1 * ? *)           | 2026-03-01T12:00:00Z | 2026-04-01T08:00:00Z
                    cron(0/15 * * * ? *)        | 2026-03-01T12:01:30Z | 2026-03-01T12:15:00Z
                    cron(0/10 * ? * MON-FRI *)  | 2026-03-06T23:50:00Z | 2026-03-09T00:00:00Z
                    cron(0/5 8-17 ? * MON-FRI *)| 2026-03-06T17:55:00Z | 2026-03-09T08:00:00Z
                    cron(0 12 L * ? *)          | 2026-02-01T00:00:00Z | 2026-02-28T12:00:00Z
                    cron(0 12 LW * ? *)         | 2026-02-01T00:00:00Z | 2026-02-27T12:00:00Z
                    cron(0 12 15W * ? *)        | 2026-08-01T00:00:00Z | 2026-08-14T12:00:00Z
                    cron(15 10 ? * 6L 2026-2027)| 2026-03-01T00:00:00Z | 2026-03-27T10:15:00Z
                    cron(0 9 ? * 2#1 *)         | 2026-03-01T00:00:00Z | 2026-03-02T09:00:00Z
                    cron(0 0 29 2 ? *)          | 2026-03-01T00:00:00Z | 2028-02-29T00:00:00Z
                    """)
    void cron(String expression, Instant now, Instant next) {
        assertThat(Schedule.parse(expression).next(now, now)).contains(next);
    }

    @Test
    void rateDoesNotMakeUpForTimesThatPassed() {
        Instant start = Instant.parse("2026-03-01T12:00:10Z");
        Schedule rate = Schedule.parse("rate(5 minutes)");
        assertThat(rate.next(start, start)).contains(Instant.parse("2026-03-01T12:05:10Z"));
        assertThat(rate.next(start, Instant.parse("2026-03-01T12:17:00Z")))
                .contains(Instant.parse("2026-03-01T12:20:10Z"));
    }

    @Test
    void pastYearNeverComes() {
        Instant now = Instant.parse("2026-03-01T12:00:00Z");
        assertThat(Schedule.parse("cron(0 0 1 1 ? 2020)").next(now, now)).isEmpty();
    }
}

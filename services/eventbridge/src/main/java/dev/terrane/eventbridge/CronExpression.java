package dev.terrane.eventbridge;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A cron expression of six fields (minutes, hours, day of month, month, day of week, year) with the signs {@code , - * ? / L W #}; exactly
 * one of the two days is a question mark. Days of the week are 1 (Sunday) to 7.
 */
final class CronExpression {
    private static final int FIRST_YEAR = 1970;
    private static final int LAST_YEAR = 2199;
    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet months;
    private final BitSet years;
    private final Predicate<LocalDate> day;

    private CronExpression(BitSet minutes, BitSet hours, BitSet months, BitSet years, Predicate<LocalDate> day) {
        this.minutes = minutes;
        this.hours = hours;
        this.months = months;
        this.years = years;
        this.day = day;
    }

    static CronExpression parse(String text) {
        String[] fields = text.strip().toUpperCase(Locale.ROOT).split("\\s+");
        if (fields.length != 6 || fields[2].equals("?") == fields[4].equals("?")) {
            throw Schedule.Syntax.wrong();
        }
        return new CronExpression(
                values(fields[0], 0, 59, List.of()),
                values(fields[1], 0, 23, List.of()),
                values(fields[3], 1, 12, MONTHS),
                values(fields[5], FIRST_YEAR, LAST_YEAR, List.of()),
                fields[4].equals("?") ? dayOfMonth(fields[2]) : dayOfWeek(fields[4]));
    }

    /** The first time after an instant, to the minute. */
    Optional<Instant> after(Instant instant) {
        LocalDateTime from = LocalDateTime.ofInstant(instant, ZoneOffset.UTC)
                .withSecond(0)
                .withNano(0)
                .plusMinutes(1);
        for (int year = years.nextSetBit(from.getYear()); year >= 0; year = years.nextSetBit(year + 1)) {
            for (int month = months.nextSetBit(1); month >= 0; month = months.nextSetBit(month + 1)) {
                YearMonth here = YearMonth.of(year, month);
                if (here.isBefore(YearMonth.from(from))) {
                    continue;
                }
                Optional<Instant> found = within(here, from);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Instant> within(YearMonth month, LocalDateTime from) {
        for (int d = 1; d <= month.lengthOfMonth(); d++) {
            LocalDate date = month.atDay(d);
            if (date.isBefore(from.toLocalDate()) || !day.test(date)) {
                continue;
            }
            for (int hour = hours.nextSetBit(0); hour >= 0; hour = hours.nextSetBit(hour + 1)) {
                for (int minute = minutes.nextSetBit(0); minute >= 0; minute = minutes.nextSetBit(minute + 1)) {
                    LocalDateTime time = date.atTime(hour, minute);
                    if (!time.isBefore(from)) {
                        return Optional.of(time.toInstant(ZoneOffset.UTC));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Predicate<LocalDate> dayOfMonth(String field) {
        if (field.equals("L")) {
            return date -> date.getDayOfMonth() == date.lengthOfMonth();
        }
        if (field.equals("LW")) {
            return date -> date.equals(nearestWeekday(YearMonth.from(date), date.lengthOfMonth()));
        }
        if (field.endsWith("W")) {
            int wanted = number(field.substring(0, field.length() - 1), 1, 31, List.of());
            return date -> wanted <= date.lengthOfMonth() && date.equals(nearestWeekday(YearMonth.from(date), wanted));
        }
        BitSet days = values(field, 1, 31, List.of());
        return date -> days.get(date.getDayOfMonth());
    }

    /** The weekday nearest to a day within the same month. */
    private static LocalDate nearestWeekday(YearMonth month, int dayOfMonth) {
        LocalDate date = month.atDay(dayOfMonth);
        return switch (date.getDayOfWeek()) {
            case SATURDAY -> dayOfMonth == 1 ? date.plusDays(2) : date.minusDays(1);
            case SUNDAY -> dayOfMonth == month.lengthOfMonth() ? date.minusDays(2) : date.plusDays(1);
            case MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY -> date;
        };
    }

    private static Predicate<LocalDate> dayOfWeek(String field) {
        if (field.equals("L")) {
            return date -> date.getDayOfWeek() == DayOfWeek.SATURDAY;
        }
        if (field.length() > 1 && field.endsWith("L")) {
            DayOfWeek wanted = weekday(number(field.substring(0, field.length() - 1), 1, 7, DAYS));
            return date -> date.equals(date.with(TemporalAdjusters.lastInMonth(wanted)));
        }
        int sharp = field.indexOf('#');
        if (sharp > 0) {
            DayOfWeek wanted = weekday(number(field.substring(0, sharp), 1, 7, DAYS));
            int nth = number(field.substring(sharp + 1), 1, 5, List.of());
            return date -> date.getDayOfWeek() == wanted && (date.getDayOfMonth() - 1) / 7 + 1 == nth;
        }
        BitSet days = values(field, 1, 7, DAYS);
        return date -> days.get(date.getDayOfWeek().getValue() % 7 + 1);
    }

    private static DayOfWeek weekday(int sundayIsOne) {
        return sundayIsOne == 1 ? DayOfWeek.SUNDAY : DayOfWeek.of(sundayIsOne - 1);
    }

    private static BitSet values(String field, int least, int greatest, List<String> names) {
        BitSet values = new BitSet();
        for (String part : field.split(",", -1)) {
            List<String> stepped = new ArrayList<>(List.of(part.split("/", -1)));
            if (stepped.size() > 2) {
                throw Schedule.Syntax.wrong();
            }
            int step = stepped.size() == 2 ? number(stepped.get(1), 1, greatest, List.of()) : 1;
            String range = stepped.getFirst();
            int from;
            int to;
            int hyphen = range.indexOf('-');
            if (range.equals("*")) {
                from = least;
                to = greatest;
            } else if (hyphen > 0) {
                from = number(range.substring(0, hyphen), least, greatest, names);
                to = number(range.substring(hyphen + 1), least, greatest, names);
            } else {
                from = number(range, least, greatest, names);
                to = stepped.size() == 2 ? greatest : from;
            }
            if (from <= to) {
                fill(values, from, to, step);
            } else {
                // FRI-MON goes over the end, as AWS takes it.
                fill(values, from, greatest, step);
                fill(values, least, to, step);
            }
        }
        return values;
    }

    private static void fill(BitSet values, int from, int to, int step) {
        for (int value = from; value <= to; value += step) {
            values.set(value);
        }
    }

    private static int number(String text, int least, int greatest, List<String> names) {
        int named = names.indexOf(text);
        if (named >= 0) {
            return named + least;
        }
        if (!text.matches("[0-9]{1,4}")) {
            throw Schedule.Syntax.wrong();
        }
        int value = Integer.parseInt(text);
        if (value < least || value > greatest) {
            throw Schedule.Syntax.wrong();
        }
        return value;
    }
}

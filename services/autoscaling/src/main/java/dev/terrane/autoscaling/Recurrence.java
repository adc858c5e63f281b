package dev.terrane.autoscaling;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * When an action recurs: a cron expression of five fields (minute, hour, day of month, month, day of week) with the signs {@code , - * /}, in a time zone. Days
 * of the week are 0 (Sunday) to 7 (Sunday as well). Where both days are restricted, one of them is enough, as in cron.
 */
final class Recurrence {
    /** 29 February may be eight years away. */
    private static final int MOST_YEARS = 9;

    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    /** One that cannot be read. */
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final ZoneId zone;
    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet days;
    private final BitSet months;
    private final BitSet weekdays;
    private final boolean eitherDay;

    private Recurrence(String[] fields, ZoneId zone) {
        this.zone = zone;
        minutes = values(fields[0], 0, 59, List.of());
        hours = values(fields[1], 0, 23, List.of());
        days = values(fields[2], 1, 31, List.of());
        months = values(fields[3], 1, 12, MONTHS);
        weekdays = values(fields[4], 0, 7, DAYS);
        if (weekdays.get(7)) {
            weekdays.set(0);
        }
        eitherDay = !fields[2].startsWith("*") && !fields[4].startsWith("*");
    }

    /** Reads an expression.
     *
     * @throws Unreadable when it is none */
    static Recurrence parse(String text, ZoneId zone) {
        String[] fields = text.strip().toUpperCase(Locale.ROOT).split("\\s+");
        if (fields.length != 5) {
            throw new Unreadable();
        }
        return new Recurrence(fields, zone);
    }

    /** The first time at or after an instant; empty where there is none. */
    Optional<Instant> from(Instant instant) {
        ZonedDateTime first = instant.atZone(zone);
        LocalDate last = first.toLocalDate().plusYears(MOST_YEARS);
        for (LocalDate day = first.toLocalDate(); day.isBefore(last); day = day.plusDays(1)) {
            if (isOn(day)) {
                Optional<Instant> found = on(day, instant);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private boolean isOn(LocalDate day) {
        boolean ofMonth = days.get(day.getDayOfMonth());
        boolean ofWeek = weekdays.get(day.getDayOfWeek().getValue() % 7);
        return months.get(day.getMonthValue()) && (eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek);
    }

    private Optional<Instant> on(LocalDate day, Instant least) {
        for (int hour = hours.nextSetBit(0); hour >= 0; hour = hours.nextSetBit(hour + 1)) {
            for (int minute = minutes.nextSetBit(0); minute >= 0; minute = minutes.nextSetBit(minute + 1)) {
                Instant time = day.atTime(hour, minute).atZone(zone).toInstant();
                if (!time.isBefore(least)) {
                    return Optional.of(time);
                }
            }
        }
        return Optional.empty();
    }

    private static BitSet values(String field, int least, int greatest, List<String> names) {
        BitSet values = new BitSet();
        for (String part : field.split(",", -1)) {
            List<String> stepped = new ArrayList<>(List.of(part.split("/", -1)));
            String range = stepped.getFirst();
            int hyphen = range.indexOf('-');
            if (stepped.size() > 2 || (stepped.size() == 2 && hyphen < 0 && !range.equals("*"))) {
                throw new Unreadable();
            }
            int step = stepped.size() == 2 ? number(stepped.get(1), 1, greatest, least, List.of()) : 1;
            int from = range.equals("*")
                    ? least
                    : number(hyphen < 0 ? range : range.substring(0, hyphen), least, greatest, least, names);
            int to = range.equals("*")
                    ? greatest
                    : hyphen < 0 ? from : number(range.substring(hyphen + 1), least, greatest, least, names);
            if (from > to) {
                throw new Unreadable();
            }
            for (int value = from; value <= to; value += step) {
                values.set(value);
            }
        }
        return values;
    }

    private static int number(String text, int least, int greatest, int firstNamed, List<String> names) {
        int named = names.indexOf(text);
        int value = named >= 0 ? named + firstNamed : text.matches("[0-9]{1,2}") ? Integer.parseInt(text) : -1;
        if (value < least || value > greatest) {
            throw new Unreadable();
        }
        return value;
    }
}

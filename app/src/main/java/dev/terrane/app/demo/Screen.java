package dev.terrane.app.demo;

import dev.terrane.kernel.clock.Clock;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** What the person in front of the demo sees: steps, and what happens within them, each with the time since the start. */
final class Screen {
    private final PrintStream out;
    private final Instant start = Clock.system().instant();

    Screen(PrintStream out) {
        this.out = out;
    }

    void step(int number, String title) {
        out.printf("%n%s  %d. %s%n", elapsed(), number, title);
    }

    void line(String format, Object... arguments) {
        out.printf("%s     %s%n", elapsed(), String.format(Locale.ROOT, format, arguments));
        out.flush();
    }

    void blank() {
        out.println();
    }

    private String elapsed() {
        Duration since = Duration.between(start, Clock.system().instant());
        return String.format(Locale.ROOT, "%6.1fs", since.toMillis() / 1000.0);
    }
}

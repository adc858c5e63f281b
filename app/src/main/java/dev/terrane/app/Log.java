package dev.terrane.app;

import dev.terrane.kernel.clock.Clock;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The server's log: one line an event, as text or as JSON. Nothing that it is given holds a secret. */
final class Log {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Clock clock;
    private final PrintStream out;
    private final boolean json;

    Log(Clock clock, PrintStream out, boolean json) {
        this.clock = clock;
        this.out = out;
        this.json = json;
    }

    /** An event, with what is to be known of it as names and values in turns. */
    void info(String event, Object... details) {
        line("INFO", event, details);
    }

    /** A fault of ours: no caller's error. */
    void fault(Throwable fault) {
        StringWriter trace = new StringWriter();
        fault.printStackTrace(new PrintWriter(trace));
        line("ERROR", "fault", "trace", trace.toString());
    }

    private void line(String level, String event, Object... details) {
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("time", clock.instant().toString());
            fields.put("level", level);
            fields.put("event", event);
            for (int i = 0; i + 1 < details.length; i += 2) {
                fields.put(String.valueOf(details[i]), details[i + 1]);
            }
            print(JSON.writeValueAsString(fields));
        } else {
            StringBuilder text = new StringBuilder(clock.instant().toString())
                    .append(' ')
                    .append(level)
                    .append(' ')
                    .append(event);
            for (int i = 0; i + 1 < details.length; i += 2) {
                text.append(' ').append(details[i]).append('=').append(oneLine(details[i + 1]));
            }
            print(text.toString());
        }
    }

    private static String oneLine(Object value) {
        return String.valueOf(value)
                .strip()
                .replace("\r", "")
                .replace("\n", " | ")
                .replace("\t", " ");
    }

    private synchronized void print(String line) {
        out.println(line);
        out.flush();
    }
}

package dev.terrane.codedeploy;

import dev.terrane.kernel.compute.OutputSink;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What the scripts of one lifecycle event wrote, line by line with the stream's name, as AWS's agent logs it. */
final class ScriptLog implements OutputSink {
    private static final int TAIL = 2048;
    private static final int MOST = 1 << 20;

    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream error = new ByteArrayOutputStream();

    ScriptLog(String event) {
        line("LifecycleEvent - " + event);
    }

    void script(String location) {
        line("Script - " + location);
    }

    @Override
    public void accept(Stream stream, byte[] bytes, int length) {
        ByteArrayOutputStream pending = stream == Stream.OUT ? out : error;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                end(stream, pending);
            } else {
                pending.write(bytes[i]);
                if (pending.size() >= TAIL) {
                    end(stream, pending);
                }
            }
        }
    }

    private void end(Stream stream, ByteArrayOutputStream pending) {
        line((stream == Stream.OUT ? "[stdout]" : "[stderr]") + pending.toString(StandardCharsets.UTF_8));
        pending.reset();
    }

    /** Ends lines that the script left open. */
    void flush() {
        if (out.size() > 0) {
            end(Stream.OUT, out);
        }
        if (error.size() > 0) {
            end(Stream.ERROR, error);
        }
    }

    private void line(String line) {
        text.append(line).append('\n');
        if (text.length() > 2 * MOST) {
            text.delete(0, text.length() - MOST);
        }
    }

    String all() {
        return text.toString();
    }

    /** The end of it, as diagnostics carry it. */
    String tail() {
        return text.substring(Math.max(0, text.length() - TAIL));
    }
}

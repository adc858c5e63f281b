package dev.terrane.app.demo;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Constant traffic to one URL: so many requests a second, whatever becomes of them. */
final class Traffic implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpRequest request;
    private final HttpClient client;
    private final Threads threads;
    private final LongAdder sent = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();
    private final AtomicLong open = new AtomicLong();
    private final Instant start = Clock.system().instant();
    private volatile boolean ending;

    Traffic(URI url, int perSecond) {
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build();
        request = HttpRequest.newBuilder(url).timeout(PATIENCE).build();
        threads = new Threads(Clock.system(), fault -> failed(String.valueOf(fault)));
        threads.start("traffic", () -> {
            Duration pause = Duration.ofSeconds(1).dividedBy(perSecond);
            for (Instant next = Clock.system().instant(); !ending; next = next.plus(pause)) {
                Clock.system().sleepUntil(next);
                open.incrementAndGet();
                sent.increment();
                threads().start("request", this::one);
            }
        });
    }

    private Threads threads() {
        return threads;
    }

    private void one() throws InterruptedException {
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() == 200) {
                answers.computeIfAbsent(response.body().strip(), body -> new LongAdder())
                        .increment();
            } else {
                failed("HTTP " + response.statusCode());
            }
        } catch (IOException e) {
            failed(e.getClass().getSimpleName() + ": " + e.getMessage());
        } finally {
            open.decrementAndGet();
        }
    }

    private void failed(String how) {
        failed.increment();
        failures.computeIfAbsent(how, key -> new LongAdder()).increment();
    }

    long sent() {
        return sent.sum();
    }

    long failed() {
        return failed.sum();
    }

    /** How many requests a second were sent so far. */
    double rate() {
        return sent.sum()
                / Math.max(
                        0.001, Duration.between(start, Clock.system().instant()).toMillis() / 1000.0);
    }

    /** How many answers of each kind came. */
    Map<String, Long> answers() {
        return counts(answers);
    }

    Map<String, Long> failures() {
        return counts(failures);
    }

    private static Map<String, Long> counts(Map<String, LongAdder> adders) {
        Map<String, Long> counts = new TreeMap<>();
        adders.forEach((key, adder) -> counts.put(key, adder.sum()));
        return counts;
    }

    /** Sends no more, and waits for what is under way. */
    @Override
    public void close() throws InterruptedException {
        ending = true;
        Instant limit = Clock.system().instant().plus(PATIENCE);
        while (open.get() > 0 && Clock.system().instant().isBefore(limit)) {
            Clock.system().sleep(Duration.ofMillis(10));
        }
        threads.close();
        client.close();
    }
}

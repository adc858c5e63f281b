package dev.terrane.benchmarks;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * {@code terrane bench [NAME]}: requests a second, server CPU for each, and latency, for what services are asked most. The limit is what a
 * peer without signatures, policies and durability needs for the same on this kind of machine.
 */
public final class Bench {
    private static final int CONCURRENCY = 8;

    private final TerraneProcess server;
    private final SignedClient client;
    private final Threads threads = new Threads(Clock.system(), fault -> {});
    private final String only;

    private Bench(TerraneProcess server, String only) {
        this.server = server;
        this.client = new SignedClient(server);
        this.only = only;
    }

    /** One request; the number makes names unique. */
    @FunctionalInterface
    interface Request {
        void send(int number) throws IOException, InterruptedException;
    }

    /**
     * Runs the benchmarks.
     *
     * @param arguments the launcher's path, and perhaps a part of the names to run
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("terrane-bench");
        long begin = Clock.nanos();
        try (TerraneProcess server = new TerraneProcess(Path.of(arguments[0]), folder.resolve("data"))) {
            double startUp = (Clock.nanos() - begin) / 1e9;
            new Bench(server, arguments.length > 1 ? arguments[1] : "").run(startUp);
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private void run(double startUp) throws IOException, InterruptedException {
        System.out.printf("start-up to first answer %.2f s (a peer: 8 s)%n", startUp);
        Clock.system().sleep(Duration.ofSeconds(3));
        System.out.printf("idle memory %d MiB (a peer: 218 MiB)%n%n", server.residentMebibytes());
        System.out.printf(
                "%-28s %9s %12s %8s %8s %8s %7s%n",
                "operation", "per s", "CPU us each", "p50 ms", "p99 ms", "limit us", "ratio");
        measure(
                "GetCallerIdentity",
                12_000,
                0,
                n -> client.query("sts", "Action=GetCallerIdentity&Version=2011-06-15"));
        queue();
        objects();
        measure(
                "CreateRole",
                4_000,
                241,
                n -> client.query(
                        "iam",
                        "Action=CreateRole&Version=2010-05-08&RoleName=bench-" + n + "&AssumeRolePolicyDocument="
                                + "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22Service%22%3A%22ec2.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D"));
        measure(
                "PutMetricData",
                8_000,
                203,
                n -> client.query(
                        "monitoring",
                        "Action=PutMetricData&Version=2010-08-01&Namespace=Bench&MetricData.member.1.MetricName=m"
                                + "&MetricData.member.1.Value=" + n));
        logs();
        events();
    }

    private void queue() throws IOException, InterruptedException {
        if (!wanted("SendMessage")) {
            return;
        }
        String answer = new String(
                client.json("sqs", "1.0", "AmazonSQS.CreateQueue", "{\"QueueName\":\"bench\"}"),
                StandardCharsets.UTF_8);
        String url = answer.replaceAll(".*\"QueueUrl\":\"([^\"]+)\".*", "$1");
        measure(
                "SendMessage",
                12_000,
                303,
                n -> client.json(
                        "sqs",
                        "1.0",
                        "AmazonSQS.SendMessage",
                        "{\"QueueUrl\":\"" + url + "\",\"MessageBody\":\"message " + n + "\"}"));
    }

    private void objects() throws IOException, InterruptedException {
        if (!wanted("PutObject 1 KB") && !wanted("GetObject 64 MB")) {
            return;
        }
        client.send("s3", "PUT", "/bench-bucket", Map.of(), new byte[0]);
        byte[] small = new byte[1024];
        measure(
                "PutObject 1 KB",
                12_000,
                359,
                n -> client.send("s3", "PUT", "/bench-bucket/small/" + n, Map.of(), small));
        measure(
                "GetObject 1 KB",
                16_000,
                126,
                n -> client.send("s3", "GET", "/bench-bucket/small/" + n % 1000, Map.of(), new byte[0]));
        byte[] large = new byte[64 << 20];
        measure(
                "PutObject 64 MB",
                12,
                0,
                n -> client.send("s3", "PUT", "/bench-bucket/large/" + n % 4, Map.of(), large));
        measure(
                "GetObject 64 MB",
                12,
                0,
                n -> client.send("s3", "GET", "/bench-bucket/large/" + n % 4, Map.of(), new byte[0]));
    }

    private void logs() throws IOException, InterruptedException {
        if (!wanted("PutLogEvents x100")) {
            return;
        }
        client.json("logs", "1.1", "Logs_20140328.CreateLogGroup", "{\"logGroupName\":\"bench\"}");
        for (int stream = 0; stream < CONCURRENCY; stream++) {
            client.json(
                    "logs",
                    "1.1",
                    "Logs_20140328.CreateLogStream",
                    "{\"logGroupName\":\"bench\",\"logStreamName\":\"s" + stream + "\"}");
        }
        measure("PutLogEvents x100", 4_000, 1_184, n -> {
            long now = Clock.system().instant().toEpochMilli();
            StringBuilder body = new StringBuilder("{\"logGroupName\":\"bench\",\"logStreamName\":\"s")
                    .append(n % CONCURRENCY)
                    .append("\",\"logEvents\":[");
            for (int line = 0; line < 100; line++) {
                body.append(line == 0 ? "" : ",")
                        .append("{\"timestamp\":")
                        .append(now)
                        .append(",\"message\":\"request ")
                        .append(n)
                        .append(" line ")
                        .append(line)
                        .append(" took 12 ms and answered 200\"}");
            }
            client.json(
                    "logs",
                    "1.1",
                    "Logs_20140328.PutLogEvents",
                    body.append("]}").toString());
        });
    }

    private void events() throws IOException, InterruptedException {
        if (!wanted("PutEvents, 1,000 rules")) {
            return;
        }
        for (int rule = 0; rule < 1_000; rule++) {
            client.json(
                    "events",
                    "1.1",
                    "AWSEvents.PutRule",
                    "{\"Name\":\"bench-" + rule
                            + "\",\"EventPattern\":\"{\\\"source\\\":[\\\"bench\\\"],\\\"detail\\\":{\\\"kind\\\":[\\\"k"
                            + rule + "\\\"]}}\"}");
        }
        measure(
                "PutEvents, 1,000 rules",
                4_000,
                1_924,
                n -> client.json(
                        "events",
                        "1.1",
                        "AWSEvents.PutEvents",
                        "{\"Entries\":[{\"Source\":\"bench\",\"DetailType\":\"bench\",\"Detail\":\"{\\\"kind\\\":\\\"k"
                                + n % 1_000 + "\\\",\\\"n\\\":" + n + "}\"}]}"));
    }

    private boolean wanted(String name) {
        return name.toLowerCase(Locale.ROOT).contains(only.toLowerCase(Locale.ROOT));
    }

    private void measure(String name, int count, int limitMicros, Request request)
            throws IOException, InterruptedException {
        if (!wanted(name)) {
            return;
        }
        int warmUp = count > 100 ? count / 2 : 2;
        AtomicInteger next = new AtomicInteger();
        run(warmUp, next, request);
        double cpu = server.cpuSeconds();
        long begin = Clock.nanos();
        long[] latencies = run(count, next, request);
        double seconds = (Clock.nanos() - begin) / 1e9;
        double micros = (server.cpuSeconds() - cpu) * 1e6 / count;
        Arrays.sort(latencies);
        System.out.printf(
                Locale.ROOT,
                "%-28s %9.0f %12.0f %8.2f %8.2f %8s %7s%n",
                name,
                count / seconds,
                micros,
                latencies[count / 2] / 1e6,
                latencies[count * 99 / 100] / 1e6,
                limitMicros == 0 ? "" : limitMicros,
                limitMicros == 0 ? "" : String.format(Locale.ROOT, "%.2f", micros / limitMicros));
    }

    /** Sends so many requests from a few threads.
     *
     * @return the nanoseconds that each took */
    private long[] run(int count, AtomicInteger next, Request request) throws IOException, InterruptedException {
        long[] latencies = new long[count];
        AtomicInteger left = new AtomicInteger(count);
        AtomicReference<IOException> failure = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(CONCURRENCY);
        for (int sender = 0; sender < CONCURRENCY; sender++) {
            threads.start("sender", () -> {
                try {
                    for (int slot = left.decrementAndGet();
                            slot >= 0 && failure.get() == null;
                            slot = left.decrementAndGet()) {
                        long begin = Clock.nanos();
                        request.send(next.getAndIncrement());
                        latencies[slot] = Clock.nanos() - begin;
                    }
                } catch (IOException e) {
                    failure.compareAndSet(null, e);
                } finally {
                    done.countDown();
                }
            });
        }
        done.await();
        IOException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        return latencies;
    }
}

package dev.terrane.codebuild;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.blob.Blobs;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.compute.OutputSink;
import dev.terrane.kernel.service.Platform;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.codebuild.model.LogsConfig;
import software.amazon.awssdk.services.codebuild.model.LogsConfigStatusType;
import software.amazon.awssdk.services.codebuild.model.LogsLocation;
import software.amazon.awssdk.services.s3.S3Client;

/** The log of a build: lines as they come, secrets masked, to CloudWatch Logs every second and to S3 at the end, both as the service role. */
final class BuildLog implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(BuildLog.class.getName());
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final int BATCH_EVENTS = 5_000;
    private static final int BATCH_BYTES = 900_000;
    private static final int LONGEST_LINE = 200_000;
    private static final int SHORTEST_SECRET = 3;

    private final Clock clock;
    private final Platform platform;
    private final LogsLocation location;
    private final CloudWatchLogsClient logs;
    private final S3Client s3;
    private final List<String> secrets = new CopyOnWriteArrayList<>();
    private final Object sending = new Object();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private List<InputLogEvent> pending = new ArrayList<>();
    private Optional<Blobs.Writing> copy = Optional.empty();
    private Optional<GZIPOutputStream> zipped = Optional.empty();
    private Optional<Thread> sender = Optional.empty();

    BuildLog(Platform platform, LogsLocation location, CloudWatchLogsClient logs, S3Client s3) {
        this.platform = platform;
        this.clock = platform.clock();
        this.location = location;
        this.logs = logs;
        this.s3 = s3;
    }

    /** Where a build's logs will be. */
    static LogsLocation location(Scope scope, LogsConfig config, String buildId) {
        String project = buildId.substring(0, buildId.lastIndexOf(':'));
        String uuid = buildId.substring(buildId.lastIndexOf(':') + 1);
        LogsLocation.Builder location = LogsLocation.builder();
        boolean off =
                config.cloudWatchLogs() != null && config.cloudWatchLogs().status() == LogsConfigStatusType.DISABLED;
        location.cloudWatchLogs(config.cloudWatchLogs()).s3Logs(config.s3Logs());
        if (!off) {
            String group = Optional.ofNullable(config.cloudWatchLogs())
                    .flatMap(c -> Optional.ofNullable(c.groupName()))
                    .orElse("/aws/codebuild/" + project);
            String stream = Optional.ofNullable(config.cloudWatchLogs())
                    .flatMap(c -> Optional.ofNullable(c.streamName()))
                    .map(prefix -> prefix + "/" + uuid)
                    .orElse(uuid);
            location.groupName(group)
                    .streamName(stream)
                    .cloudWatchLogsArn(Arn.of(
                                    "logs",
                                    scope.region(),
                                    scope.account(),
                                    "log-group:" + group + ":log-stream:" + stream)
                            .toString())
                    .deepLink("https://console.aws.amazon.com/cloudwatch/home?region=" + scope.region()
                            + "#logEvent:group=" + group + ";stream=" + stream);
        }
        if (config.s3Logs() != null && config.s3Logs().status() == LogsConfigStatusType.ENABLED) {
            String[] parts = bucketAndPath(config.s3Logs().location());
            String key = parts[1].isEmpty() ? uuid + ".gz" : parts[1] + "/" + uuid + ".gz";
            location.s3LogsArn(Arn.s3(parts[0] + "/" + key).toString())
                    .s3DeepLink("https://s3.console.aws.amazon.com/s3/object/" + parts[0] + "/" + key);
        }
        return location.build();
    }

    /** The bucket and the rest of {@code bucket/path} or of an S3 ARN. */
    static String[] bucketAndPath(String location) {
        String plain = Arn.find(location).map(Arn::resource).orElse(location);
        int slash = plain.indexOf('/');
        String rest = slash < 0 ? "" : plain.substring(slash + 1);
        return new String[] {slash < 0 ? plain : plain.substring(0, slash), rest};
    }

    /** Makes the log stream.
     *
     * @throws BuildFailure when the service role may not */
    void open() {
        try {
            if (location.groupName() != null) {
                createStream();
            }
            if (location.s3LogsArn() != null) {
                Blobs.Writing writing = platform.blobs().create();
                copy = Optional.of(writing);
                zipped = Optional.of(new GZIPOutputStream(writing.stream()));
            }
        } catch (SdkException e) {
            throw new BuildFailure(
                    "ACCESS_DENIED",
                    "Service role does not allow AWS CodeBuild to create Amazon CloudWatch Logs log streams. Error message: "
                            + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sender = Optional.of(platform.threads().start("build-log", () -> {
            while (true) {
                clock.sleep(EVERY);
                send();
            }
        }));
    }

    private void createStream() {
        try {
            logs.createLogGroup(r -> r.logGroupName(location.groupName()));
        } catch (ResourceAlreadyExistsException e) {
            LOG.log(System.Logger.Level.TRACE, "The log group is there", e);
        }
        try {
            logs.createLogStream(r -> r.logGroupName(location.groupName()).logStreamName(location.streamName()));
        } catch (ResourceAlreadyExistsException e) {
            LOG.log(System.Logger.Level.TRACE, "The log stream is there from before a restart", e);
        }
    }

    /** From now on a value is shown as asterisks. */
    void mask(String secret) {
        secret.lines().filter(part -> part.length() >= SHORTEST_SECRET).forEach(secrets::add);
        secrets.sort(Comparator.comparingInt(String::length).reversed());
    }

    /** Writes a line of the build's own. */
    void say(String text) {
        text.lines().forEach(each -> add("[Container] " + TIME.format(clock.instant()) + " " + each));
    }

    /** Takes the output of a command. */
    OutputSink output() {
        return (stream, bytes, length) -> {
            synchronized (line) {
                for (int i = 0; i < length; i++) {
                    if (bytes[i] == '\n' || line.size() >= LONGEST_LINE) {
                        endLine();
                    }
                    if (bytes[i] != '\n') {
                        line.write(bytes[i]);
                    }
                }
            }
        };
    }

    /** Writes what a command left without an end of line. */
    void endOutput() {
        synchronized (line) {
            if (line.size() > 0) {
                endLine();
            }
        }
    }

    private void endLine() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        add(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }

    private void add(String text) {
        String shown = text;
        for (String secret : secrets) {
            shown = shown.replace(secret, "***");
        }
        synchronized (this) {
            pending.add(InputLogEvent.builder()
                    .timestamp(clock.millis())
                    .message(shown + "\n")
                    .build());
            String written = shown;
            zipped.ifPresent(out -> {
                try {
                    out.write((written + "\n").getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    /** Sends what has come. */
    void send() {
        synchronized (sending) {
            List<InputLogEvent> events;
            synchronized (this) {
                events = pending;
                pending = new ArrayList<>();
            }
            if (location.groupName() == null) {
                return;
            }
            int from = 0;
            while (from < events.size()) {
                int to = from;
                int bytes = 0;
                while (to < events.size() && to - from < BATCH_EVENTS && bytes < BATCH_BYTES) {
                    bytes += 3 * events.get(to).message().length() + 26;
                    to++;
                }
                put(events.subList(from, to));
                from = to;
            }
        }
    }

    private void put(List<InputLogEvent> events) {
        try {
            logs.putLogEvents(r -> r.logGroupName(location.groupName())
                    .logStreamName(location.streamName())
                    .logEvents(events));
        } catch (SdkException e) {
            LOG.log(System.Logger.Level.WARNING, "Lines of a build's log were not taken: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        sender.ifPresent(Thread::interrupt);
        endOutput();
        send();
        try {
            if (zipped.isPresent() && copy.isPresent()) {
                zipped.get().close();
                upload(copy.get().commit());
            }
        } catch (IOException | SdkException e) {
            LOG.log(System.Logger.Level.WARNING, "A build's log was not stored in S3: " + e.getMessage());
        }
    }

    private void upload(Blobs.Blob blob) throws IOException {
        String[] at = bucketAndPath(location.s3LogsArn());
        try (InputStream content = platform.blobs().open(blob.key())) {
            s3.putObject(r -> r.bucket(at[0]).key(at[1]), RequestBody.fromInputStream(content, blob.size()));
        } finally {
            platform.blobs().delete(blob.key());
        }
    }
}

package dev.terrane.cloudtrail;

import dev.terrane.cloudtrail.DigestTables.ChainRecord;
import dev.terrane.cloudtrail.DigestTables.FileRecord;
import dev.terrane.cloudtrail.SigningKeys.KeyRecord;
import dev.terrane.cloudtrail.StatusRecord.Kind;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.kernel.workflow.Steps;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Every hour a file that tells the hashes of a trail's log files, signed and chained to the one before, so that none can be changed or taken away unseen. See
 * "CloudTrail digest file structure" and "Custom implementations of CloudTrail log file integrity validation".
 */
final class Digests {
    private static final Duration PERIOD = Duration.ofHours(1);
    private static final DateTimeFormatter FOLDER =
            DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /**
     * A digest before it is written.
     *
     * @param chain what the next one is chained to
     * @param files the keys of the files in it
     */
    record Digest(ChainRecord chain, String json, String previousSignature, List<String> files) {
        Digest {
            files = List.copyOf(files);
        }
    }

    private final TrailTables trails;
    private final DigestTables tables;
    private final SigningKeys keys;
    private final Destinations destinations;
    private final Clock clock;

    Digests(TrailTables trails, DigestTables tables, SigningKeys keys, Destinations destinations, Clock clock) {
        this.trails = trails;
        this.tables = tables;
        this.keys = keys;
        this.destinations = destinations;
        this.clock = clock;
    }

    /** Whether files are in no digest yet. */
    boolean waiting(TrailRecord trail) {
        return trail.settings().validation() && tables.anyFiles(trail);
    }

    /** A file was delivered. */
    void add(TrailRecord trail, String region, LogFile file) {
        if (trail.settings().validation()) {
            tables.add(trail, region, clock.instant(), file);
        }
    }

    /** Delivers what is due. */
    void deliver(Steps steps, Supplier<Optional<TrailRecord>> trail, int round) throws InterruptedException {
        String due = steps.commit(
                "digests-due-" + round,
                String.class,
                () -> trail.get().map(this::due).orElse(""));
        for (String region : due.isEmpty() ? List.<String>of() : List.of(due.split(","))) {
            String number = region + "-" + round;
            try {
                steps.step("key-" + number, () -> keys.provide(region));
                Digest digest = steps.commit(
                        "digest-" + number, Digest.class, () -> next(trail.get().orElseThrow(), region));
                steps.step("deliver-digest-" + number, () -> trail.get().ifPresent(t -> write(t, digest)));
                steps.commit("digest-delivered-" + number, () -> trail.get().ifPresent(t -> delivered(t, digest)));
            } catch (Steps.StepFailed e) {
                steps.commit(
                        "digest-refused-" + number,
                        () -> trail.get()
                                .ifPresent(t -> trails.change(
                                        t, status -> status.failed(Kind.DIGEST, clock.instant(), e.code()))));
                return;
            }
        }
    }

    /** The regions whose last digest ended an hour ago, joined by commas. */
    private String due(TrailRecord trail) {
        if (!trail.settings().validation()) {
            return "";
        }
        Instant latest = clock.instant().minus(PERIOD);
        return tables.chains(trail).stream()
                .filter(chain -> !chain.end().isAfter(latest))
                .map(ChainRecord::region)
                .collect(java.util.stream.Collectors.joining(","));
    }

    private Digest next(TrailRecord trail, String region) {
        ChainRecord last = tables.chain(trail, region).orElseThrow();
        Instant end = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        List<FileRecord> files = tables.files(trail, region, end.plusSeconds(1));
        KeyRecord key = keys.current(region);
        String object = key(trail, region, end);
        String json = json(trail, last, end, object, key.fingerprint(), files);
        String hash = LogFile.hash(json.getBytes(StandardCharsets.UTF_8));
        String bucket = trail.settings().bucket();
        String signed = String.join(
                "\n",
                end.toString(),
                bucket + "/" + object,
                hash,
                last.signature().isEmpty() ? "null" : last.signature());
        return new Digest(
                new ChainRecord(trail.id(), region, end, bucket, object, hash, key.sign(signed)),
                json,
                last.signature(),
                files.stream().map(FileRecord::key).toList());
    }

    private static String key(TrailRecord trail, String region, Instant end) {
        return Destinations.key(
                trail,
                "AWSLogs/%s/CloudTrail-Digest/%s/%s/%s_CloudTrail-Digest_%s_%s_%s_%s.json.gz"
                        .formatted(
                                trail.account(),
                                region,
                                FOLDER.format(end),
                                trail.account(),
                                region,
                                trail.name(),
                                trail.region(),
                                SECOND.format(end)));
    }

    private static String json(
            TrailRecord trail, ChainRecord last, Instant end, String object, String key, List<FileRecord> files) {
        boolean first = last.object().isEmpty();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("awsAccountId", trail.account());
        json.put("digestStartTime", seconds(last.end()));
        json.put("digestEndTime", seconds(end));
        json.put("digestS3Bucket", trail.settings().bucket());
        json.put("digestS3Object", object);
        json.put("digestPublicKeyFingerprint", key);
        json.put("digestSignatureAlgorithm", "SHA256withRSA");
        json.put(
                "newestEventTime",
                files.stream()
                        .map(file -> file.file().newest())
                        .max(Comparator.naturalOrder())
                        .map(Digests::seconds)
                        .orElse(null));
        json.put(
                "oldestEventTime",
                files.stream()
                        .map(file -> file.file().oldest())
                        .min(Comparator.naturalOrder())
                        .map(Digests::seconds)
                        .orElse(null));
        json.put("previousDigestS3Bucket", first ? null : last.bucket());
        json.put("previousDigestS3Object", first ? null : last.object());
        json.put("previousDigestHashValue", first ? null : last.hash());
        json.put("previousDigestHashAlgorithm", first ? null : "SHA-256");
        json.put("previousDigestSignature", first ? null : last.signature());
        json.put(
                "logFiles",
                files.stream().map(FileRecord::file).map(Digests::file).toList());
        return RecordCodec.json().writeValueAsString(json);
    }

    private static Map<String, String> file(LogFile file) {
        Map<String, String> json = new LinkedHashMap<>();
        json.put("s3Bucket", file.bucket());
        json.put("s3Object", file.key());
        json.put("hashValue", file.hash());
        json.put("hashAlgorithm", "SHA-256");
        json.put("newestEventTime", seconds(file.newest()));
        json.put("oldestEventTime", seconds(file.oldest()));
        return json;
    }

    private static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private void write(TrailRecord trail, Digest digest) {
        destinations.write(
                trail,
                digest.chain().object(),
                LogFile.compressed(digest.json().getBytes(StandardCharsets.UTF_8)),
                Map.of("signature", digest.chain().signature(), "signature-algorithm", "SHA256withRSA"));
    }

    private void delivered(TrailRecord trail, Digest digest) {
        tables.advance(trail, digest.chain(), digest.files());
        trails.change(trail, status -> status.delivered(Kind.DIGEST, clock.instant()));
    }
}

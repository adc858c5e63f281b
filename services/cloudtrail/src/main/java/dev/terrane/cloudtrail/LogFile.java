package dev.terrane.cloudtrail;

import dev.terrane.cloudtrail.PendingEvents.Batch;
import dev.terrane.cloudtrail.PendingEvents.Line;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/**
 * A file of events. The same batch makes the same file under the same name, so that doing it again after a crash changes nothing. See "CloudTrail log file
 * name format".
 *
 * @param key where it is in the bucket; empty where there was nothing to write
 * @param hash the SHA-256 of its content before compression, in hexadecimal digits
 */
record LogFile(String bucket, String key, String hash, Instant oldest, Instant newest) {
    private static final DateTimeFormatter FOLDER =
            DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmm'Z'").withZone(ZoneOffset.UTC);
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int UNIQUE = 16;

    /** None. */
    static final LogFile NONE = new LogFile("", "", "", Instant.EPOCH, Instant.EPOCH);

    static LogFile of(TrailRecord trail, Batch batch, List<Line> lines) {
        String account = trail.account();
        String path = "AWSLogs/%s/CloudTrail/%s/%s/%s_CloudTrail_%s_%s_%s.json.gz"
                .formatted(
                        account,
                        batch.region(),
                        FOLDER.format(batch.made()),
                        account,
                        batch.region(),
                        MINUTE.format(batch.made()),
                        unique(batch));
        List<Instant> times = lines.stream().map(Line::time).toList();
        return new LogFile(
                trail.settings().bucket(),
                Destinations.key(trail, path),
                hash(text(lines)),
                times.stream().min(Comparator.naturalOrder()).orElse(batch.made()),
                times.stream().max(Comparator.naturalOrder()).orElse(batch.made()));
    }

    /** What the file holds, compressed. */
    static byte[] content(List<Line> lines) {
        return compressed(text(lines));
    }

    private static byte[] text(List<Line> lines) {
        return lines.stream()
                .map(Line::json)
                .collect(Collectors.joining(",", "{\"Records\":[", "]}"))
                .getBytes(StandardCharsets.UTF_8);
    }

    static byte[] compressed(byte[] text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static String hash(byte[] text) {
        return HexFormat.of().formatHex(sha256(text));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String unique(Batch batch) {
        byte[] digest = sha256(String.join("\n", batch.keys()).getBytes(StandardCharsets.UTF_8));
        StringBuilder unique = new StringBuilder();
        for (int i = 0; i < UNIQUE; i++) {
            unique.append(ALPHABET.charAt((digest[i] & 0xff) % ALPHABET.length()));
        }
        return unique.toString();
    }
}

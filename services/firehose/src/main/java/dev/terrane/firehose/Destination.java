package dev.terrane.firehose;

import dev.terrane.kernel.arn.Arn;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * Where and how a stream delivers. Texts are empty for what was not given.
 *
 * @param role the ARN of the role that writes
 * @param bucket the ARN of the bucket
 * @param megabytes how much makes an object, in MiB
 * @param seconds how long records wait at most for an object
 * @param compression {@code UNCOMPRESSED}, {@code GZIP} or {@code ZIP}
 * @param key the ARN of the KMS key that objects are encrypted under
 */
record Destination(
        String role,
        String bucket,
        String prefix,
        String errorPrefix,
        int megabytes,
        int seconds,
        String compression,
        String key,
        String extension,
        String timeZone,
        Logging logging) {
    /** Whether and where failures are told of in CloudWatch Logs. */
    record Logging(boolean enabled, String group, String stream) {}

    static final String GZIP = "GZIP";
    static final String ZIP = "ZIP";

    String bucketName() {
        return Arn.parse(bucket).resource();
    }

    long bytes() {
        return (long) megabytes << 20;
    }

    Duration interval() {
        return Duration.ofSeconds(seconds);
    }

    ZoneId zone() {
        return timeZone.isEmpty() ? ZoneOffset.UTC : ZoneId.of(timeZone);
    }

    /** What objects' names end in. */
    String suffix() {
        if (!extension.isEmpty()) {
            return extension;
        }
        return switch (compression) {
            case GZIP -> ".gz";
            case ZIP -> ".zip";
            default -> "";
        };
    }
}

package dev.terrane.s3;

import dev.terrane.kernel.clock.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Conditional requests, by RFC 9110's precedence: an ETag that matches makes a date not count.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html">Conditional requests</a>
 */
final class Conditions {
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Conditions() {}

    /** The time as S3 tells it: to the second, as HTTP's dates are. */
    static Instant now(Clock clock) {
        return seconds(clock.instant());
    }

    static String httpDate(Instant instant) {
        return HTTP_DATE.format(instant);
    }

    /** Checks a read.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException 412, or 304 with the headers of the answer */
    static void forRead(
            ObjectRecord version,
            @Nullable String ifMatch,
            @Nullable String ifNoneMatch,
            @Nullable Instant ifModifiedSince,
            @Nullable Instant ifUnmodifiedSince) {
        if (!unchanged(version, ifMatch, ifUnmodifiedSince)) {
            throw S3Errors.preconditionFailed();
        }
        if (!changed(version, ifNoneMatch, ifModifiedSince)) {
            throw S3Errors.of(
                    "NotModified",
                    304,
                    "Not Modified",
                    Map.of("ETag", '"' + version.etag() + '"', "Last-Modified", httpDate(version.modified())));
        }
    }

    /** Checks the source of a copy, for which all failures are 412. */
    static void forCopy(
            ObjectRecord version,
            @Nullable String ifMatch,
            @Nullable String ifNoneMatch,
            @Nullable Instant ifModifiedSince,
            @Nullable Instant ifUnmodifiedSince) {
        if (!unchanged(version, ifMatch, ifUnmodifiedSince) || !changed(version, ifNoneMatch, ifModifiedSince)) {
            throw S3Errors.preconditionFailed();
        }
    }

    private static boolean unchanged(ObjectRecord version, @Nullable String ifMatch, @Nullable Instant since) {
        if (ifMatch != null) {
            return matches(ifMatch, version.etag());
        }
        return since == null || !seconds(version.modified()).isAfter(since);
    }

    private static boolean changed(ObjectRecord version, @Nullable String ifNoneMatch, @Nullable Instant since) {
        if (ifNoneMatch != null) {
            return !matches(ifNoneMatch, version.etag());
        }
        return since == null || seconds(version.modified()).isAfter(since);
    }

    private static Instant seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS);
    }

    private static boolean matches(String expected, String etag) {
        for (String one : expected.split(",", -1)) {
            String text = one.strip();
            if (text.equals("*") || text.equals(etag) || text.equals('"' + etag + '"')) {
                return true;
            }
        }
        return false;
    }

    /** A condition on what a write replaces. */
    record Write(Optional<String> ifMatch, boolean ifAbsent) {
        static Write of(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
            if (ifNoneMatch != null && !ifNoneMatch.equals("*")) {
                throw S3Errors.notImplemented("If-None-Match");
            }
            if (ifMatch != null && ifNoneMatch != null) {
                throw S3Errors.notImplemented("If-Match with If-None-Match");
            }
            return new Write(Optional.ofNullable(ifMatch), ifNoneMatch != null);
        }

        /** Checks against the newest version of the key. */
        void check(Optional<ObjectRecord> current) {
            Optional<ObjectRecord> object = current.filter(version -> !version.marker());
            if (ifAbsent && object.isPresent()) {
                throw S3Errors.preconditionFailed();
            }
            if (ifMatch.isPresent()) {
                ObjectRecord there = object.orElseThrow(() -> S3Errors.noSuchKey(current));
                if (!matches(ifMatch.get(), there.etag())) {
                    throw S3Errors.preconditionFailed();
                }
            }
        }
    }
}

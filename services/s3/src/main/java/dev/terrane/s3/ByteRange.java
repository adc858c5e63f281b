package dev.terrane.s3;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Part of an object's bytes.
 *
 * @param offset the first byte
 * @param length how many, at least one */
record ByteRange(long offset, long length) {
    private static final Pattern FORM = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /** Reads a Range header; empty where it asks for no single range, which means the whole object.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException 416 when no byte of the object is in it */
    static Optional<ByteRange> parse(@Nullable String header, long size) {
        Matcher matcher = FORM.matcher(header == null ? "" : header.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String first = matcher.group(1);
        String last = matcher.group(2);
        if (first.isEmpty() && last.isEmpty()) {
            return Optional.empty();
        }
        long from = first.isEmpty() ? Math.max(0, size - Long.parseLong(last)) : Long.parseLong(first);
        long to = first.isEmpty() || last.isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(last));
        if (!first.isEmpty() && !last.isEmpty() && Long.parseLong(last) < from) {
            return Optional.empty();
        }
        if (from >= size || from > to) {
            throw S3Errors.of(
                    "InvalidRange",
                    416,
                    "The requested range is not satisfiable",
                    Map.of("Content-Range", "bytes */" + size));
        }
        return Optional.of(new ByteRange(from, to - from + 1));
    }

    /** As the Content-Range header has it. */
    String of(long size) {
        return "bytes " + offset + "-" + (offset + length - 1) + "/" + size;
    }
}

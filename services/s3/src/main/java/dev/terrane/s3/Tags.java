package dev.terrane.s3;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.Tag;

/**
 * Tags of objects (up to 10) and buckets (up to 50).
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html">Object tags</a>
 */
final class Tags {
    static final int OF_OBJECT = 10;
    static final int OF_BUCKET = 50;
    private static final Pattern ALLOWED = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");

    private Tags() {}

    /** Reads the {@code x-amz-tagging} header: a query string. */
    static Map<String, String> parse(@Nullable String header) {
        if (header == null || header.isEmpty()) {
            return Map.of();
        }
        Map<String, String> tags = new LinkedHashMap<>();
        for (String pair : header.split("&", -1)) {
            int at = pair.indexOf('=');
            String key = decoded(at < 0 ? pair : pair.substring(0, at));
            if (tags.put(key, at < 0 ? "" : decoded(pair.substring(at + 1))) != null) {
                throw S3Errors.invalidArgument(
                        "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without"
                                + " tag name duplicates.");
            }
        }
        return checked(tags, OF_OBJECT);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw S3Errors.invalidArgument("The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL"
                    + " query parameters without tag name duplicates.");
        }
    }

    /** Checks a tag set.
     *
     * @param most how many there may be */
    static Map<String, String> of(Collection<Tag> set, int most) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (Tag tag : set) {
            if (tag.key() == null || tag.value() == null) {
                throw S3Errors.malformedXml();
            }
            if (tags.put(tag.key(), tag.value()) != null) {
                throw duplicate();
            }
        }
        return checked(tags, most);
    }

    static RuntimeException duplicate() {
        return S3Errors.of("InvalidTag", 400, "Cannot provide multiple Tags with the same key");
    }

    /** The tags, once it is sure that AWS allows them.
     *
     * @param most how many there may be */
    static Map<String, String> checked(Map<String, String> tags, int most) {
        if (tags.size() > most) {
            throw most == OF_OBJECT
                    ? S3Errors.of("BadRequest", 400, "Object tags cannot be greater than 10")
                    : S3Errors.of("BadRequest", 400, "Bucket tag count cannot be greater than 50");
        }
        tags.forEach((key, value) -> {
            if (key.isEmpty() || key.length() > 128 || !ALLOWED.matcher(key).matches()) {
                throw S3Errors.of("InvalidTag", 400, "The TagKey you have provided is invalid");
            }
            if (value.length() > 256 || !ALLOWED.matcher(value).matches()) {
                throw S3Errors.of("InvalidTag", 400, "The TagValue you have provided is invalid");
            }
            if (key.startsWith("aws:")) {
                throw S3Errors.of("InvalidTag", 400, "System tags cannot be added/updated by requester");
            }
        });
        return tags;
    }

    static List<Tag> list(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }
}

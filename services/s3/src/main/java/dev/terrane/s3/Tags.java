package dev.terrane.s3;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.SystemTags;
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
        return checked(map(set), most);
    }

    private static Map<String, String> map(Collection<Tag> set) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (Tag tag : set) {
            if (tag.key() == null || tag.value() == null) {
                throw S3Errors.malformedXml();
            }
            if (tags.put(tag.key(), tag.value()) != null) {
                throw duplicate();
            }
        }
        return tags;
    }

    /** The tags of a bucket, replaced by a set: one that leaves out or changes what AWS itself has set is refused. */
    static Map<String, String> replaced(Map<String, String> before, Collection<Tag> set) {
        Map<String, String> own = map(set);
        Map<String, String> system = SystemTags.of(before);
        boolean kept = own.entrySet().containsAll(system.entrySet());
        own.entrySet().removeAll(system.entrySet());
        checked(own, OF_BUCKET);
        if (!kept && Call.current().systemTags().isEmpty()) {
            throw S3Errors.of("InvalidTag", 400, "System tags cannot be removed by requester");
        }
        own.putAll(system);
        return SystemTags.with(own);
    }

    static void refuseSystem(Collection<String> keys, String message) {
        SystemTags.refuse(keys, key -> S3Errors.of("InvalidTag", 400, message));
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
        refuseSystem(tags.keySet(), "System tags cannot be added/updated by requester");
        tags.forEach((key, value) -> {
            if (key.isEmpty() || key.length() > 128 || !ALLOWED.matcher(key).matches()) {
                throw S3Errors.of("InvalidTag", 400, "The TagKey you have provided is invalid");
            }
            if (value.length() > 256 || !ALLOWED.matcher(value).matches()) {
                throw S3Errors.of("InvalidTag", 400, "The TagValue you have provided is invalid");
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

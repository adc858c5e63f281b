package dev.terrane.s3;

import dev.terrane.kernel.page.PageTokens;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Objects and versions listed: ListObjects of both versions, and ListObjectVersions. */
final class Listings {
    private static final int MOST = 1000;

    private final S3Tables tables;
    private final BucketLookup lookup;
    private final PageTokens pages;

    Listings(S3Tables tables, BucketLookup lookup, PageTokens pages) {
        this.tables = tables;
        this.lookup = lookup;
        this.pages = pages;
    }

    ListObjectsV2Response second(ListObjectsV2Request request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        int limit = limit(request.maxKeys(), "max-keys");
        String prefix = text(request.prefix());
        String delimiter = text(request.delimiter());
        UnaryOperator<String> encode = encoding(request.encodingTypeAsString());
        String listing = "s3:" + bucket.name() + ":" + prefix + "\n" + delimiter;
        String from = request.continuationToken() == null
                ? start(request.startAfter())
                : pages.decode(listing, request.continuationToken())
                        .orElseThrow(() -> S3Errors.invalidArgument("The continuation token provided is incorrect"));
        KeyListing<ObjectRecord> found = live(bucket, prefix, delimiter, from, limit);
        boolean owner = Boolean.TRUE.equals(request.fetchOwner());
        ListObjectsV2Response.Builder response = ListObjectsV2Response.builder()
                .name(bucket.name())
                .prefix(encode.apply(prefix))
                .maxKeys(limit)
                .keyCount(found.values().size() + found.prefixes().size())
                .isTruncated(found.next().isPresent())
                .contents(contents(bucket, found.values(), encode, owner))
                .commonPrefixes(prefixes(found.prefixes(), encode));
        optional(request.delimiter()).map(encode).ifPresent(response::delimiter);
        optional(request.startAfter()).map(encode).ifPresent(response::startAfter);
        optional(request.continuationToken()).ifPresent(response::continuationToken);
        optional(request.encodingTypeAsString()).ifPresent(response::encodingType);
        found.next().ifPresent(next -> response.nextContinuationToken(pages.encode(listing, next)));
        return response.build();
    }

    ListObjectsResponse first(ListObjectsRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        int limit = limit(request.maxKeys(), "max-keys");
        String prefix = text(request.prefix());
        String delimiter = text(request.delimiter());
        UnaryOperator<String> encode = encoding(request.encodingTypeAsString());
        String from = markedPrefix(request.marker(), prefix, delimiter)
                .map(common -> Keys.above(common).map(S3Tables::stored).orElse(KeyListing.BEYOND))
                .orElseGet(() -> start(request.marker()));
        KeyListing<ObjectRecord> found = live(bucket, prefix, delimiter, from, limit);
        ListObjectsResponse.Builder response = ListObjectsResponse.builder()
                .name(bucket.name())
                .prefix(encode.apply(prefix))
                .marker(encode.apply(text(request.marker())))
                .maxKeys(limit)
                .isTruncated(found.next().isPresent())
                .contents(contents(bucket, found.values(), encode, true))
                .commonPrefixes(prefixes(found.prefixes(), encode));
        optional(request.delimiter()).map(encode).ifPresent(response::delimiter);
        optional(request.encodingTypeAsString()).ifPresent(response::encodingType);
        // Without a delimiter, clients go on after the last key that they got.
        if (found.next().isPresent() && !delimiter.isEmpty()) {
            response.nextMarker(encode.apply(found.last(ObjectRecord::key)));
        }
        return response.build();
    }

    /** A marker that is itself a common prefix stands for all below it. */
    static Optional<String> markedPrefix(@Nullable String marker, String prefix, String delimiter) {
        return optional(marker)
                .filter(m -> !delimiter.isEmpty()
                        && m.startsWith(prefix)
                        && m.endsWith(delimiter)
                        && KeyListing.common(m, prefix, delimiter).equals(Optional.of(m)));
    }

    private KeyListing<ObjectRecord> live(
            BucketRecord bucket, String prefix, String delimiter, String from, int limit) {
        return KeyListing.of(
                (start, end, count) -> tables.live(bucket, start, end, count),
                ObjectRecord::key,
                object -> S3Tables.after(object.key()),
                prefix,
                delimiter,
                from,
                limit);
    }

    ListObjectVersionsResponse versions(ListObjectVersionsRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        int limit = limit(request.maxKeys(), "max-keys");
        String prefix = text(request.prefix());
        String delimiter = text(request.delimiter());
        UnaryOperator<String> encode = encoding(request.encodingTypeAsString());
        KeyListing<ObjectRecord> found = KeyListing.of(
                (start, end, count) -> tables.versions(bucket, start, end, count),
                ObjectRecord::key,
                S3Tables::after,
                prefix,
                delimiter,
                versionStart(bucket, request, prefix, delimiter),
                limit);
        ListObjectVersionsResponse.Builder response = ListObjectVersionsResponse.builder()
                .name(bucket.name())
                .prefix(encode.apply(prefix))
                .keyMarker(encode.apply(text(request.keyMarker())))
                .versionIdMarker(text(request.versionIdMarker()))
                .maxKeys(limit)
                .isTruncated(found.next().isPresent())
                .versions(found.values().stream()
                        .filter(version -> !version.marker())
                        .map(version -> objectVersion(bucket, version, encode))
                        .toList())
                .deleteMarkers(found.values().stream()
                        .filter(ObjectRecord::marker)
                        .map(version -> marker(bucket, version, encode))
                        .toList())
                .commonPrefixes(prefixes(found.prefixes(), encode));
        optional(request.delimiter()).map(encode).ifPresent(response::delimiter);
        optional(request.encodingTypeAsString()).ifPresent(response::encodingType);
        if (found.next().isPresent()) {
            String last = found.last(ObjectRecord::key);
            response.nextKeyMarker(encode.apply(last));
            if (!found.values().isEmpty() && found.values().getLast().key().equals(last)) {
                response.nextVersionIdMarker(found.values().getLast().versionId());
            }
        }
        return response.build();
    }

    private String versionStart(
            BucketRecord bucket, ListObjectVersionsRequest request, String prefix, String delimiter) {
        String key = text(request.keyMarker());
        String id = text(request.versionIdMarker());
        if (key.isEmpty()) {
            if (!id.isEmpty()) {
                throw S3Errors.invalidArgument("A version-id marker cannot be specified without a key marker.");
            }
            return "";
        }
        Optional<String> common = markedPrefix(key, prefix, delimiter);
        if (common.isPresent()) {
            return common.flatMap(Keys::above).map(S3Tables::stored).orElse(KeyListing.BEYOND);
        }
        if (id.isEmpty()) {
            return S3Tables.after(key);
        }
        return tables.current(bucket, key)
                .filter(newest -> newest.versionId().equals(id))
                .or(() -> tables.older(bucket, key, id))
                .map(S3Tables::after)
                .orElseGet(() -> S3Tables.after(key));
    }

    private static List<S3Object> contents(
            BucketRecord bucket, List<ObjectRecord> objects, UnaryOperator<String> encode, boolean owner) {
        List<S3Object> contents = new ArrayList<>(objects.size());
        for (ObjectRecord object : objects) {
            S3Object.Builder entry = S3Object.builder()
                    .key(encode.apply(object.key()))
                    .lastModified(object.modified())
                    .eTag(Objects.quoted(object.etag()))
                    .size(object.size())
                    .storageClass(object.attributes().storageClass());
            object.checksum()
                    .ifPresent(checksum -> entry.checksumAlgorithmWithStrings(checksum.algorithm())
                            .checksumType(Checksums.type(checksum.composite())));
            if (owner) {
                entry.owner(Owners.owner(bucket.account()));
            }
            contents.add(entry.build());
        }
        return contents;
    }

    private static ObjectVersion objectVersion(
            BucketRecord bucket, ObjectRecord version, UnaryOperator<String> encode) {
        ObjectVersion.Builder entry = ObjectVersion.builder()
                .key(encode.apply(version.key()))
                .versionId(version.versionId())
                .isLatest(version.current())
                .lastModified(version.modified())
                .eTag(Objects.quoted(version.etag()))
                .size(version.size())
                .storageClass(version.attributes().storageClass())
                .owner(Owners.owner(bucket.account()));
        version.checksum()
                .ifPresent(checksum -> entry.checksumAlgorithmWithStrings(checksum.algorithm())
                        .checksumType(Checksums.type(checksum.composite())));
        return entry.build();
    }

    private static DeleteMarkerEntry marker(BucketRecord bucket, ObjectRecord version, UnaryOperator<String> encode) {
        return DeleteMarkerEntry.builder()
                .key(encode.apply(version.key()))
                .versionId(version.versionId())
                .isLatest(version.current())
                .lastModified(version.modified())
                .owner(Owners.owner(bucket.account()))
                .build();
    }

    static List<CommonPrefix> prefixes(List<String> prefixes, UnaryOperator<String> encode) {
        return prefixes.stream()
                .map(prefix ->
                        CommonPrefix.builder().prefix(encode.apply(prefix)).build())
                .toList();
    }

    private static String start(@Nullable String after) {
        return after == null || after.isEmpty() ? "" : S3Tables.after(after);
    }

    static String text(@Nullable String given) {
        return given == null ? "" : given;
    }

    static Optional<String> optional(@Nullable String given) {
        return Optional.ofNullable(given).filter(text -> !text.isEmpty());
    }

    static int limit(@Nullable Integer given, String name) {
        if (given == null) {
            return MOST;
        }
        if (given < 0) {
            throw S3Errors.invalidArgument("Argument " + name + " must be an integer between 0 and 2147483647");
        }
        return Math.min(given, MOST);
    }

    /** How keys are written in an answer: as they are, or in URL encoding where the client asked, for what XML cannot hold. */
    static UnaryOperator<String> encoding(@Nullable String type) {
        if (type == null) {
            return UnaryOperator.identity();
        }
        if (!type.equals("url")) {
            throw S3Errors.invalidArgument("Invalid Encoding Method specified in Request");
        }
        return text -> URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("%2F", "/")
                .replace("%7E", "~");
    }
}

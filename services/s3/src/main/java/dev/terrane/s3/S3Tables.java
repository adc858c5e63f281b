package dev.terrane.s3;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import dev.terrane.s3.UploadRecord.PartRecord;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * S3's rows. All versions of a bucket's objects stand in one table in the order of ListObjectVersions: by key, the current version
 * first, then the others from the newest to the oldest. Current versions that are no delete markers are in an index of their own, the
 * order of ListObjects.
 */
final class S3Tables {
    private static final Table<BucketRecord> BUCKETS = Table.of("s3.bucket", BucketRecord.class, BucketRecord::name)
            .index("owner", bucket -> bucket.account() + "/" + bucket.name());
    private static final Table<ObjectRecord> OBJECTS = Table.of("s3.object", ObjectRecord.class, S3Tables::rowKey)
            .index("live", o -> o.current() && !o.marker() ? place(o.bucket(), o.key()) : "")
            .index("version", o -> o.current() ? "" : versionPlace(o.bucket(), o.key(), o.versionId()));
    private static final Table<ContentRecord> CONTENTS = Table.of("s3.content", ContentRecord.class, ContentRecord::id);
    private static final Table<UploadRecord> UPLOADS =
            Table.of("s3.upload", UploadRecord.class, u -> versionPlace(u.bucket(), u.key(), u.uploadId()));
    private static final Table<PartRecord> PARTS =
            Table.of("s3.part", PartRecord.class, part -> partKey(part.uploadId(), part.number()));
    private static final Table<GarbageRecord> GARBAGE =
            Table.of("s3.garbage", GarbageRecord.class, GarbageRecord::blob);

    private static final Table<LifecycleRecord> LIFECYCLES =
            Table.of("s3.lifecycle", LifecycleRecord.class, LifecycleRecord::bucket);
    private static final Table<WebsiteRecord> WEBSITES =
            Table.of("s3.website", WebsiteRecord.class, WebsiteRecord::bucket);
    private static final Table<CorsRecord> CORS = Table.of("s3.cors", CorsRecord.class, CorsRecord::bucket);

    private static final String SEPARATOR = "\u0001\u0001";

    private final Store store;
    private final Rows<BucketRecord> buckets;
    private final Rows<ObjectRecord> objects;
    private final Rows<ContentRecord> contents;
    private final Rows<UploadRecord> uploads;
    private final Rows<PartRecord> parts;
    private final Rows<GarbageRecord> garbage;
    private final Rows<LifecycleRecord> lifecycles;
    private final Rows<CorsRecord> cors;
    private final Rows<WebsiteRecord> websites;

    S3Tables(Store store) {
        this.store = store;
        buckets = store.rows(BUCKETS);
        objects = store.rows(OBJECTS);
        contents = store.rows(CONTENTS);
        uploads = store.rows(UPLOADS);
        parts = store.rows(PARTS);
        garbage = store.rows(GARBAGE);
        lifecycles = store.rows(LIFECYCLES);
        cors = store.rows(CORS);
        websites = store.rows(WEBSITES);
    }

    /**
     * A key as it stands in rows: a separator cannot be mistaken for part of it, and the order is the same.
     */
    static String stored(String key) {
        return key.indexOf('\u0001') < 0 ? key : key.replace("\u0001", "\u0001\u0002");
    }

    private static String place(String bucket, String key) {
        return bucket + '/' + stored(key);
    }

    private static String versionPlace(String bucket, String key, String id) {
        return place(bucket, key) + SEPARATOR + id;
    }

    /** A separator sorts after the key and before every longer one, so a key's versions stand together. */
    private static String rowKey(ObjectRecord o) {
        return o.current()
                ? place(o.bucket(), o.key())
                : versionPlace(o.bucket(), o.key(), "%016x".formatted(Long.MAX_VALUE - o.sequence()));
    }

    private static String partKey(String uploadId, int number) {
        return uploadId + "/%05d".formatted(number);
    }

    /** Does work in the transaction of the call, or in one of its own where there is none. */
    <T> T transact(Supplier<T> work) {
        return store.transact(work);
    }

    /** Does work in a transaction of its own. */
    <T> T transactNow(Supplier<T> work) {
        return store.transactNow(work);
    }

    /** Once the transaction is durable. */
    void afterCommit(Runnable work) {
        store.afterCommit(work);
    }

    /** A bucket, to be read. */
    Optional<BucketRecord> bucket(String name) {
        return buckets.peek(Scope.INSTALLATION, name);
    }

    /** A bucket that must be the same when the transaction commits. */
    Optional<BucketRecord> heldBucket(String name) {
        return buckets.get(Scope.INSTALLATION, name);
    }

    void put(BucketRecord bucket) {
        buckets.put(Scope.INSTALLATION, bucket);
    }

    void deleteBucket(String name) {
        buckets.delete(Scope.INSTALLATION, name);
        lifecycles.delete(Scope.INSTALLATION, name);
        cors.delete(Scope.INSTALLATION, name);
        websites.delete(Scope.INSTALLATION, name);
    }

    Optional<WebsiteRecord> website(String bucket) {
        return websites.peek(Scope.INSTALLATION, bucket);
    }

    void put(WebsiteRecord website) {
        websites.put(Scope.INSTALLATION, website);
    }

    void deleteWebsite(String bucket) {
        websites.delete(Scope.INSTALLATION, bucket);
    }

    Optional<CorsRecord> cors(String bucket) {
        return cors.peek(Scope.INSTALLATION, bucket);
    }

    void put(CorsRecord rules) {
        cors.put(Scope.INSTALLATION, rules);
    }

    void deleteCors(String bucket) {
        cors.delete(Scope.INSTALLATION, bucket);
    }

    Optional<LifecycleRecord> lifecycle(String bucket) {
        return lifecycles.peek(Scope.INSTALLATION, bucket);
    }

    void put(LifecycleRecord lifecycle) {
        lifecycles.put(Scope.INSTALLATION, lifecycle);
    }

    void deleteLifecycle(String bucket) {
        lifecycles.delete(Scope.INSTALLATION, bucket);
    }

    void everyLifecycle(Consumer<LifecycleRecord> visitor) {
        lifecycles.everywhere((scope, lifecycle) -> visitor.accept(lifecycle));
    }

    void everyBucket(Consumer<BucketRecord> visitor) {
        buckets.everywhere((scope, bucket) -> visitor.accept(bucket));
    }

    Page<BucketRecord> bucketsOf(String account, String prefix, Optional<String> after, int limit) {
        return buckets.list(
                Scope.INSTALLATION,
                Query.indexPrefix("owner", account + "/" + prefix).after(after).limit(limit));
    }

    /** The newest version of a key, which may be a delete marker, to be read. */
    Optional<ObjectRecord> current(BucketRecord bucket, String key) {
        return objects.peek(bucket.scope(), place(bucket.name(), key));
    }

    /** The newest version of a key, which must be the same when the transaction commits. */
    Optional<ObjectRecord> heldCurrent(BucketRecord bucket, String key) {
        return objects.get(bucket.scope(), place(bucket.name(), key));
    }

    /** A version that is not the newest one; it must be the same when the transaction commits. */
    Optional<ObjectRecord> older(BucketRecord bucket, String key, String versionId) {
        return objects
                .list(
                        bucket.scope(),
                        Query.equal("version", versionPlace(bucket.name(), key, versionId))
                                .limit(1))
                .values()
                .stream()
                .findFirst()
                .flatMap(found -> objects.get(bucket.scope(), rowKey(found)));
    }

    /** The newest version below the current one; it must be the same when the transaction commits. */
    Optional<ObjectRecord> newestOlder(BucketRecord bucket, String key) {
        String from = versionPlace(bucket.name(), key, "");
        return objects
                .list(
                        bucket.scope(),
                        Query.all()
                                .between(from, place(bucket.name(), key) + "\u0001\u0002")
                                .limit(1))
                .values()
                .stream()
                .findFirst()
                .flatMap(found -> objects.get(bucket.scope(), rowKey(found)));
    }

    void put(BucketRecord bucket, ObjectRecord version) {
        objects.put(bucket.scope(), version);
    }

    void delete(BucketRecord bucket, ObjectRecord version) {
        objects.delete(bucket.scope(), rowKey(version));
    }

    /** Current objects in the order of their keys, from one position, inclusive, to another, exclusive. */
    List<ObjectRecord> live(BucketRecord bucket, String from, Optional<String> to, int limit) {
        return objects.list(bucket.scope(), range(Query.index("live"), bucket, from, to, limit))
                .values();
    }

    /** All versions and delete markers, from one position, inclusive, to another, exclusive. */
    List<ObjectRecord> versions(BucketRecord bucket, String from, Optional<String> to, int limit) {
        return objects.list(bucket.scope(), range(Query.all(), bucket, from, to, limit))
                .values();
    }

    /** The least position after a version in {@link #versions}. */
    static String after(ObjectRecord version) {
        return rowKey(version).substring(version.bucket().length() + 1) + '\u0001';
    }

    /** The least position after all versions of a key, or after all uploads of it, or after the current object. */
    static String after(String key) {
        return stored(key) + "\u0001\u0002";
    }

    private static Query range(Query query, BucketRecord bucket, String from, Optional<String> to, int limit) {
        String start = bucket.name() + '/';
        return query.between(start + from, to.map(end -> start + end).orElse(bucket.name() + '0'))
                .limit(limit);
    }

    Optional<ContentRecord> content(BucketRecord bucket, String id) {
        return contents.peek(bucket.scope(), id);
    }

    void put(BucketRecord bucket, ContentRecord content) {
        contents.put(bucket.scope(), content);
    }

    void deleteContent(BucketRecord bucket, String id) {
        contents.delete(bucket.scope(), id);
    }

    /** An upload that must be the same when the transaction commits. */
    Optional<UploadRecord> upload(BucketRecord bucket, String key, String uploadId) {
        return uploads.get(bucket.scope(), versionPlace(bucket.name(), key, uploadId));
    }

    void put(BucketRecord bucket, UploadRecord upload) {
        uploads.put(bucket.scope(), upload);
    }

    void delete(BucketRecord bucket, UploadRecord upload) {
        uploads.delete(bucket.scope(), versionPlace(upload.bucket(), upload.key(), upload.uploadId()));
    }

    /** Uploads in the order of keys and beginnings, from one position, inclusive, to another, exclusive. */
    List<UploadRecord> uploads(BucketRecord bucket, String from, Optional<String> to, int limit) {
        return uploads.list(bucket.scope(), range(Query.all(), bucket, from, to, limit))
                .values();
    }

    /** The least position after an upload in {@link #uploads}. */
    static String after(UploadRecord upload) {
        return after(upload.key(), upload.uploadId());
    }

    /** The least position after an upload that is, or was, there. */
    static String after(String key, String uploadId) {
        return stored(key) + SEPARATOR + uploadId + '\u0001';
    }

    /** A part that must be the same when the transaction commits. */
    Optional<PartRecord> part(BucketRecord bucket, String uploadId, int number) {
        return parts.get(bucket.scope(), partKey(uploadId, number));
    }

    void put(BucketRecord bucket, PartRecord part) {
        parts.put(bucket.scope(), part);
    }

    void delete(BucketRecord bucket, PartRecord part) {
        parts.delete(bucket.scope(), partKey(part.uploadId(), part.number()));
    }

    /** An upload's parts after a number, in order. */
    List<PartRecord> parts(BucketRecord bucket, String uploadId, int after, int limit) {
        return parts.list(
                        bucket.scope(),
                        Query.all()
                                .between(partKey(uploadId, after + 1), uploadId + '0')
                                .limit(limit))
                .values();
    }

    /** Deletes parts whose upload has ended while they arrived, and tells of each. */
    void deleteOrphanParts(Consumer<PartRecord> visitor) {
        java.util.Set<String> known = new java.util.HashSet<>();
        uploads.everywhere((scope, upload) -> known.add(upload.uploadId()));
        parts.everywhere((scope, part) -> {
            if (!known.contains(part.uploadId())) {
                transact(() -> {
                    visitor.accept(part);
                    parts.delete(scope, partKey(part.uploadId(), part.number()));
                    return part;
                });
            }
        });
    }

    void put(GarbageRecord blob) {
        garbage.put(Scope.INSTALLATION, blob);
    }

    void deleteGarbage(String blob) {
        garbage.delete(Scope.INSTALLATION, blob);
    }

    List<GarbageRecord> garbage() {
        return garbage.all(Scope.INSTALLATION);
    }
}

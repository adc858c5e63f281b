package dev.terrane.s3;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A bucket. Its name is unique in the installation; its objects' rows stand in its owner's account and region.
 *
 * @param deleting whether a deletion is looking for objects now; nothing may be written meanwhile
 * @param objectLock how versions are locked; empty where none can be
 * @param notifications which topics and queues are told of its events
 */
record BucketRecord(
        String name,
        String account,
        String region,
        Instant created,
        boolean deleting,
        Versioning versioning,
        DefaultEncryption encryption,
        Optional<PublicAccess> publicAccess,
        Optional<String> ownership,
        Map<String, String> tags,
        Optional<Policy> policy,
        boolean eventBridge,
        Optional<ObjectLock> objectLock,
        List<NotificationRule> notifications) {
    BucketRecord {
        tags = Map.copyOf(tags);
        // One that was stored before there were any has none.
        notifications = List.copyOf(Objects.requireNonNullElse(notifications, List.of()));
    }

    /** Whether versions are kept. A bucket that was once versioned is never {@link #OFF} again. */
    enum Versioning {
        OFF,
        ENABLED,
        SUSPENDED
    }

    /**
     * What objects are encrypted with when a request does not say.
     *
     * @param algorithm {@code AES256} or {@code aws:kms}
     * @param kmsKey the key's id, ARN or alias; empty for {@code alias/aws/s3}
     */
    record DefaultEncryption(String algorithm, String kmsKey, boolean bucketKey) {
        /** What every bucket has unless told: keys that S3 keeps itself. */
        static final DefaultEncryption SSE_S3 = new DefaultEncryption("AES256", "", false);
    }

    /** The bucket's public access block. */
    record PublicAccess(boolean blockAcls, boolean ignoreAcls, boolean blockPolicy, boolean restrictBuckets) {
        /** What every new bucket has since April 2023. */
        static final PublicAccess ALL_BLOCKED = new PublicAccess(true, true, true, true);
    }

    /** The bucket's policy.
     *
     * @param isPublic whether a statement grants to everyone */
    record Policy(String document, boolean isPublic) {}

    /**
     * That versions can be locked, and how new ones are unless told.
     *
     * @param mode {@code GOVERNANCE} or {@code COMPLIANCE}; empty for no default
     * @param days how long, or 0 where it is told in years
     */
    record ObjectLock(String mode, int days, int years) {
        static final ObjectLock NO_DEFAULT = new ObjectLock("", 0, 0);
    }

    static BucketRecord fresh(String name, Scope owner, Instant created, String ownership, Map<String, String> tags) {
        return new BucketRecord(
                name,
                owner.account(),
                owner.region(),
                created,
                false,
                Versioning.OFF,
                DefaultEncryption.SSE_S3,
                Optional.of(PublicAccess.ALL_BLOCKED),
                Optional.of(ownership),
                tags,
                Optional.empty(),
                false,
                Optional.empty(),
                List.of());
    }

    /** Where its objects' rows stand. */
    Scope scope() {
        return new Scope(account, region);
    }

    String arn() {
        return Arn.s3(name).toString();
    }

    String arn(String key) {
        return Arn.s3(name + "/" + key).toString();
    }

    BucketRecord withDeleting(boolean now) {
        return with(change -> change.deleting = now);
    }

    BucketRecord withVersioning(Versioning now) {
        return with(change -> change.versioning = now);
    }

    BucketRecord withEncryption(DefaultEncryption now) {
        return with(change -> change.encryption = now);
    }

    BucketRecord withPublicAccess(Optional<PublicAccess> now) {
        return with(change -> change.publicAccess = now);
    }

    BucketRecord withOwnership(Optional<String> now) {
        return with(change -> change.ownership = now);
    }

    BucketRecord withTags(Map<String, String> now) {
        return with(change -> change.tags = now);
    }

    BucketRecord withPolicy(Optional<Policy> now) {
        return with(change -> change.policy = now);
    }

    BucketRecord withEventBridge(boolean now) {
        return with(change -> change.eventBridge = now);
    }

    BucketRecord withNotifications(List<NotificationRule> now) {
        return with(change -> change.notifications = now);
    }

    BucketRecord withObjectLock(ObjectLock now) {
        return with(change -> change.objectLock = Optional.of(now));
    }

    private BucketRecord with(Consumer<Change> some) {
        Change change = new Change(this);
        some.accept(change);
        return new BucketRecord(
                name,
                account,
                region,
                created,
                change.deleting,
                change.versioning,
                change.encryption,
                change.publicAccess,
                change.ownership,
                change.tags,
                change.policy,
                change.eventBridge,
                change.objectLock,
                change.notifications);
    }

    /** What can change of a bucket. */
    private static final class Change {
        private boolean deleting;
        private Versioning versioning;
        private DefaultEncryption encryption;
        private Optional<PublicAccess> publicAccess;
        private Optional<String> ownership;
        private Map<String, String> tags;
        private Optional<Policy> policy;
        private boolean eventBridge;
        private Optional<ObjectLock> objectLock;
        private List<NotificationRule> notifications;

        Change(BucketRecord bucket) {
            deleting = bucket.deleting;
            versioning = bucket.versioning;
            encryption = bucket.encryption;
            publicAccess = bucket.publicAccess;
            ownership = bucket.ownership;
            tags = bucket.tags;
            policy = bucket.policy;
            eventBridge = bucket.eventBridge;
            objectLock = bucket.objectLock;
            notifications = bucket.notifications;
        }
    }
}

package dev.terrane.s3;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.event.Events;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What S3 tells of a bucket, in the commit of the change: EventBridge, where that is turned on, and the topics and queues that want to know.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html">EventBridge event message structure</a>
 */
final class S3Events {
    private static final String SOURCE = "aws.s3";

    private final Events events;
    private final NotificationSender sender;

    S3Events(Events events, NotificationSender sender) {
        this.events = events;
        this.sender = sender;
    }

    record BucketName(String name) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ObjectState(
            String key,
            @Nullable Long size,
            @Nullable String etag,
            @JsonProperty("version-id") @Nullable String versionId,
            @Nullable String sequencer) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Detail(
            String version,
            BucketName bucket,
            ObjectState object,
            @JsonProperty("request-id") String requestId,
            String requester,
            @JsonProperty("source-ip-address") String sourceIpAddress,
            @Nullable String reason,
            @JsonProperty("deletion-type") @Nullable String deletionType) {}

    /** An object was written.
     *
     * @param operation {@code PutObject}, {@code CopyObject} or {@code CompleteMultipartUpload} */
    void created(BucketRecord bucket, ObjectRecord version, String operation) {
        ObjectState object = new ObjectState(
                version.key(), version.size(), version.etag(), versionId(bucket, version), sequencer(version));
        emit(bucket, "Object Created", object, operation, null);
        tell(bucket, version, "ObjectCreated:" + operation.replaceFirst("Object$", ""), true);
    }

    /** An object was deleted, for good or by a marker. */
    void deleted(BucketRecord bucket, ObjectRecord version, boolean marked) {
        deleted(bucket, version, marked, "DeleteObject");
        tell(bucket, version, "ObjectRemoved:" + (marked ? "DeleteMarkerCreated" : "Delete"), false);
    }

    /** As {@link #deleted}, by a lifecycle rule. */
    void expired(BucketRecord bucket, ObjectRecord version, boolean marked) {
        deleted(bucket, version, marked, "Lifecycle Expiration");
        tell(bucket, version, "LifecycleExpiration:" + (marked ? "DeleteMarkerCreated" : "Delete"), false);
    }

    private void deleted(BucketRecord bucket, ObjectRecord version, boolean marked, String reason) {
        ObjectState object = new ObjectState(version.key(), null, null, versionId(bucket, version), sequencer(version));
        emit(bucket, "Object Deleted", object, reason, marked ? "Delete Marker Created" : "Permanently Deleted");
    }

    /** An object's tags were set or removed. */
    void tagged(BucketRecord bucket, ObjectRecord version, boolean added) {
        ObjectState object = new ObjectState(version.key(), null, version.etag(), versionId(bucket, version), null);
        emit(bucket, added ? "Object Tags Added" : "Object Tags Deleted", object, null, null);
        tell(bucket, version, "ObjectTagging:" + (added ? "Put" : "Delete"), false);
    }

    /** @param content whether its size and ETag are told */
    private void tell(BucketRecord bucket, ObjectRecord version, String event, boolean content) {
        if (!bucket.notifications().isEmpty()) {
            NotificationSender.Told object = new NotificationSender.Told(
                    version.key(),
                    content ? version.size() : null,
                    content ? version.etag() : null,
                    versionId(bucket, version),
                    sequencer(version));
            sender.tell(bucket, event, object);
        }
    }

    private static @Nullable String versionId(BucketRecord bucket, ObjectRecord version) {
        return bucket.versioning() == BucketRecord.Versioning.OFF ? null : version.versionId();
    }

    private static String sequencer(ObjectRecord version) {
        return "%016X".formatted(version.sequence());
    }

    private void emit(
            BucketRecord bucket, String type, ObjectState object, @Nullable String reason, @Nullable String deletion) {
        if (!bucket.eventBridge()) {
            return;
        }
        Call call = Call.current();
        Detail detail = new Detail(
                "0",
                new BucketName(bucket.name()),
                object,
                call.requestId(),
                call.principal() instanceof Principal.Service service ? service.name() : call.account(),
                call.sourceAddress(),
                reason,
                deletion);
        // The event belongs to the bucket's owner, whoever made the change.
        Call owner = new Call(
                bucket.account(),
                bucket.region(),
                call.principal(),
                call.accessKeyId(),
                call.requestId(),
                call.sourceAddress(),
                call.userAgent(),
                call.secure(),
                call.mfa(),
                call.tokenIssued(),
                call.time());
        owner.run(() -> events.emit(SOURCE, type, List.of(bucket.arn()), detail));
    }
}

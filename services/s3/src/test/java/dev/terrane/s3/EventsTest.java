package dev.terrane.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.event.Event;
import dev.terrane.kernel.store.RecordCodec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import tools.jackson.databind.JsonNode;

class EventsTest extends S3Test {
    @BeforeEach
    void turnOn() {
        put("before", "not told of");
        s3.putBucketNotificationConfiguration(request ->
                request.bucket(BUCKET).notificationConfiguration(c -> c.eventBridgeConfiguration(bridge -> {})));
    }

    @Test
    void aWrittenObjectIsToldOf() {
        String etag = put("folder/key", "hello").eTag();

        Event event = server.awaitEvents("Object Created", 1).getFirst();

        assertThat(event.source()).isEqualTo("aws.s3");
        assertThat(event.resources()).containsExactly(Arn.s3(BUCKET).toString());
        JsonNode detail = RecordCodec.json().readTree(event.detail());
        assertThat(detail.at("/bucket/name").asString()).isEqualTo(BUCKET);
        assertThat(detail.at("/object/key").asString()).isEqualTo("folder/key");
        assertThat(detail.at("/object/size").asLong()).isEqualTo(5);
        assertThat('"' + detail.at("/object/etag").asString() + '"').isEqualTo(etag);
        assertThat(detail.at("/reason").asString()).isEqualTo("PutObject");
        assertThat(detail.has("deletion-type")).isFalse();
    }

    @Test
    void deletionsAreToldApart() {
        put("key", "x");
        s3.deleteObject(request -> request.bucket(BUCKET).key("key"));
        version(BucketVersioningStatus.ENABLED);
        s3.deleteObject(request -> request.bucket(BUCKET).key("key"));

        assertThat(server.awaitEvents("Object Deleted", 2).stream()
                        .map(event -> RecordCodec.json()
                                .readTree(event.detail())
                                .at("/deletion-type")
                                .asString()))
                .containsExactly("Permanently Deleted", "Delete Marker Created");
    }
}

package dev.terrane.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.Event;
import software.amazon.awssdk.services.cloudtrail.model.InvalidLookupAttributesException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidNextTokenException;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttribute;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttributeKey;
import tools.jackson.databind.JsonNode;

/** The trail of its own calls, which are management events as any other. */
final class EventHistoryTest {
    private static final String ANOTHER =
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}";

    private TestServer server;
    private CloudTrailClient trail;

    @BeforeEach
    void start() {
        server = TestServer.with(CloudTrailService::new);
        trail = server.client(CloudTrailClient.class);
    }

    @AfterEach
    void stop() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private static LookupAttribute by(LookupAttributeKey key, String value) {
        return LookupAttribute.builder().attributeKey(key).attributeValue(value).build();
    }

    private List<Event> found(LookupAttributeKey key, String value) {
        return trail.lookupEvents(r -> r.lookupAttributes(by(key, value))).events();
    }

    @Test
    void deniedCallIsInTheHistoryInAwsForm() {
        CloudTrailClient limited = server.clientWith(CloudTrailClient.class, ANOTHER);
        assertThatThrownBy(() -> limited.lookupEvents(r -> {})).hasMessageContaining("cloudtrail:LookupEvents");
        server.restart();
        trail = server.client(CloudTrailClient.class);
        List<Event> events = found(LookupAttributeKey.USERNAME, "limited");
        assertThat(events).hasSize(1);
        Event event = events.getFirst();
        assertThat(event.eventName()).isEqualTo("LookupEvents");
        assertThat(event.readOnly()).isEqualTo("true");
        JsonNode json = RecordCodec.json().readTree(event.cloudTrailEvent());
        assertThat(json.at("/eventVersion").stringValue()).isEqualTo("1.11");
        assertThat(json.at("/userIdentity/type").stringValue()).isEqualTo("IAMUser");
        assertThat(json.at("/userIdentity/arn").stringValue()).isEqualTo("arn:aws:iam::123456789012:user/limited");
        assertThat(json.at("/eventTime").stringValue()).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(json.at("/eventSource").stringValue()).isEqualTo("cloudtrail.amazonaws.com");
        assertThat(json.at("/errorCode").stringValue()).startsWith("AccessDenied");
        assertThat(json.at("/eventID").stringValue()).isEqualTo(event.eventId());
        assertThat(json.at("/eventCategory").stringValue()).isEqualTo("Management");
    }

    @Test
    void newestComeFirstAndInPages() {
        for (int i = 0; i < 5; i++) {
            trail.lookupEvents(r -> r.maxResults(1));
            server.advance(Duration.ofSeconds(1));
        }
        var first = trail.lookupEvents(r -> r.maxResults(3).endTime(TestServer.START.plusSeconds(4)));
        var second = trail.lookupEvents(
                r -> r.maxResults(3).endTime(TestServer.START.plusSeconds(4)).nextToken(first.nextToken()));
        assertThat(first.events())
                .extracting(Event::eventTime)
                .containsExactly(
                        TestServer.START.plusSeconds(4),
                        TestServer.START.plusSeconds(3),
                        TestServer.START.plusSeconds(2));
        assertThat(second.events())
                .extracting(Event::eventTime)
                .containsExactly(TestServer.START.plusSeconds(1), TestServer.START);
        assertThat(second.nextToken()).isNull();
        assertThatThrownBy(() -> trail.lookupEvents(r -> r.nextToken(first.nextToken())))
                .isInstanceOf(InvalidNextTokenException.class);
    }

    @Test
    void attributesSelect() {
        trail.lookupEvents(r -> {});
        Event event = found(LookupAttributeKey.EVENT_NAME, "LookupEvents").getLast();
        assertThat(found(LookupAttributeKey.EVENT_ID, event.eventId())).containsExactly(event);
        assertThat(found(LookupAttributeKey.EVENT_SOURCE, "s3.amazonaws.com")).isEmpty();
        assertThat(found(LookupAttributeKey.READ_ONLY, "false")).isEmpty();
        assertThatThrownBy(() -> trail.lookupEvents(r -> r.lookupAttributes(
                        by(LookupAttributeKey.EVENT_NAME, "a"), by(LookupAttributeKey.EVENT_NAME, "b"))))
                .isInstanceOf(InvalidLookupAttributesException.class);
        server.advance(Duration.ofDays(91));
        assertThat(found(LookupAttributeKey.EVENT_ID, event.eventId())).isEmpty();
    }
}

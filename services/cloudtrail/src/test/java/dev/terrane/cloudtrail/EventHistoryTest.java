package dev.terrane.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.audit.AuditLog;
import dev.terrane.kernel.audit.AuditRecord;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.identity.Credential;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kms.KmsService;
import dev.terrane.testkit.TestIdentities;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.Event;
import software.amazon.awssdk.services.cloudtrail.model.EventCategory;
import software.amazon.awssdk.services.cloudtrail.model.InvalidLookupAttributesException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidNextTokenException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidTimeRangeException;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttribute;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttributeKey;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsRequest;
import software.amazon.awssdk.services.cloudtrail.model.Resource;
import software.amazon.awssdk.services.kms.KmsClient;
import tools.jackson.databind.JsonNode;

/** The trail of its own calls, which are management events as any other. */
final class EventHistoryTest {
    private static final String ANOTHER =
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}";

    private TestServer server;
    private CloudTrailClient trail;
    private KmsClient kms;

    @BeforeEach
    void start() {
        server = TestServer.with(CloudTrailService::new, KmsService::new);
        trail = server.client(CloudTrailClient.class);
        kms = server.client(KmsClient.class);
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
    void sessionOfARoleIsToldWithItsBeginning() {
        Principal session =
                new Principal.AssumedRole(TestServer.ACCOUNT, "AROAEXAMPLE", "/", "worker", "s1", List.of(), Map.of());
        assertThatThrownBy(() -> server.client(CloudTrailClient.class, session).lookupEvents(r -> {}))
                .hasMessageContaining("cloudtrail:LookupEvents");
        JsonNode json = RecordCodec.json()
                .readTree(found(LookupAttributeKey.USERNAME, "s1").getFirst().cloudTrailEvent());
        assertThat(json.at("/userIdentity/sessionContext/sessionIssuer/arn").stringValue())
                .isEqualTo("arn:aws:iam::123456789012:role/worker");
        assertThat(json.at("/userIdentity/sessionContext/attributes/creationDate")
                        .stringValue())
                .isEqualTo("2026-03-01T12:00:00Z");
        assertThat(json.at("/userIdentity/sessionContext/attributes/mfaAuthenticated")
                        .stringValue())
                .isEqualTo("false");
    }

    @Test
    void federatedSessionsAreToldWithWhoStandsBehindThem() {
        Principal bob = new Principal.FederatedUser(
                new Principal.User(TestServer.ACCOUNT, "AIDAEXAMPLE", "/", "alice"), "bob", List.of(), Map.of());
        assertThatThrownBy(() -> server.client(CloudTrailClient.class, bob).lookupEvents(r -> {}))
                .hasMessageContaining("cloudtrail:LookupEvents");
        JsonNode federated = RecordCodec.json()
                .readTree(found(LookupAttributeKey.USERNAME, "bob").getFirst().cloudTrailEvent())
                .path("userIdentity");
        assertThat(federated.at("/type").stringValue()).isEqualTo("FederatedUser");
        assertThat(federated.at("/principalId").stringValue()).isEqualTo("123456789012:bob");
        assertThat(federated.at("/sessionContext/sessionIssuer/type").stringValue())
                .isEqualTo("IAMUser");
        assertThat(federated.at("/sessionContext/sessionIssuer/userName").stringValue())
                .isEqualTo("alice");

        String provider = "arn:aws:iam::123456789012:oidc-provider/issuer.example";
        Principal web = new Principal.AssumedRole(
                TestServer.ACCOUNT,
                "AROAEXAMPLE",
                "/",
                "deploy",
                "ci",
                List.of(),
                Map.of(),
                List.of(),
                "",
                Map.of("aws:FederatedProvider", List.of(provider)));
        assertThatThrownBy(() -> server.client(CloudTrailClient.class, web).lookupEvents(r -> {}))
                .hasMessageContaining("cloudtrail:LookupEvents");
        assertThat(RecordCodec.json()
                        .readTree(found(LookupAttributeKey.USERNAME, "ci")
                                .getFirst()
                                .cloudTrailEvent())
                        .at("/userIdentity/sessionContext/webIdFederationData/federatedProvider")
                        .stringValue())
                .isEqualTo(provider);
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

    @Test
    void eachAttributeFindsWhatHasIt() {
        Credential alice = server.identities().user(TestServer.ACCOUNT, "alice", TestIdentities.EVERYTHING);
        String key = kms.createKey(r -> {}).keyMetadata().keyId();
        server.client(KmsClient.class, alice.principal())
                .createAlias(r -> r.aliasName("alias/a").targetKeyId(key));
        Event event = found(LookupAttributeKey.USERNAME, "alice").getFirst();
        assertThat(found(LookupAttributeKey.EVENT_NAME, "CreateAlias")).containsExactly(event);
        assertThat(found(LookupAttributeKey.EVENT_NAME, "CreateAlia")).isEmpty();
        assertThat(found(LookupAttributeKey.EVENT_ID, event.eventId())).containsExactly(event);
        assertThat(found(LookupAttributeKey.EVENT_SOURCE, "kms.amazonaws.com")).contains(event);
        assertThat(found(LookupAttributeKey.READ_ONLY, "false")).contains(event);
        assertThat(found(LookupAttributeKey.READ_ONLY, "true")).doesNotContain(event);
        assertThat(found(LookupAttributeKey.RESOURCE_NAME, "arn:aws:kms:us-east-1:123456789012:alias/a"))
                .containsExactly(event);
        assertThat(found(LookupAttributeKey.RESOURCE_NAME, "a")).containsExactly(event);
        assertThat(found(LookupAttributeKey.RESOURCE_TYPE, "AWS::KMS::Alias")).containsExactly(event);
        assertThat(found(LookupAttributeKey.RESOURCE_TYPE, "AWS::S3::Bucket")).isEmpty();
        assertThat(event.resources()).extracting(Resource::resourceType).contains("AWS::KMS::Alias");
    }

    @Test
    void pagesByAnAttributeHoldEachEventOnceNewestFirst() {
        for (int i = 0; i < 7; i++) {
            kms.createKey(r -> {});
            kms.listKeys(r -> {});
            server.advance(Duration.ofSeconds(1));
        }
        for (LookupAttribute attribute :
                List.of(by(LookupAttributeKey.EVENT_NAME, "CreateKey"), by(LookupAttributeKey.READ_ONLY, "false"))) {
            List<Instant> times = trail
                    .lookupEventsPaginator(r -> r.maxResults(3).lookupAttributes(attribute))
                    .stream()
                    .flatMap(page -> page.events().stream())
                    .map(Event::eventTime)
                    .toList();
            assertThat(times)
                    .hasSize(7)
                    .isSortedAccordingTo(Comparator.reverseOrder())
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void timesAreInclusive() {
        server.advance(Duration.ofSeconds(10));
        kms.createKey(r -> {});
        Instant then = server.clock().instant();
        server.advance(Duration.ofSeconds(10));
        assertThat(trail.lookupEvents(r -> r.startTime(then).endTime(then)).events())
                .extracting(Event::eventName)
                .containsExactly("CreateKey");
        assertThat(trail.lookupEvents(r -> r.endTime(then.minusSeconds(1))).events())
                .isEmpty();
    }

    @Test
    void whatCannotBeAskedIsRefused() {
        Instant now = server.clock().instant();
        assertThatThrownBy(() -> trail.lookupEvents(r -> r.startTime(now).endTime(now.minusSeconds(1))))
                .isInstanceOf(InvalidTimeRangeException.class);
        refuses("InvalidMaxResultsException", r -> r.maxResults(0));
        refuses("InvalidMaxResultsException", r -> r.maxResults(51));
        refuses("InvalidEventCategoryException", r -> r.eventCategory("other"));
        refuses("InvalidEventCategoryException", r -> r.eventCategory(EventCategory.INSIGHT));
        assertThatThrownBy(() -> trail.lookupEvents(r -> r.nextToken("forged")))
                .isInstanceOf(InvalidNextTokenException.class);
    }

    private void refuses(String code, Consumer<LookupEventsRequest.Builder> request) {
        assertThatThrownBy(() -> trail.lookupEvents(request))
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
    }

    @Test
    void eventsOlderThanNinetyDaysAreDeleted() {
        Rows<AuditRecord> records = server.platform().store().rows(AuditLog.TABLE);
        Scope scope = new Scope(TestServer.ACCOUNT, TestServer.REGION);
        for (int i = 0; i < 600; i++) {
            kms.listKeys(r -> {});
        }
        server.advance(Duration.ofDays(89));
        kms.createKey(r -> {});
        assertThat(records.all(scope)).hasSize(601);
        TestServer.await(() -> {
            // The sweep counts its hours from its last run, which the moves before may have fallen into.
            server.advance(Duration.ofHours(1));
            return records.all(scope).size() <= 1;
        });
        assertThat(records.all(scope)).extracting(AuditRecord::eventName).containsExactly("CreateKey");
        assertThat(found(LookupAttributeKey.EVENT_NAME, "CreateKey")).hasSize(1);
    }
}

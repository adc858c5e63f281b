package dev.terrane.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.terrane.testkit.TestServer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.AdvancedEventSelector;
import software.amazon.awssdk.services.cloudtrail.model.AdvancedFieldSelector;
import software.amazon.awssdk.services.cloudtrail.model.CreateTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.DataResource;
import software.amazon.awssdk.services.cloudtrail.model.EventSelector;
import software.amazon.awssdk.services.cloudtrail.model.PutEventSelectorsRequest;
import software.amazon.awssdk.services.cloudtrail.model.ReadWriteType;
import software.amazon.awssdk.services.cloudtrail.model.Tag;
import software.amazon.awssdk.services.cloudtrail.model.Trail;
import software.amazon.awssdk.services.cloudtrail.model.TrailInfo;
import software.amazon.awssdk.services.s3.S3Client;

/** Trails and what they are told to do. */
final class TrailsTest {
    private final TrailFixture fixture = new TrailFixture();
    private final TestServer server = fixture.server();

    @AfterEach
    void stop() {
        assertThat(server.faults()).isEmpty();
        fixture.close();
    }

    private CloudTrailClient trail() {
        return fixture.trail();
    }

    private CloudTrailClient in(String region) {
        return server.client(CloudTrailClient.class, server.administrator().principal(), region);
    }

    @Test
    void aTrailIsAsItWasMadeAndChangedOverARestart() {
        String arn = trail().createTrail(r -> r.name("first")
                        .s3BucketName(TrailFixture.BUCKET)
                        .s3KeyPrefix("logs/all")
                        .enableLogFileValidation(true))
                .trailARN();
        assertThat(arn).isEqualTo("arn:aws:cloudtrail:us-east-1:123456789012:trail/first");
        server.restart();
        Trail made = trail().getTrail(r -> r.name(arn)).trail();
        assertThat(made.name()).isEqualTo("first");
        assertThat(made.s3KeyPrefix()).isEqualTo("logs/all");
        assertThat(made.homeRegion()).isEqualTo("us-east-1");
        assertThat(made.includeGlobalServiceEvents()).isTrue();
        assertThat(made.isMultiRegionTrail()).isFalse();
        assertThat(made.logFileValidationEnabled()).isTrue();
        assertThat(made.hasCustomEventSelectors()).isFalse();
        trail().updateTrail(r -> r.name("first").s3KeyPrefix("").isMultiRegionTrail(true));
        Trail changed = trail().getTrail(r -> r.name("first")).trail();
        assertThat(changed.s3KeyPrefix()).isNull();
        assertThat(changed.isMultiRegionTrail()).isTrue();
        assertThat(changed.logFileValidationEnabled()).isTrue();
        trail().deleteTrail(r -> r.name("first"));
        refuses("TrailNotFoundException", () -> trail().getTrail(r -> r.name("first")));
        assertThat(trail().listTrails(r -> {}).trails()).isEmpty();
    }

    @Test
    void otherRegionsSeeATrailOfAllRegionsAndCannotChangeIt() {
        String all = trail().createTrail(
                        r -> r.name("all").s3BucketName(TrailFixture.BUCKET).isMultiRegionTrail(true))
                .trailARN();
        trail().createTrail(r -> r.name("here").s3BucketName(TrailFixture.BUCKET));
        assertThat(in("eu-west-1").describeTrails(r -> {}).trailList())
                .extracting(Trail::trailARN)
                .containsExactly(all);
        assertThat(in("eu-west-1")
                        .describeTrails(r -> r.includeShadowTrails(false))
                        .trailList())
                .isEmpty();
        assertThat(in("eu-west-1")
                        .describeTrails(r -> r.trailNameList("all", "here"))
                        .trailList())
                .extracting(Trail::name)
                .containsExactly("all");
        assertThat(in("eu-west-1").listTrails(r -> {}).trails())
                .extracting(TrailInfo::name)
                .containsExactly("all", "here");
        assertThat(in("eu-west-1").getTrailStatus(r -> r.name("all")).isLogging())
                .isFalse();
        refuses("InvalidHomeRegionException", () -> in("eu-west-1").startLogging(r -> r.name(all)));
        refuses("InvalidHomeRegionException", () -> in("eu-west-1").deleteTrail(r -> r.name("all")));
        refuses("InvalidHomeRegionException", () -> in("eu-west-1").updateTrail(r -> r.name(all)));
        refuses("TrailNotFoundException", () -> in("eu-west-1").getTrail(r -> r.name("here")));
    }

    @Test
    void namesAreHeldAgainstTheRules() {
        for (String name :
                List.of("ab", "a".repeat(129), "-abc", "abc-", "a--b", "a._b", "a b c", "192.168.5.4", "ünder")) {
            refusesTrail("InvalidTrailNameException", r -> r.name(name));
        }
        refuses("CloudTrailARNInvalidException", () -> trail().getTrail(r -> r.name("arn:aws:s3:::a-bucket")));
        trail().createTrail(r -> r.name("first").s3BucketName(TrailFixture.BUCKET));
        refusesTrail("TrailAlreadyExistsException", r -> r.name("first"));
        for (int i = 2; i <= 5; i++) {
            String name = "trail" + i;
            trail().createTrail(r -> r.name(name).s3BucketName(TrailFixture.BUCKET));
        }
        refusesTrail("MaximumNumberOfTrailsExceededException", r -> r.name("sixth"));
        in("eu-west-1").createTrail(r -> r.name("sixth").s3BucketName(TrailFixture.BUCKET));
    }

    @Test
    void whatATrailCouldNotDeliverToIsRefused() {
        S3Client s3 = server.client(S3Client.class);
        s3.createBucket(r -> r.bucket("closed"));
        refusesTrail("InsufficientS3BucketPolicyException", r -> r.s3BucketName("closed"));
        refusesTrail("S3BucketDoesNotExistException", r -> r.s3BucketName("nowhere"));
        refusesTrail("InvalidS3BucketNameException", r -> r.s3BucketName("No"));
        refusesTrail("InvalidS3PrefixException", r -> r.s3KeyPrefix("p".repeat(201)));
        refusesTrail("InvalidSnsTopicNameException", r -> r.snsTopicName("a topic"));
        refusesTrail("InsufficientSnsTopicPolicyException", r -> r.snsTopicName("nowhere"));
        refusesTrail("KmsKeyNotFoundException", r -> r.kmsKeyId("alias/nowhere"));
        refusesTrail("InvalidKmsKeyIdException", r -> r.kmsKeyId("a key"));
        refusesTrail(
                "InvalidCloudWatchLogsRoleArnException",
                r -> r.cloudWatchLogsLogGroupArn("arn:aws:logs:us-east-1:123456789012:log-group:trail:*"));
        refusesTrail(
                "InvalidCloudWatchLogsLogGroupArnException",
                r -> r.cloudWatchLogsRoleArn("arn:aws:iam::123456789012:role/x"));
        refusesTrail(
                "InvalidParameterCombinationException",
                r -> r.isMultiRegionTrail(true).includeGlobalServiceEvents(false));
        refusesTrail("OrganizationsNotInUseException", r -> r.isOrganizationTrail(true));
        assertThat(trail().listTrails(r -> {}).trails()).isEmpty();
        trail().createTrail(r -> r.name("first").s3BucketName(TrailFixture.BUCKET));
        refuses(
                "InsufficientS3BucketPolicyException",
                () -> trail().updateTrail(r -> r.name("first").s3BucketName("closed")));
    }

    private void refusesTrail(String code, Consumer<CreateTrailRequest.Builder> request) {
        refuses(
                code,
                () -> trail().createTrail(r -> {
                    r.name("refused").s3BucketName(TrailFixture.BUCKET);
                    request.accept(r);
                }));
    }

    private static void refuses(String code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
    }

    @Test
    void tagsAreKept() {
        String arn = trail().createTrail(
                        r -> r.name("first").s3BucketName(TrailFixture.BUCKET).tagsList(tag("a", "1"), tag("b", "2")))
                .trailARN();
        trail().addTags(r -> r.resourceId(arn).tagsList(tag("b", "3"), tag("c", "4")));
        trail().removeTags(r -> r.resourceId(arn).tagsList(tag("a", null)));
        assertThat(trail().listTags(r -> r.resourceIdList(arn))
                        .resourceTagList()
                        .getFirst()
                        .tagsList())
                .extracting(Tag::key, Tag::value)
                .containsExactly(tuple("b", "3"), tuple("c", "4"));
        refuses("ResourceNotFoundException", () -> trail().listTags(r -> r.resourceIdList(arn + "x")));
    }

    private static Tag tag(String key, @Nullable String value) {
        return Tag.builder().key(key).value(value).build();
    }

    @Test
    void selectorsSayWhichEventsATrailTakes() {
        fixture.logging("first");
        assertThat(trail().getEventSelectors(r -> r.trailName("first")).eventSelectors())
                .singleElement()
                .satisfies(usual -> {
                    assertThat(usual.readWriteType()).isEqualTo(ReadWriteType.ALL);
                    assertThat(usual.includeManagementEvents()).isTrue();
                });
        trail().putEventSelectors(r -> r.trailName("first")
                .advancedEventSelectors(
                        advanced(Map.of("eventCategory", List.of("Management"), "readOnly", List.of("false")))));
        assertThat(trail().getTrail(r -> r.name("first")).trail().hasCustomEventSelectors())
                .isTrue();
        assertThat(trail().getEventSelectors(r -> r.trailName("first")).hasEventSelectors())
                .isFalse();
        trail().describeTrails(r -> {});
        trail().addTags(r -> r.resourceId("arn:aws:cloudtrail:us-east-1:123456789012:trail/first")
                .tagsList(tag("a", "1")));
        fixture.awaitEvent("AddTags");
        assertThat(fixture.eventNames()).doesNotContain("DescribeTrails");
    }

    private static AdvancedEventSelector advanced(Map<String, List<String>> fields) {
        return AdvancedEventSelector.builder()
                .fieldSelectors(fields.entrySet().stream()
                        .map(field -> AdvancedFieldSelector.builder()
                                .field(field.getKey())
                                .equalsValue(field.getValue())
                                .build())
                        .toList())
                .build();
    }

    @Test
    void selectorsThatMeanNothingAreRefused() {
        trail().createTrail(r -> r.name("first").s3BucketName(TrailFixture.BUCKET));
        refusesSelectors(r -> {});
        refusesSelectors(r -> r.eventSelectors(EventSelector.builder()
                .excludeManagementEventSources("s3.amazonaws.com")
                .build()));
        refusesSelectors(r -> r.eventSelectors(
                EventSelector.builder().includeManagementEvents(false).build()));
        refusesSelectors(r -> r.eventSelectors(data("AWS::Lambda::Function", "arn:aws:lambda")));
        refusesSelectors(r -> r.eventSelectors(data("AWS::S3::Object", "arn:aws:s3:::bucket")));
        refusesSelectors(r ->
                r.eventSelectors(Collections.nCopies(6, EventSelector.builder().build())));
        refusesSelectors(r -> r.advancedEventSelectors(advanced(Map.of("readOnly", List.of("true")))));
        refusesSelectors(r -> r.advancedEventSelectors(advanced(Map.of("eventCategory", List.of("Data")))));
        refusesSelectors(r -> r.advancedEventSelectors(advanced(
                Map.of("eventCategory", List.of("Data"), "resources.type", List.of("AWS::Lambda::Function")))));
        refusesSelectors(r -> r.advancedEventSelectors(
                advanced(Map.of("eventCategory", List.of("Management"), "vpcEndpointId", List.of("v")))));
        assertThat(trail().getTrail(r -> r.name("first")).trail().hasCustomEventSelectors())
                .isFalse();
    }

    private static EventSelector data(String type, String value) {
        return EventSelector.builder()
                .dataResources(DataResource.builder().type(type).values(value).build())
                .build();
    }

    private void refusesSelectors(Consumer<PutEventSelectorsRequest.Builder> request) {
        refuses(
                "InvalidEventSelectorsException",
                () -> trail().putEventSelectors(r -> {
                    r.trailName("first");
                    request.accept(r);
                }));
    }
}

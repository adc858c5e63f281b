package dev.terrane.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Transition;
import tools.jackson.databind.JsonNode;

class LifecycleTest extends S3Test {
    @Test
    void aConfigurationIsToldAsItWasPutAlsoAfterARestart() {
        LifecycleRule named = rule("logs/", rule -> rule.id("logs").expiration(e -> e.days(30)));
        LifecycleRule versions = LifecycleRule.builder()
                .id("versions")
                .status(ExpirationStatus.DISABLED)
                .filter(filter -> filter.and(and -> and.prefix("a/")
                        .tags(tag("k", "v"))
                        .objectSizeGreaterThan(10L)
                        .objectSizeLessThan(20L)))
                .noncurrentVersionExpiration(e -> e.noncurrentDays(3).newerNoncurrentVersions(2))
                .build();
        LifecycleRule uploads = LifecycleRule.builder()
                .id("uploads")
                .status(ExpirationStatus.ENABLED)
                .filter(LifecycleRuleFilter.builder().build())
                .abortIncompleteMultipartUpload(a -> a.daysAfterInitiation(7))
                .expiration(e -> e.expiredObjectDeleteMarker(true))
                .build();
        configure(named, versions, uploads);

        restart();

        assertThat(rules()).containsExactly(named, versions, uploads);
        s3.deleteBucketLifecycle(request -> request.bucket(BUCKET));
        refused("NoSuchLifecycleConfiguration", 404, this::rules);
        s3.deleteBucketLifecycle(request -> request.bucket(BUCKET));
    }

    @Test
    void aBucketMadeAnewHasNoneOfTheOldOne() {
        configure(rule("", rule -> rule.expiration(e -> e.days(1))));
        assertThat(rules().getFirst().id()).isNotEmpty();
        s3.deleteBucket(request -> request.bucket(BUCKET));
        s3.createBucket(request -> request.bucket(BUCKET));
        refused("NoSuchLifecycleConfiguration", 404, this::rules);
    }

    @Test
    void objectsExpireAtMidnightAfterTheirDays() {
        configure(rule("", rule -> rule.expiration(e -> e.days(2))));
        put("old", "x");
        server.advance(Duration.ofDays(1));
        put("younger", "x");
        // Made on the 1st at noon: two days later is rounded up to the 4th.
        server.advance(Duration.ofHours(35));
        put("new", "x");
        assertThat(keys()).containsExactly("new", "old", "younger");

        server.advance(Duration.ofHours(3));

        awaitKeys("new", "younger");
        server.advance(Duration.ofDays(1));
        awaitKeys("new");
    }

    @Test
    void onlyWhatAFilterMatchesExpires() {
        configure(
                rule("temporary/", rule -> rule.expiration(e -> e.days(1))),
                filtered(filter -> filter.tag(tag("keep", "no"))),
                filtered(filter -> filter.objectSizeGreaterThan(100L)),
                filtered(filter -> filter.and(and -> and.prefix("both/").tags(tag("a", "1"), tag("b", "2")))),
                rule("disabled/", rule -> rule.status(ExpirationStatus.DISABLED).expiration(e -> e.days(1))),
                rule("later/", rule -> rule.expiration(e -> e.date(Instant.parse("2026-06-01T00:00:00Z")))));
        put("temporary/one", "x");
        put("kept", "x");
        put("large", bytes(101));
        put("fitting", bytes(100));
        put("disabled/one", "x");
        put("later/one", "x");
        tagged("tagged", "keep=no");
        tagged("otherwise", "keep=yes");
        tagged("both/one", "a=1&b=2&c=3");
        tagged("both/two", "a=1");

        server.advance(Duration.ofDays(3));

        awaitKeys("both/two", "disabled/one", "fitting", "kept", "later/one", "otherwise");
        server.advance(Duration.ofDays(100));
        awaitKeys("both/two", "disabled/one", "fitting", "kept", "otherwise");
    }

    @Test
    void whereVersionsAreKeptExpirationMakesAMarkerThatExpiresWhenItIsAlone() {
        version(BucketVersioningStatus.ENABLED);
        put("key", "x");
        configure(rule("", rule -> rule.expiration(e -> e.days(1))));
        server.advance(Duration.ofDays(3));
        awaitKeys();
        assertThat(versions()).hasSize(1);

        configure(rule(
                "",
                rule -> rule.expiration(e -> e.expiredObjectDeleteMarker(true))
                        .noncurrentVersionExpiration(e -> e.noncurrentDays(1))));
        server.advance(Duration.ofDays(3));
        TestServer.await(() -> versions().isEmpty());
        server.advance(Duration.ofDays(1));
        TestServer.await(() -> s3.listObjectVersions(request -> request.bucket(BUCKET))
                .deleteMarkers()
                .isEmpty());
        s3.deleteBucket(request -> request.bucket(BUCKET));
        s3.createBucket(request -> request.bucket(BUCKET));
    }

    @Test
    void noncurrentVersionsExpireButForTheNewestOfThem() {
        version(BucketVersioningStatus.ENABLED);
        List<String> ids = IntStream.range(0, 5)
                .mapToObj(i -> put("key", "text " + i).versionId())
                .toList();
        put("other", "x");
        configure(rule(
                "",
                rule -> rule.noncurrentVersionExpiration(
                        e -> e.noncurrentDays(2).newerNoncurrentVersions(2))));

        server.advance(Duration.ofDays(4));

        TestServer.await(() -> versions().size() == 4);
        assertThat(versions())
                .extracting(ObjectVersion::versionId)
                .startsWith(ids.get(4), ids.get(3), ids.get(2))
                .doesNotContain(ids.get(1), ids.get(0));
        assertThat(text("key")).isEqualTo("text 4");
    }

    @Test
    void moreThanOnePageIsSwept() {
        version(BucketVersioningStatus.ENABLED);
        for (int i = 0; i < 260; i++) {
            put("key%03d".formatted(i), "x");
            put("key%03d".formatted(i), "y");
        }
        configure(rule("", rule -> rule.noncurrentVersionExpiration(e -> e.noncurrentDays(1))));
        server.advance(Duration.ofDays(3));
        TestServer.await(() -> versions().size() == 260);
        assertThat(keys()).hasSize(260);
    }

    @Test
    void uploadsThatNobodyCompletesAreAborted() {
        configure(rule("a/", rule -> rule.abortIncompleteMultipartUpload(a -> a.daysAfterInitiation(2))));
        String old = begin("a/old");
        begin("b/old");
        server.advance(Duration.ofDays(2));
        begin("a/new");

        server.advance(Duration.ofDays(1));

        TestServer.await(() -> !isThere("a/old", old));
        assertThat(uploads()).containsExactly("a/new", "b/old");
    }

    @Test
    void whatExpiresIsToldToEventBridge() {
        s3.putBucketNotificationConfiguration(request ->
                request.bucket(BUCKET).notificationConfiguration(c -> c.eventBridgeConfiguration(bridge -> {})));
        put("key", "x");
        configure(rule("", rule -> rule.expiration(e -> e.days(1))));
        server.advance(Duration.ofDays(3));

        JsonNode detail = RecordCodec.json()
                .readTree(server.awaitEvents("Object Deleted", 1).getFirst().detail());
        assertThat(detail.at("/reason").asString()).isEqualTo("Lifecycle Expiration");
        assertThat(detail.at("/deletion-type").asString()).isEqualTo("Permanently Deleted");
        assertThat(detail.at("/requester").asString()).isEqualTo("s3.amazonaws.com");
    }

    @ParameterizedTest
    @CsvSource({
        "InvalidArgument, expiration of zero days",
        "InvalidArgument, a date within a day",
        "InvalidArgument, a long id",
        "InvalidArgument, two of one id",
        "InvalidArgument, too many newer versions",
        "InvalidRequest, no action",
        "InvalidRequest, markers by tag",
        "InvalidRequest, uploads by size",
        "InvalidRequest, sizes that nothing has",
        "MalformedXML, days and date",
        "MalformedXML, no status",
        "MalformedXML, no filter",
        "MalformedXML, two filters",
        "MalformedXML, and of one",
        "MalformedXML, no rule",
        "NotImplemented, a transition"
    })
    void whatIsNoConfigurationIsRefused(String code, String fault) {
        refused(code, code.equals("NotImplemented") ? 501 : 400, () -> configure(faulty(fault)));
        refused("NoSuchLifecycleConfiguration", 404, this::rules);
    }

    private static LifecycleRule[] faulty(String fault) {
        LifecycleRule good = rule("", rule -> rule.id("same").expiration(e -> e.days(1)));
        Instant midday = Instant.parse("2026-06-01T12:00:00Z");
        return switch (fault) {
            case "expiration of zero days" -> one(rule("", rule -> rule.expiration(e -> e.days(0))));
            case "a date within a day" -> one(rule("", rule -> rule.expiration(e -> e.date(midday))));
            case "a long id" -> one(good.toBuilder().id("x".repeat(256)).build());
            case "two of one id" -> new LifecycleRule[] {good, good};
            case "too many newer versions" ->
                one(rule(
                        "",
                        rule -> rule.noncurrentVersionExpiration(
                                e -> e.noncurrentDays(1).newerNoncurrentVersions(101))));
            case "no action" -> one(rule("", rule -> {}));
            case "markers by tag" ->
                one(filtered(filter -> filter.tag(tag("a", "b"))).toBuilder()
                        .expiration(e -> e.expiredObjectDeleteMarker(true))
                        .build());
            case "uploads by size" ->
                one(filtered(filter -> filter.objectSizeGreaterThan(5L)).toBuilder()
                        .abortIncompleteMultipartUpload(a -> a.daysAfterInitiation(1))
                        .build());
            case "sizes that nothing has" ->
                one(filtered(filter ->
                        filter.and(and -> and.objectSizeGreaterThan(5L).objectSizeLessThan(5L))));
            case "days and date" ->
                one(rule("", rule -> rule.expiration(e -> e.days(1).date(Instant.parse("2026-06-01T00:00:00Z")))));
            case "no status" -> one(good.toBuilder().status((String) null).build());
            case "no filter" ->
                one(good.toBuilder().filter((LifecycleRuleFilter) null).build());
            case "two filters" -> one(filtered(filter -> filter.prefix("a").tag(tag("a", "b"))));
            case "and of one" -> one(filtered(filter -> filter.and(and -> and.prefix("a"))));
            case "no rule" -> new LifecycleRule[0];
            case "a transition" ->
                one(good.toBuilder()
                        .transitions(Transition.builder()
                                .days(1)
                                .storageClass("GLACIER")
                                .build())
                        .build());
            default -> throw new IllegalArgumentException(fault);
        };
    }

    private static LifecycleRule[] one(LifecycleRule rule) {
        return new LifecycleRule[] {rule};
    }

    private static LifecycleRule rule(String prefix, Consumer<LifecycleRule.Builder> more) {
        return LifecycleRule.builder()
                .status(ExpirationStatus.ENABLED)
                .filter(filter -> filter.prefix(prefix))
                .applyMutation(more)
                .build();
    }

    private static LifecycleRule filtered(Consumer<LifecycleRuleFilter.Builder> filter) {
        return LifecycleRule.builder()
                .status(ExpirationStatus.ENABLED)
                .filter(filter)
                .expiration(e -> e.days(1))
                .build();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private void configure(LifecycleRule... rules) {
        s3.putBucketLifecycleConfiguration(
                request -> request.bucket(BUCKET).lifecycleConfiguration(c -> c.rules(Arrays.asList(rules))));
    }

    private List<LifecycleRule> rules() {
        return s3.getBucketLifecycleConfiguration(request -> request.bucket(BUCKET))
                .rules();
    }

    private void tagged(String key, String tags) {
        s3.putObject(request -> request.bucket(BUCKET).key(key).tagging(tags), RequestBody.fromString("x"));
    }

    private String begin(String key) {
        return s3.createMultipartUpload(request -> request.bucket(BUCKET).key(key))
                .uploadId();
    }

    private boolean isThere(String key, String upload) {
        try {
            s3.listParts(r -> r.bucket(BUCKET).key(key).uploadId(upload));
            return true;
        } catch (NoSuchUploadException e) {
            return false;
        }
    }

    private List<String> uploads() {
        return s3.listMultipartUploads(request -> request.bucket(BUCKET)).uploads().stream()
                .map(MultipartUpload::key)
                .toList();
    }

    private List<ObjectVersion> versions() {
        return s3.listObjectVersions(request -> request.bucket(BUCKET)).versions();
    }

    private List<String> keys() {
        return s3.listObjectsV2(request -> request.bucket(BUCKET)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    private void awaitKeys(String... keys) {
        TestServer.await(() -> keys().equals(List.of(keys)));
    }
}

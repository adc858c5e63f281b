package dev.terrane.s3;

import dev.terrane.kernel.id.Ids;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.*;

/**
 * Lifecycle configurations, put, checked and told. {@link Lifecycle} carries them out.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html">Lifecycle configuration elements</a>
 */
final class LifecycleRules {
    private static final int MOST = 1_000;
    private static final int LONGEST_ID = 255;
    private static final int ID_LENGTH = 48;
    private static final int MOST_NEWER = 100;
    private static final String STANDARD_MINIMUM = "all_storage_classes_128K";

    private final S3Tables tables;
    private final BucketLookup lookup;

    LifecycleRules(S3Tables tables, BucketLookup lookup) {
        this.tables = tables;
        this.lookup = lookup;
    }

    PutBucketLifecycleConfigurationResponse put(PutBucketLifecycleConfigurationRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        BucketLifecycleConfiguration given = request.lifecycleConfiguration();
        if (given == null || given.rules().isEmpty() || given.rules().size() > MOST) {
            throw S3Errors.malformedXml();
        }
        Set<String> ids = new HashSet<>();
        List<LifecycleRule> rules = new ArrayList<>();
        for (LifecycleRule rule : given.rules()) {
            check(rule);
            LifecycleRule named = rule.id() == null || rule.id().isEmpty()
                    ? rule.toBuilder().id(Ids.alphanumeric(ID_LENGTH)).build()
                    : rule;
            if (!ids.add(named.id())) {
                throw S3Errors.invalidArgument("Rule ID must be unique. Found same ID for more than one rule");
            }
            rules.add(named);
        }
        String minimum = minimum(request.transitionDefaultMinimumObjectSizeAsString());
        tables.transact(() -> {
            BucketRecord held = lookup.hold(bucket);
            tables.put(new LifecycleRecord(held.name(), rules, minimum));
            return held;
        });
        return PutBucketLifecycleConfigurationResponse.builder()
                .transitionDefaultMinimumObjectSize(minimum)
                .build();
    }

    private static String minimum(@Nullable String asked) {
        if (asked == null) {
            return STANDARD_MINIMUM;
        }
        if (!asked.equals(STANDARD_MINIMUM) && !asked.equals("varies_by_storage_class")) {
            throw S3Errors.invalidArgument("Invalid TransitionDefaultMinimumObjectSize: " + asked);
        }
        return asked;
    }

    GetBucketLifecycleConfigurationResponse get(GetBucketLifecycleConfigurationRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        return tables.lifecycle(bucket.name())
                .map(found -> GetBucketLifecycleConfigurationResponse.builder()
                        .rules(found.rules())
                        .transitionDefaultMinimumObjectSize(found.transitionMinimum())
                        .build())
                .orElseThrow(() ->
                        S3Errors.of("NoSuchLifecycleConfiguration", 404, "The lifecycle configuration does not exist"));
    }

    DeleteBucketLifecycleResponse delete(DeleteBucketLifecycleRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        tables.transact(() -> {
            BucketRecord held = lookup.hold(bucket);
            tables.deleteLifecycle(held.name());
            return held;
        });
        return DeleteBucketLifecycleResponse.builder().build();
    }

    private static void check(LifecycleRule rule) {
        if (rule.id() != null && rule.id().length() > LONGEST_ID) {
            throw S3Errors.invalidArgument("ID length should not exceed allowed limit of " + LONGEST_ID);
        }
        if (rule.status() != ExpirationStatus.ENABLED && rule.status() != ExpirationStatus.DISABLED) {
            throw S3Errors.malformedXml();
        }
        if (!rule.transitions().isEmpty()
                || !rule.noncurrentVersionTransitions().isEmpty()) {
            throw S3Errors.notImplemented(
                    "Transition and NoncurrentVersionTransition: there are no storage classes to" + " move to");
        }
        checkFilter(rule);
        if (rule.expiration() == null
                && rule.noncurrentVersionExpiration() == null
                && rule.abortIncompleteMultipartUpload() == null) {
            throw S3Errors.invalidRequest("At least one action needs to be specified in a rule");
        }
        if (rule.expiration() != null) {
            check(rule.expiration(), LifecycleFilter.of(rule));
        }
        if (rule.noncurrentVersionExpiration() != null) {
            check(rule.noncurrentVersionExpiration(), rule);
        }
        if (rule.abortIncompleteMultipartUpload() != null) {
            checkAbortion(rule.abortIncompleteMultipartUpload(), LifecycleFilter.of(rule));
        }
    }

    @SuppressWarnings("deprecation") // S3 still takes the older prefix
    private static void checkFilter(LifecycleRule rule) {
        LifecycleRuleFilter filter = rule.filter();
        if ((filter == null) == (rule.prefix() == null)) {
            throw S3Errors.malformedXml();
        }
        if (filter == null) {
            return;
        }
        LifecycleRuleAndOperator and = filter.and();
        int predicates =
                count(filter.prefix(), filter.tag(), filter.objectSizeGreaterThan(), filter.objectSizeLessThan());
        if (predicates > 1 || (and != null && predicates > 0)) {
            throw S3Errors.malformedXml();
        }
        if (and != null
                && count(and.prefix(), and.objectSizeGreaterThan(), and.objectSizeLessThan())
                                + and.tags().size()
                        < 2) {
            throw S3Errors.malformedXml();
        }
        LifecycleFilter all = LifecycleFilter.of(rule);
        Tags.checked(all.tags(), Tags.OF_OBJECT);
        if (and != null && all.tags().size() != and.tags().size()) {
            throw S3Errors.invalidRequest("Duplicate Tag Keys are not allowed.");
        }
        if (all.above() < -1 || all.below() < 1) {
            throw S3Errors.invalidRequest("The object sizes of a filter must not be negative");
        }
        if (all.below() <= Math.max(all.above(), 0) + 1 && all.above() >= 0) {
            throw S3Errors.invalidRequest(
                    "'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.");
        }
    }

    private static int count(@Nullable Object... predicates) {
        int count = 0;
        for (Object predicate : predicates) {
            count += predicate == null ? 0 : 1;
        }
        return count;
    }

    private static void check(LifecycleExpiration expiration, LifecycleFilter filter) {
        if (count(expiration.days(), expiration.date(), expiration.expiredObjectDeleteMarker()) != 1) {
            throw S3Errors.malformedXml();
        }
        positive(expiration.days(), "'Days' for Expiration action must be a positive integer");
        Instant date = expiration.date();
        if (date != null && !date.equals(date.truncatedTo(ChronoUnit.DAYS))) {
            throw S3Errors.invalidArgument("'Date' must be at midnight GMT");
        }
        if (expiration.expiredObjectDeleteMarker() != null && filter.looksBeyondTheKey()) {
            throw S3Errors.invalidRequest(
                    "ExpiredObjectDeleteMarker action cannot be specified with a tag or object size based filter");
        }
    }

    private static void check(NoncurrentVersionExpiration expiration, LifecycleRule rule) {
        Integer newer = expiration.newerNoncurrentVersions();
        if (expiration.noncurrentDays() == null || (newer != null && rule.filter() == null)) {
            throw S3Errors.malformedXml();
        }
        positive(
                expiration.noncurrentDays(),
                "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer");
        if (newer != null && (newer < 1 || newer > MOST_NEWER)) {
            throw S3Errors.invalidArgument("'NewerNoncurrentVersions' for NoncurrentVersionExpiration action must be"
                    + " between 1 and " + MOST_NEWER);
        }
    }

    private static void checkAbortion(AbortIncompleteMultipartUpload abortion, LifecycleFilter filter) {
        if (abortion.daysAfterInitiation() == null) {
            throw S3Errors.malformedXml();
        }
        positive(
                abortion.daysAfterInitiation(),
                "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer");
        if (filter.looksBeyondTheKey()) {
            throw S3Errors.invalidRequest(
                    "AbortIncompleteMultipartUpload action cannot be specified with a tag or object size based filter");
        }
    }

    private static void positive(@Nullable Integer days, String otherwise) {
        if (days != null && days < 1) {
            throw S3Errors.invalidArgument(otherwise);
        }
    }
}

package dev.terrane.s3;

import dev.terrane.kernel.service.Website;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.Condition;
import software.amazon.awssdk.services.s3.model.DeleteBucketWebsiteRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketWebsiteResponse;
import software.amazon.awssdk.services.s3.model.GetBucketWebsiteRequest;
import software.amazon.awssdk.services.s3.model.GetBucketWebsiteResponse;
import software.amazon.awssdk.services.s3.model.Protocol;
import software.amazon.awssdk.services.s3.model.PutBucketWebsiteRequest;
import software.amazon.awssdk.services.s3.model.PutBucketWebsiteResponse;
import software.amazon.awssdk.services.s3.model.Redirect;
import software.amazon.awssdk.services.s3.model.RedirectAllRequestsTo;
import software.amazon.awssdk.services.s3.model.RoutingRule;
import software.amazon.awssdk.services.s3.model.WebsiteConfiguration;

/**
 * Buckets that are websites: set, told, and found.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/EnableWebsiteHosting.html">Enabling website hosting</a>
 */
final class Websites {
    private static final int MOST_RULES = 50;
    private static final int MOVED = 301;
    private static final Pattern REDIRECTION = Pattern.compile("3(0[1-9]|[1-9][0-9])");
    private static final Pattern ERROR = Pattern.compile("[45][0-9][0-9]");

    private final S3Tables tables;
    private final BucketLookup lookup;

    Websites(S3Tables tables, BucketLookup lookup) {
        this.tables = tables;
        this.lookup = lookup;
    }

    PutBucketWebsiteResponse put(PutBucketWebsiteRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        WebsiteConfiguration given = request.websiteConfiguration();
        if (given == null) {
            throw S3Errors.malformedXml();
        }
        check(given);
        tables.transact(() -> {
            BucketRecord held = lookup.hold(bucket);
            tables.put(new WebsiteRecord(held.name(), given));
            return held;
        });
        return PutBucketWebsiteResponse.builder().build();
    }

    private static void check(WebsiteConfiguration given) {
        if (given.redirectAllRequestsTo() != null) {
            if (given.indexDocument() != null || given.errorDocument() != null || given.hasRoutingRules()) {
                throw S3Errors.malformedXml();
            }
            check(given.redirectAllRequestsTo().protocol());
            if (given.redirectAllRequestsTo().hostName() == null) {
                throw S3Errors.malformedXml();
            }
            return;
        }
        if (given.indexDocument() == null || given.indexDocument().suffix() == null) {
            throw S3Errors.invalidArgument(
                    "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty");
        }
        String suffix = given.indexDocument().suffix();
        if (suffix.isBlank() || suffix.indexOf('/') >= 0) {
            throw S3Errors.invalidArgument("The IndexDocument Suffix is not well formed");
        }
        if (given.errorDocument() != null
                && (given.errorDocument().key() == null
                        || given.errorDocument().key().isEmpty())) {
            throw S3Errors.invalidArgument("The ErrorDocument Key is not well formed");
        }
        if (given.routingRules().size() > MOST_RULES) {
            throw S3Errors.invalidRequest(
                    given.routingRules().size()
                            + " routing rules provided, the number of routing rules in a website configuration is limited to 50.");
        }
        given.routingRules().forEach(Websites::check);
    }

    private static void check(RoutingRule rule) {
        Redirect to = rule.redirect();
        if (to == null) {
            throw S3Errors.malformedXml();
        }
        check(to.protocol());
        if (to.replaceKeyWith() != null && to.replaceKeyPrefixWith() != null) {
            throw S3Errors.invalidRequest("You can only define ReplaceKeyPrefix or ReplaceKey but not both.");
        }
        if (to.httpRedirectCode() != null
                && !REDIRECTION.matcher(to.httpRedirectCode()).matches()) {
            throw S3Errors.invalidRequest("The provided HTTP redirect code (" + to.httpRedirectCode()
                    + ") is not valid. Valid codes are 3XX except 300.");
        }
        String error = rule.condition() == null ? null : rule.condition().httpErrorCodeReturnedEquals();
        if (error != null && !ERROR.matcher(error).matches()) {
            throw S3Errors.invalidRequest(
                    "The provided HTTP error code (" + error + ") is not valid. Valid codes are 4XX or 5XX.");
        }
    }

    private static void check(@Nullable Protocol protocol) {
        if (protocol == Protocol.UNKNOWN_TO_SDK_VERSION) {
            throw S3Errors.invalidRequest("Invalid protocol, protocol can be http or https. If not defined the protocol"
                    + " will be selected automatically.");
        }
    }

    GetBucketWebsiteResponse get(GetBucketWebsiteRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        WebsiteConfiguration found = tables.website(bucket.name())
                .map(WebsiteRecord::configuration)
                .orElseThrow(() -> S3Errors.of(
                        "NoSuchWebsiteConfiguration",
                        404,
                        "The specified bucket does not have a website configuration"));
        return GetBucketWebsiteResponse.builder()
                .indexDocument(found.indexDocument())
                .errorDocument(found.errorDocument())
                .redirectAllRequestsTo(found.redirectAllRequestsTo())
                .routingRules(found.hasRoutingRules() ? found.routingRules() : null)
                .build();
    }

    DeleteBucketWebsiteResponse delete(DeleteBucketWebsiteRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        tables.transact(() -> {
            BucketRecord held = lookup.hold(bucket);
            tables.deleteWebsite(held.name());
            return held;
        });
        return DeleteBucketWebsiteResponse.builder().build();
    }

    /** As {@link Website.Source#website}. */
    Optional<Website> find(String bucket) {
        return tables.website(bucket).map(found -> site(found.configuration()));
    }

    private static Website site(WebsiteConfiguration found) {
        return new Website(
                found.indexDocument() == null ? "" : found.indexDocument().suffix(),
                found.errorDocument() == null ? "" : found.errorDocument().key(),
                Optional.ofNullable(found.redirectAllRequestsTo()).map(Websites::redirect),
                found.routingRules().stream()
                        .map(rule -> rule(rule.condition(), rule.redirect()))
                        .toList());
    }

    private static Website.Redirect redirect(RedirectAllRequestsTo all) {
        return new Website.Redirect(
                all.hostName(), text(all.protocolAsString()), Optional.empty(), Optional.empty(), MOVED);
    }

    private static Website.Rule rule(@Nullable Condition condition, Redirect to) {
        String error = condition == null ? null : condition.httpErrorCodeReturnedEquals();
        return new Website.Rule(
                condition == null ? "" : text(condition.keyPrefixEquals()),
                error == null ? 0 : Integer.parseInt(error),
                new Website.Redirect(
                        text(to.hostName()),
                        text(to.protocolAsString()),
                        Optional.ofNullable(to.replaceKeyPrefixWith()),
                        Optional.ofNullable(to.replaceKeyWith()),
                        to.httpRedirectCode() == null ? MOVED : Integer.parseInt(to.httpRedirectCode())));
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}

package dev.terrane.s3;

import dev.terrane.kernel.service.CrossOrigin;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.CORSConfiguration;
import software.amazon.awssdk.services.s3.model.CORSRule;
import software.amazon.awssdk.services.s3.model.DeleteBucketCorsRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketCorsResponse;
import software.amazon.awssdk.services.s3.model.GetBucketCorsRequest;
import software.amazon.awssdk.services.s3.model.GetBucketCorsResponse;
import software.amazon.awssdk.services.s3.model.PutBucketCorsRequest;
import software.amazon.awssdk.services.s3.model.PutBucketCorsResponse;

/**
 * Which pages of other origins may use a bucket: set, told, and asked.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html">Elements of a CORS configuration</a>
 */
final class CrossOrigins {
    private static final int MOST = 100;
    private static final int LONGEST_ID = 255;
    private static final Set<String> METHODS = Set.of("GET", "PUT", "POST", "DELETE", "HEAD");

    private final S3Tables tables;
    private final BucketLookup lookup;

    CrossOrigins(S3Tables tables, BucketLookup lookup) {
        this.tables = tables;
        this.lookup = lookup;
    }

    PutBucketCorsResponse put(PutBucketCorsRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        CORSConfiguration given = request.corsConfiguration();
        if (given == null || given.corsRules().isEmpty()) {
            throw S3Errors.malformedXml();
        }
        if (given.corsRules().size() > MOST) {
            throw S3Errors.invalidRequest("The number of CORS rules should not exceed allowed limit of 100 rules.");
        }
        given.corsRules().forEach(CrossOrigins::check);
        tables.transact(() -> {
            BucketRecord held = lookup.hold(bucket);
            tables.put(new CorsRecord(held.name(), given.corsRules()));
            return held;
        });
        return PutBucketCorsResponse.builder().build();
    }

    private static void check(CORSRule rule) {
        if (rule.allowedMethods().isEmpty() || rule.allowedOrigins().isEmpty()) {
            throw S3Errors.malformedXml();
        }
        if (rule.id() != null && rule.id().length() > LONGEST_ID) {
            throw S3Errors.invalidRequest("The ID of a CORS rule has at most 255 characters");
        }
        for (String method : rule.allowedMethods()) {
            if (!METHODS.contains(method)) {
                throw S3Errors.invalidRequest(
                        "Found unsupported HTTP method in CORS config. Unsupported method is " + method);
            }
        }
        rule.allowedOrigins().forEach(origin -> requireOneWildcard("AllowedOrigin", origin));
        rule.allowedHeaders().forEach(header -> requireOneWildcard("AllowedHeader", header));
        for (String header : rule.exposeHeaders()) {
            if (header.indexOf('*') >= 0) {
                throw S3Errors.invalidRequest("ExposeHeader \"" + header
                        + "\" contains wildcard. We currently do not support wildcard for ExposeHeader.");
            }
        }
    }

    private static void requireOneWildcard(String element, String value) {
        if (value.indexOf('*') != value.lastIndexOf('*')) {
            throw S3Errors.invalidRequest(element + " \"" + value + "\" can not have more than one wildcard.");
        }
    }

    GetBucketCorsResponse get(GetBucketCorsRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        return tables.cors(bucket.name())
                .map(found ->
                        GetBucketCorsResponse.builder().corsRules(found.rules()).build())
                .orElseThrow(
                        () -> S3Errors.of("NoSuchCORSConfiguration", 404, "The CORS configuration does not exist"));
    }

    DeleteBucketCorsResponse delete(DeleteBucketCorsRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        tables.transact(() -> {
            BucketRecord held = lookup.hold(bucket);
            tables.deleteCors(held.name());
            return held;
        });
        return DeleteBucketCorsResponse.builder().build();
    }

    /** As {@link CrossOrigin#crossOrigin}. */
    CrossOrigin.Answer ask(String bucket, String origin, String method, List<String> headers) {
        Optional<CorsRecord> found = bucket.isEmpty() ? Optional.empty() : tables.cors(bucket);
        if (found.isEmpty()) {
            return CrossOrigin.OFF;
        }
        return new CrossOrigin.Answer(
                true,
                found.get().rules().stream()
                        .filter(rule -> allows(rule, origin, method, headers))
                        .findFirst()
                        .map(rule -> told(rule, origin, headers)));
    }

    private static boolean allows(CORSRule rule, String origin, String method, List<String> headers) {
        return rule.allowedMethods().contains(method)
                && rule.allowedOrigins().stream().anyMatch(allowed -> matches(allowed, origin))
                && headers.stream()
                        .allMatch(header -> rule.allowedHeaders().stream()
                                .anyMatch(allowed ->
                                        matches(allowed.toLowerCase(Locale.ROOT), header.toLowerCase(Locale.ROOT))));
    }

    private static boolean matches(String allowed, String value) {
        int wildcard = allowed.indexOf('*');
        if (wildcard < 0) {
            return allowed.equals(value);
        }
        String before = allowed.substring(0, wildcard);
        String after = allowed.substring(wildcard + 1);
        return value.length() >= before.length() + after.length() && value.startsWith(before) && value.endsWith(after);
    }

    private static Map<String, String> told(CORSRule rule, String origin, List<String> headers) {
        Map<String, String> told = new LinkedHashMap<>();
        boolean everybody = rule.allowedOrigins().contains("*");
        told.put("Access-Control-Allow-Origin", everybody ? "*" : origin);
        told.put("Access-Control-Allow-Methods", String.join(", ", rule.allowedMethods()));
        if (!headers.isEmpty()) {
            told.put("Access-Control-Allow-Headers", String.join(", ", headers).toLowerCase(Locale.ROOT));
        }
        if (!rule.exposeHeaders().isEmpty()) {
            told.put("Access-Control-Expose-Headers", String.join(", ", rule.exposeHeaders()));
        }
        if (rule.maxAgeSeconds() != null) {
            told.put("Access-Control-Max-Age", String.valueOf(rule.maxAgeSeconds()));
        }
        if (!everybody) {
            told.put("Access-Control-Allow-Credentials", "true");
        }
        return told;
    }
}

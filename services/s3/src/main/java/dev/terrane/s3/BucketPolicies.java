package dev.terrane.s3;

import dev.terrane.kernel.policy.Condition;
import dev.terrane.kernel.policy.Effect;
import dev.terrane.kernel.policy.MalformedPolicy;
import dev.terrane.kernel.policy.PolicyDocument;
import dev.terrane.kernel.policy.PolicyType;
import dev.terrane.kernel.policy.PrincipalSpec.Named;
import dev.terrane.kernel.policy.ResourceSpec;
import dev.terrane.kernel.policy.Statement;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.s3.BucketRecord.Policy;
import dev.terrane.s3.BucketRecord.PublicAccess;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.DeleteBucketPolicyRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketPolicyResponse;
import software.amazon.awssdk.services.s3.model.GetBucketPolicyRequest;
import software.amazon.awssdk.services.s3.model.GetBucketPolicyResponse;
import software.amazon.awssdk.services.s3.model.GetBucketPolicyStatusRequest;
import software.amazon.awssdk.services.s3.model.GetBucketPolicyStatusResponse;
import software.amazon.awssdk.services.s3.model.PutBucketPolicyRequest;
import software.amazon.awssdk.services.s3.model.PutBucketPolicyResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bucket policies: set, read, judged public or not, and given to authorization.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html">What public means</a>
 */
final class BucketPolicies {
    private static final int LONGEST = 20 * 1024;
    /** Condition keys that, with fixed values, make a statement for everyone not public. */
    private static final Set<String> NARROWING = Set.of(
            "aws:sourceip",
            "aws:sourcearn",
            "aws:sourcevpc",
            "aws:sourcevpce",
            "aws:sourceowner",
            "aws:sourceaccount",
            "aws:userid",
            "aws:principalarn",
            "aws:principalaccount",
            "aws:principalorgid",
            "aws:principalorgpaths",
            "s3:x-amz-server-side-encryption-aws-kms-key-id",
            "s3:dataaccesspointarn",
            "s3:dataaccesspointaccount");

    private final S3Tables tables;
    private final BucketLookup lookup;

    BucketPolicies(S3Tables tables, BucketLookup lookup) {
        this.tables = tables;
        this.lookup = lookup;
    }

    GetBucketPolicyResponse get(GetBucketPolicyRequest request) {
        Policy policy = require(request.bucket(), request.expectedBucketOwner());
        return GetBucketPolicyResponse.builder().policy(policy.document()).build();
    }

    GetBucketPolicyStatusResponse status(GetBucketPolicyStatusRequest request) {
        Policy policy = require(request.bucket(), request.expectedBucketOwner());
        return GetBucketPolicyStatusResponse.builder()
                .policyStatus(status -> status.isPublic(policy.isPublic()))
                .build();
    }

    private Policy require(String bucket, String expectedOwner) {
        return lookup.require(bucket, expectedOwner)
                .policy()
                .orElseThrow(() -> S3Errors.of("NoSuchBucketPolicy", 404, "The bucket policy does not exist"));
    }

    PutBucketPolicyResponse put(PutBucketPolicyRequest request) {
        String text = request.policy();
        if (text == null || text.isEmpty()) {
            throw malformed("Policies must be valid JSON and the first byte must be '{'");
        }
        if (text.length() > LONGEST) {
            throw S3Errors.of("PolicyTooLarge", 400, "Your policy is larger than 20 KB");
        }
        PolicyDocument document = parsed(text);
        lookup.change(request.bucket(), request.expectedBucketOwner(), bucket -> {
            document.statements().forEach(statement -> checkStatement(bucket, statement));
            boolean isPublic = document.statements().stream().anyMatch(BucketPolicies::isPublic);
            if (isPublic && bucket.publicAccess().map(PublicAccess::blockPolicy).orElse(false)) {
                throw S3Errors.accessDenied("User is not authorized to perform: s3:PutBucketPolicy on resource: \""
                        + bucket.arn()
                        + "\" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public"
                        + " Access.");
            }
            return bucket.withPolicy(Optional.of(new Policy(text, isPublic)));
        });
        return PutBucketPolicyResponse.builder().build();
    }

    DeleteBucketPolicyResponse delete(DeleteBucketPolicyRequest request) {
        lookup.change(request.bucket(), request.expectedBucketOwner(), bucket -> bucket.withPolicy(Optional.empty()));
        return DeleteBucketPolicyResponse.builder().build();
    }

    private static PolicyDocument parsed(String text) {
        try {
            return PolicyDocument.parse(text, PolicyType.RESOURCE);
        } catch (MalformedPolicy e) {
            throw malformed(e.problem());
        }
    }

    private static RuntimeException malformed(String message) {
        return S3Errors.of("MalformedPolicy", 400, message);
    }

    /** A bucket's policy speaks of S3, and of the bucket and its objects alone. */
    private static void checkStatement(BucketRecord bucket, Statement statement) {
        boolean s3 = statement.actions().actions().stream()
                .map(action -> action.text().toLowerCase(Locale.ROOT))
                .allMatch(action -> action.equals("*") || action.startsWith("s3:"));
        if (!s3) {
            throw malformed("Policy has invalid action");
        }
        boolean within = statement.resources().map(ResourceSpec::resources).stream()
                .flatMap(java.util.List::stream)
                .map(dev.terrane.kernel.policy.Pattern::text)
                .allMatch(resource -> resource.equals(bucket.arn()) || resource.startsWith(bucket.arn("")));
        if (!within) {
            throw malformed("Policy has invalid resource");
        }
    }

    private static boolean isPublic(Statement statement) {
        return statement.effect() == Effect.ALLOW
                && statement
                        .principals()
                        .map(spec ->
                                spec.inverted() || spec.named().stream().anyMatch(Named.Everyone.class::isInstance))
                        .orElse(false)
                && statement.conditions().stream().noneMatch(BucketPolicies::narrows);
    }

    private static boolean narrows(Condition condition) {
        return !condition.operator().negated()
                && !condition.ifExists()
                && NARROWING.contains(condition.key().toLowerCase(Locale.ROOT))
                && condition.values().stream().noneMatch(value -> value.contains("*") || value.contains("/0"));
    }

    /** The policy of a bucket as it counts: without its public statements, where the bucket restricts those. */
    Optional<String> effective(String bucketName) {
        Optional<BucketRecord> bucket = tables.bucket(bucketName);
        return bucket.flatMap(BucketRecord::policy).flatMap(policy -> {
            boolean restricted = policy.isPublic()
                    && bucket.flatMap(BucketRecord::publicAccess)
                            .map(PublicAccess::restrictBuckets)
                            .orElse(false);
            return restricted ? withoutPublic(policy.document()) : Optional.of(policy.document());
        });
    }

    private static Optional<String> withoutPublic(String document) {
        JsonNode root = RecordCodec.json().readTree(document);
        JsonNode statements = root.get("Statement");
        ArrayNode kept = RecordCodec.json().createArrayNode();
        for (Statement statement : PolicyDocument.parse(document).statements()) {
            if (!isPublic(statement)) {
                kept.add(statements.isArray() ? statements.get(statement.index()) : statements);
            }
        }
        if (kept.isEmpty() || !(root instanceof ObjectNode object)) {
            return Optional.empty();
        }
        object.set("Statement", kept);
        return Optional.of(object.toString());
    }
}

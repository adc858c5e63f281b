package dev.terrane.iam;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.iam.model.*;

/** Managed policies of customers, with their versions, beside those of AWS. */
final class ManagedPolicies {
    private static final int MOST_VERSIONS = 5;
    private static final int LONGEST = 6_144;

    private final IamTables tables;
    private final Markers markers;

    ManagedPolicies(IamTables tables, Markers markers) {
        this.tables = tables;
        this.markers = markers;
    }

    /** The policy in force by that ARN, of AWS or of a customer, for authorization. */
    static Optional<PolicyRecord> peek(IamTables tables, String arn) {
        Optional<PolicyRecord> byAws = AwsManagedPolicies.find(arn);
        return byAws.isPresent()
                ? byAws
                : own(arn).flatMap(a -> tables.policies().peek(Scope.global(a.account()), Names.key(a.name())))
                        .filter(p -> p.arn().equals(arn));
    }

    private static Optional<Arn> own(String arn) {
        return Arn.find(arn)
                .filter(a -> a.service().equals("iam")
                        && a.type().equals("policy")
                        && !a.account().isEmpty());
    }

    /** A policy that may be used in the account: its own, or AWS's.
     *
     * @throws NoSuchEntityException when there is none
     */
    PolicyRecord attachable(Scope scope, String arn) {
        requireArn(arn);
        return find(scope, arn)
                .orElseThrow(() -> Refusals.noSuchEntity("Policy " + arn + " does not exist or is not attachable."));
    }

    /** Reads with the check at commit, so that a policy is not deleted while it is being attached. */
    Optional<PolicyRecord> find(Scope scope, String arn) {
        Optional<PolicyRecord> byAws = AwsManagedPolicies.find(arn);
        return byAws.isPresent()
                ? byAws
                : own(arn).filter(a -> a.account().equals(scope.account()))
                        .flatMap(a -> tables.policies().get(scope, Names.key(a.name())))
                        .filter(p -> p.arn().equals(arn));
    }

    private PolicyRecord require(Scope scope, String arn) {
        requireArn(arn);
        return find(scope, arn).orElseThrow(() -> Refusals.noSuchEntity("Policy " + arn + " was not found."));
    }

    static void requireArn(String arn) {
        if (!Arn.isArn(arn)) {
            throw Refusals.invalid("ARN " + arn + " is not valid.");
        }
    }

    private PolicyRecord requireOwn(Scope scope, String arn) {
        PolicyRecord policy = require(scope, arn);
        if (policy.byAws()) {
            throw dev.terrane.kernel.error.AwsErrors.of(
                    "AccessDenied", 403, "Cannot modify the AWS managed policy " + arn + ".");
        }
        return policy;
    }

    CreatePolicyResponse create(CreatePolicyRequest request) {
        Scope scope = Call.current().globalScope();
        String key = Names.key(request.policyName());
        if (tables.policies().get(scope, key).isPresent()) {
            throw Refusals.alreadyExists(
                    "A policy called " + request.policyName() + " already exists. Duplicate names are not allowed.");
        }
        checkDocument(request.policyDocument());
        var now = Moments.now();
        PolicyRecord policy = new PolicyRecord(
                scope.account(),
                request.policyName(),
                Paths.of(request.path()),
                Ids.iam("ANPA"),
                now,
                now,
                Optional.ofNullable(request.description()),
                Tagging.add(Map.of(), request.tags()),
                "v1",
                1,
                List.of(new PolicyRecord.Version("v1", request.policyDocument(), now)));
        tables.policies().put(scope, policy);
        return CreatePolicyResponse.builder()
                .policy(sdk(scope, policy).toBuilder()
                        .description(null)
                        .tags(Tagging.toSdk(policy.tags()))
                        .build())
                .build();
    }

    private static void checkDocument(String document) {
        if (Documents.size(document) > LONGEST) {
            throw Refusals.quota("PolicySize", LONGEST);
        }
        Documents.identity(document);
    }

    GetPolicyResponse get(GetPolicyRequest request) {
        Scope scope = Call.current().globalScope();
        PolicyRecord policy = require(scope, request.policyArn());
        return GetPolicyResponse.builder()
                .policy(sdk(scope, policy).toBuilder()
                        .tags(Tagging.toSdk(policy.tags()))
                        .build())
                .build();
    }

    DeletePolicyResponse delete(DeletePolicyRequest request) {
        Scope scope = Call.current().globalScope();
        PolicyRecord policy = requireOwn(scope, request.policyArn());
        if (tables.policyUse(scope, policy.arn()).total() > 0) {
            throw Refusals.conflict("Cannot delete a policy attached to entities.");
        }
        if (policy.versions().size() > 1) {
            throw Refusals.conflict("This policy has more than one version. Before you delete a policy, you must delete"
                    + " the policy's versions. The default version is deleted with the policy.");
        }
        tables.policies().delete(scope, Names.key(policy.name()));
        tables.policyUses().delete(scope, policy.arn());
        return DeletePolicyResponse.builder().build();
    }

    ListPoliciesResponse list(ListPoliciesRequest request) {
        Scope scope = Call.current().globalScope();
        PolicyScopeType which = request.scope() == null ? PolicyScopeType.ALL : request.scope();
        String prefix = Paths.prefix(request.pathPrefix());
        boolean onlyAttached = Boolean.TRUE.equals(request.onlyAttached());
        List<PolicyRecord> all = new ArrayList<>();
        if (which != PolicyScopeType.LOCAL) {
            all.addAll(AwsManagedPolicies.all());
        }
        if (which != PolicyScopeType.AWS) {
            all.addAll(tables.policies().all(scope));
        }
        Stream<PolicyRecord> wanted = all.stream().filter(p -> p.path().startsWith(prefix));
        if (onlyAttached || request.policyUsageFilter() != null) {
            wanted = wanted.filter(p -> used(scope, p.arn(), request.policyUsageFilter()));
        }
        var page = markers.page(
                "policies|" + which + "|" + prefix + "|" + onlyAttached + "|" + request.policyUsageFilterAsString(),
                wanted.sorted(Comparator.comparing((PolicyRecord p) -> Names.key(p.name()))
                                .thenComparing(PolicyRecord::arn))
                        .toList(),
                PolicyRecord::arn,
                request.maxItems(),
                request.marker());
        return ListPoliciesResponse.builder()
                // "this operation does not return all available attributes": no description, no tags
                .policies(page.items().stream()
                        .map(p -> sdk(scope, p).toBuilder().description(null).build())
                        .toList())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    private boolean used(Scope scope, String arn, @org.jspecify.annotations.Nullable PolicyUsageType usage) {
        PolicyUseRecord use = tables.usesOf(scope, arn).orElseGet(() -> new PolicyUseRecord(arn, 0, 0));
        if (usage == PolicyUsageType.PERMISSIONS_POLICY) {
            return use.attachments() > 0;
        }
        return usage == PolicyUsageType.PERMISSIONS_BOUNDARY ? use.boundaries() > 0 : use.total() > 0;
    }

    CreatePolicyVersionResponse createVersion(CreatePolicyVersionRequest request) {
        Scope scope = Call.current().globalScope();
        PolicyRecord policy = requireOwn(scope, request.policyArn());
        checkDocument(request.policyDocument());
        if (policy.versions().size() >= MOST_VERSIONS) {
            throw Refusals.limit("A managed policy can have up to 5 versions. Before you create a new version, you must"
                    + " delete an existing version.");
        }
        var now = Moments.now();
        int number = policy.lastVersion() + 1;
        PolicyRecord.Version version = new PolicyRecord.Version("v" + number, request.policyDocument(), now);
        List<PolicyRecord.Version> versions = new ArrayList<>(policy.versions());
        versions.add(version);
        boolean inForce = Boolean.TRUE.equals(request.setAsDefault());
        PolicyRecord changed = policy.withVersions(
                versions, inForce ? version.id() : policy.defaultVersion(), number, inForce ? now : policy.updated());
        tables.policies().put(scope, changed);
        return CreatePolicyVersionResponse.builder()
                .policyVersion(sdk(changed, version).toBuilder().document(null).build())
                .build();
    }

    GetPolicyVersionResponse getVersion(GetPolicyVersionRequest request) {
        PolicyRecord policy = require(Call.current().globalScope(), request.policyArn());
        return GetPolicyVersionResponse.builder()
                .policyVersion(sdk(policy, requireVersion(policy, request.versionId())))
                .build();
    }

    private static PolicyRecord.Version requireVersion(PolicyRecord policy, String id) {
        return policy.version(id)
                .orElseThrow(() -> Refusals.noSuchEntity(
                        "Policy " + policy.arn() + " version " + id + " does not exist or is not attachable."));
    }

    ListPolicyVersionsResponse listVersions(ListPolicyVersionsRequest request) {
        PolicyRecord policy = require(Call.current().globalScope(), request.policyArn());
        var page = markers.page(
                "versions|" + policy.id(),
                policy.versions().reversed(),
                PolicyRecord.Version::id,
                request.maxItems(),
                request.marker());
        return ListPolicyVersionsResponse.builder()
                .versions(page.items().stream()
                        .map(v -> sdk(policy, v).toBuilder().document(null).build())
                        .toList())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    SetDefaultPolicyVersionResponse setDefault(SetDefaultPolicyVersionRequest request) {
        Scope scope = Call.current().globalScope();
        PolicyRecord policy = requireOwn(scope, request.policyArn());
        PolicyRecord.Version version = requireVersion(policy, request.versionId());
        tables.policies()
                .put(scope, policy.withVersions(policy.versions(), version.id(), policy.lastVersion(), Moments.now()));
        return SetDefaultPolicyVersionResponse.builder().build();
    }

    DeletePolicyVersionResponse deleteVersion(DeletePolicyVersionRequest request) {
        Scope scope = Call.current().globalScope();
        PolicyRecord policy = requireOwn(scope, request.policyArn());
        PolicyRecord.Version version = requireVersion(policy, request.versionId());
        if (version.id().equals(policy.defaultVersion())) {
            throw Refusals.conflict("Cannot delete the default version of a policy.");
        }
        List<PolicyRecord.Version> rest =
                policy.versions().stream().filter(v -> !v.equals(version)).toList();
        tables.policies()
                .put(scope, policy.withVersions(rest, policy.defaultVersion(), policy.lastVersion(), policy.updated()));
        return DeletePolicyVersionResponse.builder().build();
    }

    TagPolicyResponse tag(TagPolicyRequest request) {
        Scope scope = Call.current().globalScope();
        PolicyRecord policy = requireOwn(scope, request.policyArn());
        tables.policies().put(scope, policy.withTags(Tagging.add(policy.tags(), request.tags())));
        return TagPolicyResponse.builder().build();
    }

    UntagPolicyResponse untag(UntagPolicyRequest request) {
        Scope scope = Call.current().globalScope();
        PolicyRecord policy = requireOwn(scope, request.policyArn());
        tables.policies().put(scope, policy.withTags(Tagging.remove(policy.tags(), request.tagKeys(), false)));
        return UntagPolicyResponse.builder().build();
    }

    ListPolicyTagsResponse listTags(ListPolicyTagsRequest request) {
        PolicyRecord policy = require(Call.current().globalScope(), request.policyArn());
        var page = markers.page(
                "policy-tags|" + policy.arn(),
                Tagging.toSdk(policy.tags()),
                Tag::key,
                request.maxItems(),
                request.marker());
        return ListPolicyTagsResponse.builder()
                .tags(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    private Policy sdk(Scope scope, PolicyRecord policy) {
        PolicyUseRecord use =
                tables.usesOf(scope, policy.arn()).orElseGet(() -> new PolicyUseRecord(policy.arn(), 0, 0));
        return Policy.builder()
                .policyName(policy.name())
                .policyId(policy.id())
                .arn(policy.arn())
                .path(policy.path())
                .defaultVersionId(policy.defaultVersion())
                .attachmentCount(use.attachments())
                .permissionsBoundaryUsageCount(use.boundaries())
                .isAttachable(true)
                .description(policy.description().orElse(null))
                .createDate(policy.created())
                .updateDate(policy.updated())
                .build();
    }

    static PolicyVersion sdk(PolicyRecord policy, PolicyRecord.Version version) {
        return PolicyVersion.builder()
                .document(Documents.encoded(version.document()))
                .versionId(version.id())
                .isDefaultVersion(version.id().equals(policy.defaultVersion()))
                .createDate(version.created())
                .build();
    }
}

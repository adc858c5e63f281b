package dev.terrane.iam;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.*;

/** Which managed policies are attached to which identities, as permissions or as boundary. */
final class Attachments {
    private static final int MOST = 10;

    private final IamTables tables;
    private final ManagedPolicies policies;
    private final Markers markers;

    Attachments(IamTables tables, ManagedPolicies policies, Markers markers) {
        this.tables = tables;
        this.policies = policies;
        this.markers = markers;
    }

    /** Attaches a policy; doing so again changes nothing. */
    void attach(Kind kind, String name, String arn) {
        Scope scope = Call.current().globalScope();
        Identity identity = modifiable(scope, kind, name);
        PolicyRecord policy = policies.attachable(scope, arn);
        if (policy.byAws() && policy.path().startsWith("/aws-service-role/")) {
            throw PolicyNotAttachableException.builder()
                    .message("Cannot attach a Service Role Policy to a Customer " + kind.title() + ".")
                    .build();
        }
        if (identity.permissions().attached().contains(arn)) {
            return;
        }
        if (identity.permissions().attached().size() >= MOST) {
            throw Refusals.quota("PoliciesPer" + kind.title(), MOST);
        }
        tables.put(scope, identity.with(identity.permissions().withAttached(arn)));
        record(scope, identity, arn, false);
    }

    private Identity modifiable(Scope scope, Kind kind, String name) {
        return kind == Kind.ROLE ? tables.modifiableRole(scope, name) : tables.identity(scope, kind, name);
    }

    void detach(Kind kind, String name, String arn) {
        Scope scope = Call.current().globalScope();
        Identity identity = modifiable(scope, kind, name);
        if (!identity.permissions().attached().contains(arn)) {
            throw Refusals.noSuchEntity("Policy " + arn + " was not found.");
        }
        tables.put(scope, identity.with(identity.permissions().withoutAttached(arn)));
        erase(scope, identity, arn, false);
    }

    /** Sets the permissions boundary of a user or role. */
    void bound(Kind kind, String name, String arn) {
        Scope scope = Call.current().globalScope();
        Identity identity = modifiable(scope, kind, name);
        identity.permissions().boundary().ifPresent(old -> erase(scope, identity, old, true));
        tables.put(scope, identity.with(identity.permissions().withBoundary(Optional.of(arn))));
        recordBoundary(scope, identity, arn);
    }

    /** Counts the boundary that an identity is made with.
     *
     * @throws NoSuchEntityException when there is no such policy
     */
    void recordBoundary(Scope scope, Identity identity, String arn) {
        ManagedPolicies.requireArn(arn);
        if (policies.find(scope, arn).isEmpty()) {
            throw Refusals.noSuchEntity("Scope ARN: " + arn + " does not exist or is not attachable.");
        }
        record(scope, identity, arn, true);
    }

    void unbound(Kind kind, String name) {
        Scope scope = Call.current().globalScope();
        Identity identity = modifiable(scope, kind, name);
        String arn = identity.permissions()
                .boundary()
                .orElseThrow(() -> Refusals.noSuchEntity(
                        kind.title() + " " + identity.name() + " does not have a permissions boundary."));
        tables.put(scope, identity.with(identity.permissions().withBoundary(Optional.empty())));
        erase(scope, identity, arn, true);
    }

    /** Counts no more what an identity that is being deleted used. */
    void release(Scope scope, Identity identity) {
        identity.permissions().boundary().ifPresent(arn -> erase(scope, identity, arn, true));
        identity.permissions().attached().forEach(arn -> erase(scope, identity, arn, false));
    }

    /** Follows a renamed identity. */
    void rename(Scope scope, Identity before, Identity after) {
        release(scope, before);
        after.permissions().boundary().ifPresent(arn -> record(scope, after, arn, true));
        after.permissions().attached().forEach(arn -> record(scope, after, arn, false));
    }

    /** Attaches what a service-linked role is made with. */
    void record(Scope scope, Identity identity, String arn, boolean boundary) {
        count(scope, arn, boundary, 1);
        tables.attachments()
                .put(scope, new AttachmentRecord(arn, identity.kind(), identity.name(), identity.id(), boundary));
    }

    private void erase(Scope scope, Identity identity, String arn, boolean boundary) {
        count(scope, arn, boundary, -1);
        tables.attachments()
                .delete(
                        scope,
                        new AttachmentRecord(arn, identity.kind(), identity.name(), identity.id(), boundary).key());
    }

    private void count(Scope scope, String arn, boolean boundary, int by) {
        PolicyUseRecord use = tables.policyUse(scope, arn);
        tables.policyUses()
                .put(
                        scope,
                        boundary
                                ? new PolicyUseRecord(arn, use.attachments(), use.boundaries() + by)
                                : new PolicyUseRecord(arn, use.attachments() + by, use.boundaries()));
    }

    /** A page of the policies attached to an identity. */
    Markers.Marked<AttachedPolicy> list(
            Kind kind, String name, @Nullable String pathPrefix, @Nullable Integer maxItems, @Nullable String marker) {
        Scope scope = Call.current().globalScope();
        Identity identity = tables.identity(scope, kind, name);
        String prefix = Paths.prefix(pathPrefix);
        List<AttachedPolicy> attached = identity.permissions().attached().stream()
                .flatMap(arn -> ManagedPolicies.peek(tables, arn).stream())
                .filter(p -> p.path().startsWith(prefix))
                .map(Attachments::sdk)
                .toList();
        return markers.page(
                "attached|" + identity.id() + "|" + prefix, attached, AttachedPolicy::policyArn, maxItems, marker);
    }

    /** The managed policies of an identity as the SDK shows them. */
    List<AttachedPolicy> all(Identity identity) {
        return identity.permissions().attached().stream()
                .flatMap(arn -> ManagedPolicies.peek(tables, arn).stream())
                .map(Attachments::sdk)
                .toList();
    }

    private static AttachedPolicy sdk(PolicyRecord policy) {
        return AttachedPolicy.builder()
                .policyName(policy.name())
                .policyArn(policy.arn())
                .build();
    }

    static @Nullable AttachedPermissionsBoundary boundary(Permissions permissions) {
        return permissions
                .boundary()
                .map(arn -> AttachedPermissionsBoundary.builder()
                        .permissionsBoundaryType(PermissionsBoundaryAttachmentType.PERMISSIONS_BOUNDARY_POLICY)
                        .permissionsBoundaryArn(arn)
                        .build())
                .orElse(null);
    }

    ListEntitiesForPolicyResponse entities(ListEntitiesForPolicyRequest request) {
        Scope scope = Call.current().globalScope();
        String arn = request.policyArn();
        if (policies.find(scope, arn).isEmpty()) {
            throw Refusals.noSuchEntity("Policy " + arn + " was not found.");
        }
        EntityType filter = request.entityFilter();
        if (filter == EntityType.LOCAL_MANAGED_POLICY || filter == EntityType.AWS_MANAGED_POLICY) {
            throw Refusals.validation("EntityFilter must be User, Role or Group.");
        }
        String prefix = Paths.prefix(request.pathPrefix());
        List<AttachmentRecord> found = new ArrayList<>();
        for (AttachmentRecord attachment : attachments(scope, arn)) {
            if (matches(attachment, filter, request.policyUsageFilter())
                    && tables.identity(scope, attachment.kind(), attachment.name())
                            .path()
                            .startsWith(prefix)) {
                found.add(attachment);
            }
        }
        var page = markers.page(
                "entities|" + arn + "|" + filter + "|" + request.policyUsageFilterAsString() + "|" + prefix,
                found,
                AttachmentRecord::key,
                request.maxItems(),
                request.marker());
        return ListEntitiesForPolicyResponse.builder()
                .policyGroups(of(page.items(), Kind.GROUP)
                        .map(a -> PolicyGroup.builder()
                                .groupName(a.name())
                                .groupId(a.id())
                                .build())
                        .toList())
                .policyUsers(of(page.items(), Kind.USER)
                        .map(a -> PolicyUser.builder()
                                .userName(a.name())
                                .userId(a.id())
                                .build())
                        .toList())
                .policyRoles(of(page.items(), Kind.ROLE)
                        .map(a -> PolicyRole.builder()
                                .roleName(a.name())
                                .roleId(a.id())
                                .build())
                        .toList())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    private List<AttachmentRecord> attachments(Scope scope, String arn) {
        return tables.attachments()
                .list(scope, Query.prefix(AttachmentRecord.prefix(arn)))
                .values();
    }

    private static boolean matches(
            AttachmentRecord attachment, @Nullable EntityType filter, @Nullable PolicyUsageType usage) {
        boolean kind =
                filter == null || filter.toString().equals(attachment.kind().title());
        return kind && (usage == null || (usage == PolicyUsageType.PERMISSIONS_BOUNDARY) == attachment.boundary());
    }

    private static Stream<AttachmentRecord> of(List<AttachmentRecord> all, Kind kind) {
        return all.stream().filter(a -> a.kind() == kind);
    }
}

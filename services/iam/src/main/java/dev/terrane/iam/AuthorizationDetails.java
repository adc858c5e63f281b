package dev.terrane.iam;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.iam.model.*;

/** Everything that says who may do what in an account ("GetAccountAuthorizationDetails"). */
final class AuthorizationDetails {
    private final IamTables tables;
    private final Attachments attachments;
    private final InstanceProfiles profiles;
    private final Markers markers;

    AuthorizationDetails(IamTables tables, Attachments attachments, InstanceProfiles profiles, Markers markers) {
        this.tables = tables;
        this.attachments = attachments;
        this.profiles = profiles;
        this.markers = markers;
    }

    /** One entity of the list, which is paged as a whole. */
    private sealed interface Entry {
        String key();

        record Of(Identity identity) implements Entry {
            @Override
            public String key() {
                return identity.kind() + "|" + identity.key();
            }
        }

        record Policy(PolicyRecord policy) implements Entry {
            @Override
            public String key() {
                return policy.arn();
            }
        }
    }

    GetAccountAuthorizationDetailsResponse get(GetAccountAuthorizationDetailsRequest request) {
        Scope scope = Call.current().globalScope();
        Set<EntityType> wanted =
                request.filter().isEmpty() ? Set.copyOf(EntityType.knownValues()) : new HashSet<>(request.filter());
        var page = markers.page(
                "details|" + request.filterAsStrings(),
                entries(scope, wanted),
                Entry::key,
                request.maxItems(),
                request.marker());
        List<UserDetail> users = new ArrayList<>();
        List<GroupDetail> groups = new ArrayList<>();
        List<RoleDetail> roles = new ArrayList<>();
        List<ManagedPolicyDetail> policies = new ArrayList<>();
        for (Entry entry : page.items()) {
            switch (entry) {
                case Entry.Of(UserRecord user) -> users.add(detail(user));
                case Entry.Of(GroupRecord group) -> groups.add(detail(group));
                case Entry.Of(RoleRecord role) -> roles.add(detail(scope, role));
                case Entry.Policy(PolicyRecord policy) -> policies.add(detail(scope, policy));
            }
        }
        return GetAccountAuthorizationDetailsResponse.builder()
                .userDetailList(users)
                .groupDetailList(groups)
                .roleDetailList(roles)
                .policies(policies)
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    private List<Entry> entries(Scope scope, Set<EntityType> wanted) {
        List<Entry> all = new ArrayList<>();
        if (wanted.contains(EntityType.USER)) {
            tables.users().all(scope).forEach(user -> all.add(new Entry.Of(user)));
        }
        if (wanted.contains(EntityType.GROUP)) {
            tables.groups().all(scope).forEach(group -> all.add(new Entry.Of(group)));
        }
        if (wanted.contains(EntityType.ROLE)) {
            tables.roles().all(scope).forEach(role -> all.add(new Entry.Of(role)));
        }
        if (wanted.contains(EntityType.LOCAL_MANAGED_POLICY)) {
            tables.policies().all(scope).forEach(policy -> all.add(new Entry.Policy(policy)));
        }
        if (wanted.contains(EntityType.AWS_MANAGED_POLICY)) {
            // Of AWS's own, those that are in use.
            AwsManagedPolicies.all().stream()
                    .filter(policy -> tables.usesOf(scope, policy.arn())
                            .map(use -> use.total() > 0)
                            .orElse(false))
                    .forEach(policy -> all.add(new Entry.Policy(policy)));
        }
        return all;
    }

    private static List<PolicyDetail> inline(Identity identity) {
        return identity.permissions().inline().entrySet().stream()
                .map(e -> PolicyDetail.builder()
                        .policyName(e.getKey())
                        .policyDocument(Documents.encoded(e.getValue()))
                        .build())
                .toList();
    }

    private UserDetail detail(UserRecord user) {
        return UserDetail.builder()
                .path(user.path())
                .userName(user.name())
                .userId(user.id())
                .arn(user.arn())
                .createDate(user.created())
                .userPolicyList(inline(user))
                .groupList(user.groups())
                .attachedManagedPolicies(attachments.all(user))
                .permissionsBoundary(Attachments.boundary(user.permissions()))
                .tags(Tagging.toSdk(user.tags()))
                .build();
    }

    private GroupDetail detail(GroupRecord group) {
        return GroupDetail.builder()
                .path(group.path())
                .groupName(group.name())
                .groupId(group.id())
                .arn(group.arn())
                .createDate(group.created())
                .groupPolicyList(inline(group))
                .attachedManagedPolicies(attachments.all(group))
                .build();
    }

    private RoleDetail detail(Scope scope, RoleRecord role) {
        return RoleDetail.builder()
                .path(role.path())
                .roleName(role.name())
                .roleId(role.id())
                .arn(role.arn())
                .createDate(role.created())
                .assumeRolePolicyDocument(Documents.encoded(role.trust()))
                .instanceProfileList(profiles.of(scope, role))
                .rolePolicyList(inline(role))
                .attachedManagedPolicies(attachments.all(role))
                .permissionsBoundary(Attachments.boundary(role.permissions()))
                .tags(Tagging.toSdk(role.tags()))
                .build();
    }

    private ManagedPolicyDetail detail(Scope scope, PolicyRecord policy) {
        PolicyUseRecord use =
                tables.usesOf(scope, policy.arn()).orElseGet(() -> new PolicyUseRecord(policy.arn(), 0, 0));
        return ManagedPolicyDetail.builder()
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
                .policyVersionList(policy.versions().reversed().stream()
                        .map(v -> ManagedPolicies.sdk(policy, v))
                        .toList())
                .build();
    }
}

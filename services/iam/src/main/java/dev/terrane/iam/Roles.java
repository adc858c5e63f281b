package dev.terrane.iam;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.*;

/** Roles. */
final class Roles {
    private static final int HOUR = 3_600;

    private final IamTables tables;
    private final Attachments attachments;
    private final Markers markers;

    Roles(IamTables tables, Attachments attachments, Markers markers) {
        this.tables = tables;
        this.attachments = attachments;
        this.markers = markers;
    }

    CreateRoleResponse create(CreateRoleRequest request) {
        Scope scope = Call.current().globalScope();
        String path = Paths.of(request.path());
        if (path.startsWith("/aws-service-role/")) {
            throw Refusals.invalid(
                    "Roles with the path " + path + " can only be created by AWS: use" + " CreateServiceLinkedRole.");
        }
        TrustPolicies.check(tables, request.assumeRolePolicyDocument());
        RoleRecord role = new RoleRecord(
                scope.account(),
                request.roleName(),
                path,
                Ids.iam("AROA"),
                Moments.now(),
                request.assumeRolePolicyDocument(),
                Optional.ofNullable(request.description()),
                request.maxSessionDuration() == null ? HOUR : request.maxSessionDuration(),
                Tagging.addIgnoringCase(Map.of(), request.tags()),
                Permissions.NONE.withBoundary(Optional.ofNullable(request.permissionsBoundary())),
                List.of());
        role.permissions().boundary().ifPresent(arn -> attachments.recordBoundary(scope, role, arn));
        if (!tables.roles().putIfAbsent(scope, role)) {
            throw Refusals.alreadyExists(Kind.ROLE, request.roleName());
        }
        return CreateRoleResponse.builder()
                .role(full(role).toBuilder().maxSessionDuration(null).build())
                .build();
    }

    GetRoleResponse get(GetRoleRequest request) {
        return GetRoleResponse.builder()
                .role(full(tables.role(Call.current().globalScope(), request.roleName())))
                .build();
    }

    ListRolesResponse list(ListRolesRequest request) {
        String prefix = Paths.prefix(request.pathPrefix());
        var page = markers.page(
                "roles|" + prefix,
                tables.roles(),
                Call.current().globalScope(),
                role -> role.path().startsWith(prefix),
                RoleRecord::key,
                request.maxItems(),
                request.marker());
        return ListRolesResponse.builder()
                .roles(page.items().stream()
                        .map(role -> brief(role).toBuilder()
                                .maxSessionDuration(role.maxSession())
                                .description(role.description().orElse(null))
                                .build())
                        .toList())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    UpdateRoleResponse update(UpdateRoleRequest request) {
        Scope scope = Call.current().globalScope();
        // A service-linked role's description is what a customer may change of it.
        RoleRecord role = request.maxSessionDuration() == null
                ? tables.role(scope, request.roleName())
                : tables.modifiableRole(scope, request.roleName());
        tables.roles()
                .put(
                        scope,
                        role.described(
                                request.description() == null ? role.description() : Optional.of(request.description()),
                                // "If you do not specify a value for this setting, the default value of one hour is
                                // applied."
                                request.maxSessionDuration() == null ? HOUR : request.maxSessionDuration()));
        return UpdateRoleResponse.builder().build();
    }

    UpdateRoleDescriptionResponse updateDescription(UpdateRoleDescriptionRequest request) {
        Scope scope = Call.current().globalScope();
        RoleRecord role = tables.role(scope, request.roleName());
        RoleRecord changed = role.described(Optional.of(request.description()), role.maxSession());
        tables.roles().put(scope, changed);
        return UpdateRoleDescriptionResponse.builder().role(full(changed)).build();
    }

    UpdateAssumeRolePolicyResponse updateTrust(UpdateAssumeRolePolicyRequest request) {
        Scope scope = Call.current().globalScope();
        RoleRecord role = tables.modifiableRole(scope, request.roleName());
        TrustPolicies.check(tables, request.policyDocument());
        tables.roles().put(scope, role.withTrust(request.policyDocument()));
        return UpdateAssumeRolePolicyResponse.builder().build();
    }

    DeleteRoleResponse delete(DeleteRoleRequest request) {
        Scope scope = Call.current().globalScope();
        RoleRecord role = tables.modifiableRole(scope, request.roleName());
        if (!role.instanceProfiles().isEmpty()) {
            throw Refusals.conflict("Cannot delete entity, must remove roles from instance profile first.");
        }
        if (!role.permissions().attached().isEmpty()) {
            throw Refusals.conflict("Cannot delete entity, must detach all policies first.");
        }
        if (!role.permissions().inline().isEmpty()) {
            throw Refusals.conflict("Cannot delete entity, must delete policies first.");
        }
        attachments.release(scope, role);
        ServiceUses.forget(tables, scope, role.id());
        TrustPolicies.orphan(tables, scope, role);
        tables.roles().delete(scope, role.key());
        return DeleteRoleResponse.builder().build();
    }

    TagRoleResponse tag(TagRoleRequest request) {
        Scope scope = Call.current().globalScope();
        RoleRecord role = tables.role(scope, request.roleName());
        tables.roles().put(scope, role.withTags(Tagging.addIgnoringCase(role.tags(), request.tags())));
        return TagRoleResponse.builder().build();
    }

    UntagRoleResponse untag(UntagRoleRequest request) {
        Scope scope = Call.current().globalScope();
        RoleRecord role = tables.role(scope, request.roleName());
        tables.roles().put(scope, role.withTags(Tagging.remove(role.tags(), request.tagKeys(), true)));
        return UntagRoleResponse.builder().build();
    }

    ListRoleTagsResponse listTags(ListRoleTagsRequest request) {
        RoleRecord role = tables.role(Call.current().globalScope(), request.roleName());
        var page = markers.page(
                "role-tags|" + role.id(), Tagging.toSdk(role.tags()), Tag::key, request.maxItems(), request.marker());
        return ListRoleTagsResponse.builder()
                .tags(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    /** As instance profiles show a role. */
    static Role brief(RoleRecord role) {
        return Role.builder()
                .path(role.path())
                .roleName(role.name())
                .roleId(role.id())
                .arn(role.arn())
                .createDate(role.created())
                .assumeRolePolicyDocument(Documents.encoded(role.trust()))
                .build();
    }

    static Role full(RoleRecord role) {
        Role.Builder builder = brief(role).toBuilder()
                .description(role.description().orElse(null))
                .maxSessionDuration(role.maxSession())
                .permissionsBoundary(Attachments.boundary(role.permissions()));
        return role.tags().isEmpty()
                ? builder.build()
                : builder.tags(Tagging.toSdk(role.tags())).build();
    }
}

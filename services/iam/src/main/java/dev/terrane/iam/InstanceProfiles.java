package dev.terrane.iam;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.*;

/** Instance profiles, by which an instance has a role. */
final class InstanceProfiles {
    private final IamTables tables;
    private final Markers markers;

    InstanceProfiles(IamTables tables, Markers markers) {
        this.tables = tables;
        this.markers = markers;
    }

    CreateInstanceProfileResponse create(CreateInstanceProfileRequest request) {
        Scope scope = Call.current().globalScope();
        String name = request.instanceProfileName();
        if (tables.profiles().get(scope, Names.key(name)).isPresent()) {
            throw Refusals.alreadyExists("Instance Profile " + name + " already exists.");
        }
        InstanceProfileRecord profile = new InstanceProfileRecord(
                scope.account(),
                name,
                Paths.of(request.path()),
                Ids.iam("AIPA"),
                Moments.now(),
                Tagging.add(Map.of(), request.tags()),
                Optional.empty());
        tables.profiles().put(scope, profile);
        return CreateInstanceProfileResponse.builder()
                .instanceProfile(full(scope, profile))
                .build();
    }

    GetInstanceProfileResponse get(GetInstanceProfileRequest request) {
        Scope scope = Call.current().globalScope();
        return GetInstanceProfileResponse.builder()
                .instanceProfile(full(scope, tables.profile(scope, request.instanceProfileName())))
                .build();
    }

    DeleteInstanceProfileResponse delete(DeleteInstanceProfileRequest request) {
        Scope scope = Call.current().globalScope();
        InstanceProfileRecord profile = tables.profile(scope, request.instanceProfileName());
        if (profile.role().isPresent()) {
            throw Refusals.conflict("Cannot delete entity, must remove roles from instance profile first.");
        }
        tables.profiles().delete(scope, Names.key(profile.name()));
        return DeleteInstanceProfileResponse.builder().build();
    }

    AddRoleToInstanceProfileResponse addRole(AddRoleToInstanceProfileRequest request) {
        Scope scope = Call.current().globalScope();
        InstanceProfileRecord profile = tables.profile(scope, request.instanceProfileName());
        RoleRecord role = tables.modifiableRole(scope, request.roleName());
        if (profile.role().isPresent()) {
            throw Refusals.quota("InstanceSessionsPerInstanceProfile", 1);
        }
        tables.profiles().put(scope, profile.withRole(Optional.of(role.name())));
        tables.roles().put(scope, role.withInstanceProfiles(UserRecord.and(role.instanceProfiles(), profile.name())));
        return AddRoleToInstanceProfileResponse.builder().build();
    }

    RemoveRoleFromInstanceProfileResponse removeRole(RemoveRoleFromInstanceProfileRequest request) {
        Scope scope = Call.current().globalScope();
        InstanceProfileRecord profile = tables.profile(scope, request.instanceProfileName());
        RoleRecord role = tables.role(scope, request.roleName());
        if (!profile.role().map(role.name()::equals).orElse(false)) {
            throw Refusals.noSuch(Kind.ROLE, request.roleName());
        }
        tables.profiles().put(scope, profile.withRole(Optional.empty()));
        tables.roles()
                .put(scope, role.withInstanceProfiles(UserRecord.without(role.instanceProfiles(), profile.name())));
        return RemoveRoleFromInstanceProfileResponse.builder().build();
    }

    ListInstanceProfilesResponse list(ListInstanceProfilesRequest request) {
        Scope scope = Call.current().globalScope();
        String prefix = Paths.prefix(request.pathPrefix());
        var page = markers.page(
                "instance-profiles|" + prefix,
                tables.profiles(),
                scope,
                profile -> profile.path().startsWith(prefix),
                profile -> Names.key(profile.name()),
                request.maxItems(),
                request.marker());
        return ListInstanceProfilesResponse.builder()
                .instanceProfiles(
                        page.items().stream().map(p -> brief(scope, p)).toList())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    ListInstanceProfilesForRoleResponse listForRole(ListInstanceProfilesForRoleRequest request) {
        Scope scope = Call.current().globalScope();
        RoleRecord role = tables.role(scope, request.roleName());
        var page = markers.page(
                "profiles-of|" + role.id(),
                of(scope, role),
                InstanceProfile::instanceProfileName,
                request.maxItems(),
                request.marker());
        return ListInstanceProfilesForRoleResponse.builder()
                .instanceProfiles(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    /** The profiles that hold a role. */
    List<InstanceProfile> of(Scope scope, RoleRecord role) {
        return role.instanceProfiles().stream()
                .flatMap(name -> tables.profiles().peek(scope, Names.key(name)).stream())
                .map(profile -> brief(scope, profile))
                .toList();
    }

    TagInstanceProfileResponse tag(TagInstanceProfileRequest request) {
        Scope scope = Call.current().globalScope();
        InstanceProfileRecord profile = tables.profile(scope, request.instanceProfileName());
        tables.profiles().put(scope, profile.withTags(Tagging.add(profile.tags(), request.tags())));
        return TagInstanceProfileResponse.builder().build();
    }

    UntagInstanceProfileResponse untag(UntagInstanceProfileRequest request) {
        Scope scope = Call.current().globalScope();
        InstanceProfileRecord profile = tables.profile(scope, request.instanceProfileName());
        tables.profiles().put(scope, profile.withTags(Tagging.remove(profile.tags(), request.tagKeys(), false)));
        return UntagInstanceProfileResponse.builder().build();
    }

    ListInstanceProfileTagsResponse listTags(ListInstanceProfileTagsRequest request) {
        InstanceProfileRecord profile = tables.profile(Call.current().globalScope(), request.instanceProfileName());
        var page = markers.page(
                "profile-tags|" + profile.id(),
                Tagging.toSdk(profile.tags()),
                Tag::key,
                request.maxItems(),
                request.marker());
        return ListInstanceProfileTagsResponse.builder()
                .tags(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    private InstanceProfile brief(Scope scope, InstanceProfileRecord profile) {
        return InstanceProfile.builder()
                .path(profile.path())
                .instanceProfileName(profile.name())
                .instanceProfileId(profile.id())
                .arn(profile.arn())
                .createDate(profile.created())
                .roles(profile.role().stream()
                        .flatMap(name -> tables.roles().peek(scope, Names.key(name)).stream())
                        .map(Roles::brief)
                        .toList())
                .build();
    }

    private InstanceProfile full(Scope scope, InstanceProfileRecord profile) {
        return profile.tags().isEmpty()
                ? brief(scope, profile)
                : brief(scope, profile).toBuilder()
                        .tags(Tagging.toSdk(profile.tags()))
                        .build();
    }
}

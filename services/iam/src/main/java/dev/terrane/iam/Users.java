package dev.terrane.iam;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.*;

/** Users. */
final class Users {
    private final IamTables tables;
    private final Attachments attachments;
    private final Markers markers;

    Users(IamTables tables, Attachments attachments, Markers markers) {
        this.tables = tables;
        this.attachments = attachments;
        this.markers = markers;
    }

    /** The user that an operation is about: the one named, or the caller.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException when none is named and the caller is no user
     */
    static String named(@Nullable String name) {
        if (name != null) {
            return name;
        }
        if (Call.current().principal() instanceof Principal.User user) {
            return user.name();
        }
        throw Refusals.validation("Must specify userName when calling with non-User credentials");
    }

    CreateUserResponse create(CreateUserRequest request) {
        Scope scope = Call.current().globalScope();
        if (tables.users().get(scope, Names.key(request.userName())).isPresent()) {
            throw Refusals.alreadyExists(Kind.USER, request.userName());
        }
        UserRecord user = new UserRecord(
                scope.account(),
                request.userName(),
                Paths.of(request.path()),
                Ids.iam("AIDA"),
                Moments.now(),
                Tagging.addIgnoringCase(Map.of(), request.tags()),
                Permissions.NONE.withBoundary(Optional.ofNullable(request.permissionsBoundary())),
                List.of(),
                List.of(),
                List.of());
        user.permissions().boundary().ifPresent(arn -> attachments.recordBoundary(scope, user, arn));
        tables.users().put(scope, user);
        return CreateUserResponse.builder().user(full(user)).build();
    }

    GetUserResponse get(GetUserRequest request) {
        if (request.userName() == null && Call.current().principal() instanceof Principal.Root root) {
            return GetUserResponse.builder()
                    .user(User.builder()
                            .userId(root.account())
                            .arn(Arn.iam(root.account(), "root").toString())
                            .build())
                    .build();
        }
        return GetUserResponse.builder()
                .user(full(tables.user(Call.current().globalScope(), named(request.userName()))))
                .build();
    }

    ListUsersResponse list(ListUsersRequest request) {
        String prefix = Paths.prefix(request.pathPrefix());
        var page = markers.page(
                "users|" + prefix,
                tables.users(),
                Call.current().globalScope(),
                user -> user.path().startsWith(prefix),
                UserRecord::key,
                request.maxItems(),
                request.marker());
        return ListUsersResponse.builder()
                .users(page.items().stream().map(Users::brief).toList())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    UpdateUserResponse update(UpdateUserRequest request) {
        Scope scope = Call.current().globalScope();
        UserRecord before = tables.user(scope, request.userName());
        UserRecord after = before.named(
                request.newUserName() == null ? before.name() : request.newUserName(),
                request.newPath() == null ? before.path() : request.newPath());
        if (!after.key().equals(before.key())
                && tables.users().get(scope, after.key()).isPresent()) {
            throw Refusals.alreadyExists(Kind.USER, after.name());
        }
        tables.users().delete(scope, before.key());
        tables.users().put(scope, after);
        attachments.rename(scope, before, after);
        for (String group : before.groups()) {
            tables.memberships().delete(scope, MembershipRecord.key(group, before.name()));
            tables.memberships().put(scope, new MembershipRecord(group, after.name()));
        }
        for (String id : before.accessKeys()) {
            tables.accessKeys()
                    .get(Scope.INSTALLATION, id)
                    .ifPresent(key -> tables.accessKeys().put(Scope.INSTALLATION, key.of(after.name())));
        }
        for (String name : before.gitCredentials()) {
            tables.gitCredentials()
                    .get(Scope.INSTALLATION, name)
                    .ifPresent(c -> tables.gitCredentials().put(Scope.INSTALLATION, c.of(after.name())));
        }
        tables.loginProfiles().get(scope, before.key()).ifPresent(profile -> {
            tables.loginProfiles().delete(scope, before.key());
            tables.loginProfiles().put(scope, profile.of(after.name()));
        });
        for (String device : tables.credentials(scope, after).mfaDevices()) {
            tables.mfaDevices()
                    .get(scope, device)
                    .ifPresent(found -> tables.mfaDevices().put(scope, found.ofUserNamed(after.name())));
        }
        return UpdateUserResponse.builder().build();
    }

    DeleteUserResponse delete(DeleteUserRequest request) {
        Scope scope = Call.current().globalScope();
        UserRecord user = tables.user(scope, request.userName());
        if (!user.accessKeys().isEmpty()) {
            throw Refusals.conflict("Cannot delete entity, must delete access keys first.");
        }
        if (tables.loginProfiles().get(scope, user.key()).isPresent()) {
            throw Refusals.conflict("Cannot delete entity, must delete login profile first.");
        }
        if (!user.permissions().attached().isEmpty()) {
            throw Refusals.conflict("Cannot delete entity, must detach all policies first.");
        }
        if (!user.permissions().inline().isEmpty()) {
            throw Refusals.conflict("Cannot delete entity, must delete policies first.");
        }
        if (!user.groups().isEmpty()) {
            throw Refusals.conflict("Cannot delete entity, must remove users from group first.");
        }
        if (!user.gitCredentials().isEmpty()) {
            throw Refusals.conflict("Cannot delete entity, must delete service specific credentials first.");
        }
        requireNone(tables.credentials(scope, user));
        attachments.release(scope, user);
        tables.userCredentials().delete(scope, user.id());
        ServiceUses.forget(tables, scope, user.id());
        TrustPolicies.orphan(tables, scope, user);
        tables.users().delete(scope, user.key());
        return DeleteUserResponse.builder().build();
    }

    private static void requireNone(UserCredentialsRecord credentials) {
        if (!credentials.mfaDevices().isEmpty()) {
            throw Refusals.conflict("Cannot delete entity, must delete MFA device first.");
        }
        if (!credentials.sshKeys().isEmpty()) {
            throw Refusals.conflict("Cannot delete entity, must delete SSH public keys first.");
        }
        if (!credentials.certificates().isEmpty()) {
            throw Refusals.conflict("Cannot delete entity, must delete signing certificates first.");
        }
    }

    TagUserResponse tag(TagUserRequest request) {
        Scope scope = Call.current().globalScope();
        UserRecord user = tables.user(scope, request.userName());
        tables.users().put(scope, user.withTags(Tagging.addIgnoringCase(user.tags(), request.tags())));
        return TagUserResponse.builder().build();
    }

    UntagUserResponse untag(UntagUserRequest request) {
        Scope scope = Call.current().globalScope();
        UserRecord user = tables.user(scope, request.userName());
        tables.users().put(scope, user.withTags(Tagging.remove(user.tags(), request.tagKeys(), true)));
        return UntagUserResponse.builder().build();
    }

    ListUserTagsResponse listTags(ListUserTagsRequest request) {
        UserRecord user = tables.user(Call.current().globalScope(), request.userName());
        var page = markers.page(
                "user-tags|" + user.id(), Tagging.toSdk(user.tags()), Tag::key, request.maxItems(), request.marker());
        return ListUserTagsResponse.builder()
                .tags(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    /** As listings show a user: without tags and boundary. */
    static User brief(UserRecord user) {
        return User.builder()
                .path(user.path())
                .userName(user.name())
                .userId(user.id())
                .arn(user.arn())
                .createDate(user.created())
                .build();
    }

    private static User full(UserRecord user) {
        User.Builder builder = brief(user).toBuilder().permissionsBoundary(Attachments.boundary(user.permissions()));
        return user.tags().isEmpty()
                ? builder.build()
                : builder.tags(Tagging.toSdk(user.tags())).build();
    }
}

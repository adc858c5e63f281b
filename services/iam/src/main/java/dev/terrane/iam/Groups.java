package dev.terrane.iam;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.store.Query;
import java.util.List;
import software.amazon.awssdk.services.iam.model.*;

/** Groups of users. */
final class Groups {
    private static final int MOST_PER_USER = 10;

    private final IamTables tables;
    private final Attachments attachments;
    private final Markers markers;

    Groups(IamTables tables, Attachments attachments, Markers markers) {
        this.tables = tables;
        this.attachments = attachments;
        this.markers = markers;
    }

    CreateGroupResponse create(CreateGroupRequest request) {
        Scope scope = Call.current().globalScope();
        if (tables.groups().get(scope, Names.key(request.groupName())).isPresent()) {
            throw Refusals.alreadyExists(Kind.GROUP, request.groupName());
        }
        GroupRecord group = new GroupRecord(
                scope.account(),
                request.groupName(),
                Paths.of(request.path()),
                Ids.iam("AGPA"),
                Moments.now(),
                Permissions.NONE,
                0);
        tables.groups().put(scope, group);
        return CreateGroupResponse.builder().group(sdk(group)).build();
    }

    GetGroupResponse get(GetGroupRequest request) {
        Scope scope = Call.current().globalScope();
        GroupRecord group = tables.group(scope, request.groupName());
        List<MembershipRecord> members = members(scope, group);
        var page = markers.page(
                "members|" + group.id(), members, MembershipRecord::key, request.maxItems(), request.marker());
        return GetGroupResponse.builder()
                .group(sdk(group))
                .users(page.items().stream()
                        .flatMap(m -> tables.users().peek(scope, Names.key(m.user())).stream())
                        .map(Users::brief)
                        .toList())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    private List<MembershipRecord> members(Scope scope, GroupRecord group) {
        return tables.memberships()
                .list(scope, Query.prefix(MembershipRecord.prefix(group.name())))
                .values();
    }

    ListGroupsResponse list(ListGroupsRequest request) {
        String prefix = Paths.prefix(request.pathPrefix());
        var page = markers.page(
                "groups|" + prefix,
                tables.groups(),
                Call.current().globalScope(),
                group -> group.path().startsWith(prefix),
                GroupRecord::key,
                request.maxItems(),
                request.marker());
        return ListGroupsResponse.builder()
                .groups(page.items().stream().map(Groups::sdk).toList())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    ListGroupsForUserResponse listForUser(ListGroupsForUserRequest request) {
        Scope scope = Call.current().globalScope();
        UserRecord user = tables.user(scope, request.userName());
        List<GroupRecord> groups = user.groups().stream()
                .flatMap(name -> tables.groups().peek(scope, Names.key(name)).stream())
                .toList();
        var page =
                markers.page("groups-of|" + user.id(), groups, GroupRecord::key, request.maxItems(), request.marker());
        return ListGroupsForUserResponse.builder()
                .groups(page.items().stream().map(Groups::sdk).toList())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    UpdateGroupResponse update(UpdateGroupRequest request) {
        Scope scope = Call.current().globalScope();
        GroupRecord before = tables.group(scope, request.groupName());
        GroupRecord after = before.named(
                request.newGroupName() == null ? before.name() : request.newGroupName(),
                request.newPath() == null ? before.path() : request.newPath());
        if (!after.key().equals(before.key())
                && tables.groups().get(scope, after.key()).isPresent()) {
            throw Refusals.alreadyExists(Kind.GROUP, after.name());
        }
        List<MembershipRecord> members = members(scope, before);
        tables.groups().delete(scope, before.key());
        tables.groups().put(scope, after);
        attachments.rename(scope, before, after);
        for (MembershipRecord member : members) {
            UserRecord user = tables.user(scope, member.user());
            List<String> groups = UserRecord.and(UserRecord.without(user.groups(), before.name()), after.name());
            tables.users().put(scope, user.withGroups(groups));
            tables.memberships().delete(scope, member.key());
            tables.memberships().put(scope, new MembershipRecord(after.name(), user.name()));
        }
        return UpdateGroupResponse.builder().build();
    }

    DeleteGroupResponse delete(DeleteGroupRequest request) {
        Scope scope = Call.current().globalScope();
        GroupRecord group = tables.group(scope, request.groupName());
        if (group.members() > 0) {
            throw Refusals.conflict("Cannot delete entity, must remove users from group first.");
        }
        if (!group.permissions().attached().isEmpty()) {
            throw Refusals.conflict("Cannot delete entity, must detach all policies first.");
        }
        if (!group.permissions().inline().isEmpty()) {
            throw Refusals.conflict("Cannot delete entity, must delete policies first.");
        }
        tables.groups().delete(scope, group.key());
        return DeleteGroupResponse.builder().build();
    }

    AddUserToGroupResponse add(AddUserToGroupRequest request) {
        Scope scope = Call.current().globalScope();
        GroupRecord group = tables.group(scope, request.groupName());
        UserRecord user = tables.user(scope, request.userName());
        if (!isMember(user, group)) {
            if (user.groups().size() >= MOST_PER_USER) {
                throw Refusals.quota("GroupsPerUser", MOST_PER_USER);
            }
            tables.users().put(scope, user.withGroups(UserRecord.and(user.groups(), group.name())));
            tables.groups().put(scope, group.withMembers(group.members() + 1));
            tables.memberships().put(scope, new MembershipRecord(group.name(), user.name()));
        }
        return AddUserToGroupResponse.builder().build();
    }

    RemoveUserFromGroupResponse remove(RemoveUserFromGroupRequest request) {
        Scope scope = Call.current().globalScope();
        GroupRecord group = tables.group(scope, request.groupName());
        UserRecord user = tables.user(scope, request.userName());
        if (isMember(user, group)) {
            tables.users().put(scope, user.withGroups(UserRecord.without(user.groups(), group.name())));
            tables.groups().put(scope, group.withMembers(group.members() - 1));
            tables.memberships().delete(scope, MembershipRecord.key(group.name(), user.name()));
        }
        return RemoveUserFromGroupResponse.builder().build();
    }

    private static boolean isMember(UserRecord user, GroupRecord group) {
        return user.groups().stream().anyMatch(group.name()::equalsIgnoreCase);
    }

    private static Group sdk(GroupRecord group) {
        return Group.builder()
                .path(group.path())
                .groupName(group.name())
                .groupId(group.id())
                .arn(group.arn())
                .createDate(group.created())
                .build();
    }
}

package dev.terrane.iam;

import java.time.Instant;

/**
 * A group of users.
 *
 * @param members how many users it has
 */
record GroupRecord(
        String account, String name, String path, String id, Instant created, Permissions permissions, int members)
        implements Identity {
    @Override
    public Kind kind() {
        return Kind.GROUP;
    }

    @Override
    public GroupRecord with(Permissions changed) {
        return new GroupRecord(account, name, path, id, created, changed, members);
    }

    GroupRecord named(String newName, String newPath) {
        return new GroupRecord(account, newName, newPath, id, created, permissions, members);
    }

    GroupRecord withMembers(int count) {
        return new GroupRecord(account, name, path, id, created, permissions, count);
    }
}

package dev.terrane.iam;

import java.time.Instant;

/**
 * A long-term access key of a user.
 *
 * @param user the user's name
 */
record AccessKeyRecord(String id, String secret, String account, String user, Instant created, boolean active) {
    AccessKeyRecord activated(boolean now) {
        return new AccessKeyRecord(id, secret, account, user, created, now);
    }

    AccessKeyRecord of(String newUser) {
        return new AccessKeyRecord(id, secret, account, newUser, created, active);
    }

    @Override
    public String toString() {
        return "AccessKeyRecord[" + id + "]";
    }
}

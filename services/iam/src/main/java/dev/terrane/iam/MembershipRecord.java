package dev.terrane.iam;

/** That a user belongs to a group. */
record MembershipRecord(String group, String user) {
    String key() {
        return key(group, user);
    }

    static String key(String group, String user) {
        return prefix(group) + Names.key(user);
    }

    static String prefix(String group) {
        return Names.key(group) + "/";
    }
}

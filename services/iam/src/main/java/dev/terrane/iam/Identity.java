package dev.terrane.iam;

import dev.terrane.kernel.arn.Arn;
import java.time.Instant;

/** A user, group or role: what policies are attached to. */
sealed interface Identity permits UserRecord, GroupRecord, RoleRecord {
    Kind kind();

    String account();

    String name();

    /** The path, beginning and ending with a slash. */
    String path();

    /** The unique id, which is never given again. */
    String id();

    Instant created();

    Permissions permissions();

    /** The same with other policies. */
    Identity with(Permissions changed);

    /** The key of its record: names are unique without regard to case. */
    default String key() {
        return Names.key(name());
    }

    default String arn() {
        return Arn.iam(account(), kind().word() + path() + name()).toString();
    }
}

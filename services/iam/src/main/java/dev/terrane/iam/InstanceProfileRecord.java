package dev.terrane.iam;

import dev.terrane.kernel.arn.Arn;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * An instance profile.
 *
 * @param role the name of its role, of which it has at most one
 */
record InstanceProfileRecord(
        String account,
        String name,
        String path,
        String id,
        Instant created,
        Map<String, String> tags,
        Optional<String> role)
        implements Tagged {
    InstanceProfileRecord {
        tags = Tagging.ordered(tags);
    }

    String arn() {
        return Arn.iam(account, "instance-profile" + path + name).toString();
    }

    InstanceProfileRecord withRole(Optional<String> changed) {
        return new InstanceProfileRecord(account, name, path, id, created, tags, changed);
    }

    InstanceProfileRecord withTags(Map<String, String> changed) {
        return new InstanceProfileRecord(account, name, path, id, created, changed, role);
    }
}

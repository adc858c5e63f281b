package dev.terrane.iam;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A role.
 *
 * @param trust the trust policy as JSON
 * @param maxSession the longest session in seconds
 * @param instanceProfiles the names of the instance profiles that hold it
 */
record RoleRecord(
        String account,
        String name,
        String path,
        String id,
        Instant created,
        String trust,
        Optional<String> description,
        int maxSession,
        Map<String, String> tags,
        Permissions permissions,
        List<String> instanceProfiles)
        implements Identity, Tagged {
    RoleRecord {
        tags = Tagging.ordered(tags);
        instanceProfiles = List.copyOf(instanceProfiles);
    }

    @Override
    public Kind kind() {
        return Kind.ROLE;
    }

    /** Whether only AWS itself may change it. */
    boolean serviceLinked() {
        return path.startsWith("/aws-service-role/");
    }

    @Override
    public RoleRecord with(Permissions changed) {
        return new RoleRecord(
                account, name, path, id, created, trust, description, maxSession, tags, changed, instanceProfiles);
    }

    RoleRecord withTrust(String changed) {
        return new RoleRecord(
                account,
                name,
                path,
                id,
                created,
                changed,
                description,
                maxSession,
                tags,
                permissions,
                instanceProfiles);
    }

    RoleRecord described(Optional<String> changed, int newMaxSession) {
        return new RoleRecord(
                account, name, path, id, created, trust, changed, newMaxSession, tags, permissions, instanceProfiles);
    }

    RoleRecord withTags(Map<String, String> changed) {
        return new RoleRecord(
                account,
                name,
                path,
                id,
                created,
                trust,
                description,
                maxSession,
                changed,
                permissions,
                instanceProfiles);
    }

    RoleRecord withInstanceProfiles(List<String> changed) {
        return new RoleRecord(
                account, name, path, id, created, trust, description, maxSession, tags, permissions, changed);
    }
}

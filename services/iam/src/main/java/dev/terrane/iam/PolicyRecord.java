package dev.terrane.iam;

import dev.terrane.kernel.arn.Arn;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A managed policy.
 *
 * @param account the owner, or {@code aws} for those that AWS manages
 * @param updated when its default version was last set
 * @param lastVersion the number of the newest version ever made: numbers are not used again
 * @param versions oldest first
 */
record PolicyRecord(
        String account,
        String name,
        String path,
        String id,
        Instant created,
        Instant updated,
        Optional<String> description,
        Map<String, String> tags,
        String defaultVersion,
        int lastVersion,
        List<Version> versions)
        implements Tagged {
    /** The account that the policies of AWS belong to. */
    static final String AWS = "aws";

    /** One version of the document. */
    record Version(String id, String document, Instant created) {}

    PolicyRecord {
        tags = Tagging.ordered(tags);
        versions = List.copyOf(versions);
    }

    String arn() {
        return Arn.iam(account, "policy" + path + name).toString();
    }

    boolean byAws() {
        return account.equals(AWS);
    }

    Optional<Version> version(String versionId) {
        return versions.stream().filter(v -> v.id().equals(versionId)).findFirst();
    }

    /** The document of the default version, which is the one in force. */
    String document() {
        return version(defaultVersion).orElseThrow().document();
    }

    PolicyRecord withTags(Map<String, String> changed) {
        return new PolicyRecord(
                account, name, path, id, created, updated, description, changed, defaultVersion, lastVersion, versions);
    }

    PolicyRecord withVersions(List<Version> changed, String inForce, int newest, Instant time) {
        return new PolicyRecord(account, name, path, id, created, time, description, tags, inForce, newest, changed);
    }
}

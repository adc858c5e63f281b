package dev.terrane.codecommit;

import java.time.Instant;
import java.util.Map;

/**
 * A repository.
 *
 * @param repositoryId its unique id, which a change of name keeps
 * @param defaultBranch without {@code refs/heads/}; empty until a first branch is there
 * @param key what its new packs are encrypted under
 */
record RepositoryRecord(
        String repositoryId,
        String name,
        String description,
        String defaultBranch,
        DataKey key,
        Instant created,
        Instant modified,
        Map<String, String> tags) {
    RepositoryRecord {
        tags = Map.copyOf(tags);
    }

    RepositoryRecord withName(String newName, Instant now) {
        return new RepositoryRecord(repositoryId, newName, description, defaultBranch, key, created, now, tags);
    }

    RepositoryRecord withDescription(String text, Instant now) {
        return new RepositoryRecord(repositoryId, name, text, defaultBranch, key, created, now, tags);
    }

    RepositoryRecord withDefaultBranch(String branch, Instant now) {
        return new RepositoryRecord(repositoryId, name, description, branch, key, created, now, tags);
    }

    RepositoryRecord withKey(DataKey newKey, Instant now) {
        return new RepositoryRecord(repositoryId, name, description, defaultBranch, newKey, created, now, tags);
    }

    RepositoryRecord withTags(Map<String, String> newTags) {
        return new RepositoryRecord(repositoryId, name, description, defaultBranch, key, created, modified, newTags);
    }

    RepositoryRecord modifiedAt(Instant now) {
        return withDescription(description, now);
    }
}

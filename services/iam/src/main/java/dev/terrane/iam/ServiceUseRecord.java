package dev.terrane.iam;

import java.time.Instant;

/**
 * When a user or role last tried to do something.
 *
 * @param entityId the unique id of the user or role
 * @param action with its service before it: {@code s3:GetObject}
 * @param time when, and
 * @param region in which region
 */
record ServiceUseRecord(String entityId, String action, Instant time, String region) {
    String key() {
        return prefix(entityId) + action;
    }

    static String prefix(String entityId) {
        return entityId + "/";
    }

    String service() {
        return action.substring(0, action.indexOf(':'));
    }
}

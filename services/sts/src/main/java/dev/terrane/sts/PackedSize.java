package dev.terrane.sts;

import software.amazon.awssdk.services.sts.model.PackedPolicyTooLargeException;

/**
 * How much of the room in a session token policies and tags take. AWS packs them in a form of its own and tells a percentage; here it is the
 * share of 4,096 bytes that they take unpacked.
 */
final class PackedSize {
    private static final int ROOM = 4_096;

    private PackedSize() {}

    /** The percentage; 0 when there are neither policies nor tags.
     *
     * @throws PackedPolicyTooLargeException when it is more than all
     */
    static int percent(SessionPolicies policies, SessionTags tags) {
        int size = policies.plainLength()
                + tags.values().entrySet().stream()
                        .mapToInt(e -> e.getKey().length() + e.getValue().length())
                        .sum();
        int percent = size == 0 ? 0 : Math.max(1, size * 100 / ROOM);
        if (percent > 100) {
            throw PackedPolicyTooLargeException.builder()
                    .message("Serialized token too large for session")
                    .build();
        }
        return percent;
    }
}

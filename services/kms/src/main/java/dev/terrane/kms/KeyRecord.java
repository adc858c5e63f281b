package dev.terrane.kms;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;

/**
 * A KMS key.
 *
 * @param spec {@code SYMMETRIC_DEFAULT} or an HMAC spec
 * @param managed whether AWS made it for one of its services, as far as the customer is concerned
 * @param policy the key policy as JSON
 * @param materials every material it ever had, oldest first: the last encrypts, all decrypt
 * @param rotationDays the period of rotation, 0 when it is off
 * @param windowInDays the waiting period of a deletion that is pending
 */
record KeyRecord(
        String keyId,
        String description,
        String spec,
        String usage,
        State state,
        boolean managed,
        Instant created,
        String policy,
        Map<String, String> tags,
        List<Material> materials,
        int rotationDays,
        Optional<Instant> nextRotation,
        Optional<Instant> deletion,
        int windowInDays) {
    static final String SYMMETRIC = "SYMMETRIC_DEFAULT";

    enum State {
        ENABLED("Enabled"),
        DISABLED("Disabled"),
        PENDING_DELETION("PendingDeletion");

        private final String text;

        State(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /**
     * A version of the key's secret.
     *
     * @param id as answers name it: 64 hexadecimal digits
     * @param sealed the bytes, sealed under the installation's master key
     * @param onDemand whether a caller asked for this rotation
     */
    record Material(int version, String id, SdkBytes sealed, Instant created, boolean onDemand) {}

    KeyRecord {
        tags = Map.copyOf(tags);
        materials = List.copyOf(materials);
    }

    Material newest() {
        return materials.getLast();
    }

    Optional<Material> material(int version) {
        return materials.stream().filter(m -> m.version() == version).findFirst();
    }

    boolean symmetric() {
        return spec.equals(SYMMETRIC);
    }

    KeyRecord withState(State changed) {
        return new KeyRecord(
                keyId,
                description,
                spec,
                usage,
                changed,
                managed,
                created,
                policy,
                tags,
                materials,
                rotationDays,
                nextRotation,
                Optional.empty(),
                0);
    }

    KeyRecord withDeletion(Instant at, int days) {
        return new KeyRecord(
                keyId,
                description,
                spec,
                usage,
                State.PENDING_DELETION,
                managed,
                created,
                policy,
                tags,
                materials,
                rotationDays,
                nextRotation,
                Optional.of(at),
                days);
    }

    KeyRecord withDescription(String changed) {
        return new KeyRecord(
                keyId,
                changed,
                spec,
                usage,
                state,
                managed,
                created,
                policy,
                tags,
                materials,
                rotationDays,
                nextRotation,
                deletion,
                windowInDays);
    }

    KeyRecord withPolicy(String changed) {
        return new KeyRecord(
                keyId,
                description,
                spec,
                usage,
                state,
                managed,
                created,
                changed,
                tags,
                materials,
                rotationDays,
                nextRotation,
                deletion,
                windowInDays);
    }

    KeyRecord withTags(Map<String, String> changed) {
        return new KeyRecord(
                keyId,
                description,
                spec,
                usage,
                state,
                managed,
                created,
                policy,
                changed,
                materials,
                rotationDays,
                nextRotation,
                deletion,
                windowInDays);
    }

    KeyRecord withRotation(int days, Optional<Instant> next) {
        return new KeyRecord(
                keyId,
                description,
                spec,
                usage,
                state,
                managed,
                created,
                policy,
                tags,
                materials,
                days,
                next,
                deletion,
                windowInDays);
    }

    KeyRecord withMaterials(List<Material> changed) {
        return new KeyRecord(
                keyId,
                description,
                spec,
                usage,
                state,
                managed,
                created,
                policy,
                tags,
                changed,
                rotationDays,
                nextRotation,
                deletion,
                windowInDays);
    }
}

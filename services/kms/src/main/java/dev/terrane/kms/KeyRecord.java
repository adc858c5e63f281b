package dev.terrane.kms;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.core.SdkBytes;

/**
 * A KMS key.
 *
 * @param spec one of {@link KeySpecs}
 * @param managed whether AWS made it for one of its services, as far as the customer is concerned
 * @param policy the key policy as JSON
 * @param materials every material it ever had, oldest first: the last encrypts, all decrypt
 * @param rotationDays the period of rotation, 0 when it is off
 * @param windowInDays the waiting period of a deletion that is pending
 * @param granted whether it ever had a grant: without, none are looked for
 * @param imported of a key whose material comes from outside: what is known of it
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
        int windowInDays,
        boolean granted,
        Optional<Import> imported) {
    static final String SYMMETRIC = "SYMMETRIC_DEFAULT";

    enum State {
        ENABLED("Enabled"),
        DISABLED("Disabled"),
        PENDING_DELETION("PendingDeletion"),
        PENDING_IMPORT("PendingImport");

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
     * @param sealed the bytes, sealed under the installation's master key; of a pair the private key, as PKCS #8
     * @param publicKey of a pair, as SubjectPublicKeyInfo
     * @param onDemand whether a caller asked for this rotation
     */
    record Material(
            int version, String id, SdkBytes sealed, Optional<SdkBytes> publicKey, Instant created, boolean onDemand) {}

    /**
     * Material that comes from outside.
     *
     * @param materialId of the material that was imported first: no other is taken later
     * @param validTo when it goes away
     */
    record Import(Optional<String> materialId, Optional<Instant> validTo) {
        static final Import NONE = new Import(Optional.empty(), Optional.empty());
    }

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

    /** In another state, without a deletion. */
    KeyRecord withState(State changed) {
        return with(change -> {
            change.state = changed;
            change.deletion = Optional.empty();
            change.windowInDays = 0;
        });
    }

    KeyRecord withDeletion(Instant at, int days) {
        return with(change -> {
            change.state = State.PENDING_DELETION;
            change.deletion = Optional.of(at);
            change.windowInDays = days;
        });
    }

    KeyRecord withDescription(String changed) {
        return with(change -> change.description = changed);
    }

    KeyRecord withPolicy(String changed) {
        return with(change -> change.policy = changed);
    }

    KeyRecord withTags(Map<String, String> changed) {
        return with(change -> change.tags = changed);
    }

    KeyRecord withRotation(int days, Optional<Instant> next) {
        return with(change -> {
            change.rotationDays = days;
            change.nextRotation = next;
        });
    }

    KeyRecord withMaterials(List<Material> changed) {
        return with(change -> change.materials = changed);
    }

    /** With the material that was imported, or without it. */
    KeyRecord withImport(List<Material> changed, Import of) {
        return with(change -> {
            change.materials = changed;
            change.imported = Optional.of(of);
            if (state == State.PENDING_IMPORT && !changed.isEmpty()) {
                change.state = State.ENABLED;
            } else if (state != State.PENDING_DELETION && changed.isEmpty()) {
                change.state = State.PENDING_IMPORT;
            }
        });
    }

    KeyRecord withGrant() {
        return with(change -> change.granted = true);
    }

    private KeyRecord with(Consumer<Change> some) {
        Change change = new Change(this);
        some.accept(change);
        return new KeyRecord(
                keyId,
                change.description,
                spec,
                usage,
                change.state,
                managed,
                created,
                change.policy,
                change.tags,
                change.materials,
                change.rotationDays,
                change.nextRotation,
                change.deletion,
                change.windowInDays,
                change.granted,
                change.imported);
    }

    /** What can change of a key. */
    private static final class Change {
        private String description;
        private State state;
        private String policy;
        private Map<String, String> tags;
        private List<Material> materials;
        private int rotationDays;
        private Optional<Instant> nextRotation;
        private Optional<Instant> deletion;
        private int windowInDays;
        private boolean granted;
        private Optional<Import> imported;

        Change(KeyRecord key) {
            description = key.description;
            state = key.state;
            policy = key.policy;
            tags = key.tags;
            materials = key.materials;
            rotationDays = key.rotationDays;
            nextRotation = key.nextRotation;
            deletion = key.deletion;
            windowInDays = key.windowInDays;
            granted = key.granted;
            imported = key.imported;
        }
    }
}

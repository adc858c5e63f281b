package dev.terrane.kms;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.kms.model.*;

/**
 * Rotation: a key gets new material, which encrypts from then on; what older material encrypted is decrypted as before.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html">Rotating keys</a>
 */
final class Rotation {
    private static final int YEAR = 365;
    private static final int ON_DEMAND = 25;

    private final KmsTables tables;
    private final Keys keys;
    private final Materials materials;

    Rotation(KmsTables tables, Keys keys, Materials materials) {
        this.tables = tables;
        this.keys = keys;
        this.materials = materials;
    }

    private Keys.Found rotatable(String keyId) {
        Keys.Found found = keys.changeable(keys.own(keyId));
        if (!found.key().symmetric()) {
            throw KmsErrors.unsupported("Only the material of symmetric encryption keys is rotated.");
        }
        if (found.key().imported().isPresent()) {
            throw KmsErrors.unsupported("Material that was imported is not rotated here.");
        }
        return found;
    }

    private Keys.Found enabled(String keyId) {
        Keys.Found found = rotatable(keyId);
        if (found.key().state() != KeyRecord.State.ENABLED) {
            throw KmsErrors.disabled(found.arn());
        }
        return found;
    }

    EnableKeyRotationResponse enable(EnableKeyRotationRequest request) {
        Keys.Found found = enabled(request.keyId());
        KeyRecord key = found.key();
        int before = key.rotationDays();
        int days =
                request.rotationPeriodInDays() == null ? before == 0 ? YEAR : before : request.rotationPeriodInDays();
        if (days != before) {
            Instant next = Call.current().time().plus(Duration.ofDays(days));
            tables.put(found.scope(), key.withRotation(days, Optional.of(next)));
        }
        return EnableKeyRotationResponse.builder().build();
    }

    DisableKeyRotationResponse disable(DisableKeyRotationRequest request) {
        Keys.Found found = enabled(request.keyId());
        tables.put(found.scope(), found.key().withRotation(0, Optional.empty()));
        return DisableKeyRotationResponse.builder().build();
    }

    GetKeyRotationStatusResponse status(GetKeyRotationStatusRequest request) {
        Keys.Found found = keys.find(request.keyId());
        KeyRecord key = found.key();
        // Nothing is rotated while a key waits for its deletion.
        boolean on = key.rotationDays() > 0 && key.state() != KeyRecord.State.PENDING_DELETION;
        return GetKeyRotationStatusResponse.builder()
                .keyId(found.arn())
                .keyRotationEnabled(on)
                .rotationPeriodInDays(on ? key.rotationDays() : null)
                .nextRotationDate(on ? key.nextRotation().orElse(null) : null)
                .build();
    }

    RotateKeyOnDemandResponse now(RotateKeyOnDemandRequest request) {
        Keys.Found found = enabled(request.keyId());
        long before = found.key().materials().stream()
                .filter(KeyRecord.Material::onDemand)
                .count();
        if (before >= ON_DEMAND) {
            throw LimitExceededException.builder()
                    .message("A key is rotated on demand at most " + ON_DEMAND + " times.")
                    .build();
        }
        tables.put(
                found.scope(),
                rotated(found.scope(), found.key(), Call.current().time(), true));
        return RotateKeyOnDemandResponse.builder().keyId(found.arn()).build();
    }

    /** The key with one more material. */
    KeyRecord rotated(Scope scope, KeyRecord key, Instant now, boolean onDemand) {
        List<KeyRecord.Material> all = new ArrayList<>(key.materials());
        all.add(materials.make(scope, key.keyId(), key.spec(), key.newest().version() + 1, now, onDemand));
        return key.withMaterials(all);
    }

    ListKeyRotationsResponse list(ListKeyRotationsRequest request) {
        Keys.Found found = rotatable(request.keyId());
        boolean first = request.includeKeyMaterial() == IncludeKeyMaterial.ALL_KEY_MATERIAL;
        List<RotationsListEntry> rotations = found.key().materials().stream()
                .filter(material -> first || material.version() > 1)
                .map(material -> RotationsListEntry.builder()
                        .keyId(found.arn())
                        .keyMaterialId(material.id())
                        .keyMaterialState(
                                material.equals(found.key().newest())
                                        ? KeyMaterialState.CURRENT
                                        : KeyMaterialState.NON_CURRENT)
                        .rotationDate(material.version() == 1 ? null : material.created())
                        .rotationType(
                                material.version() == 1
                                        ? null
                                        : material.onDemand() ? RotationType.ON_DEMAND : RotationType.AUTOMATIC)
                        .build())
                .toList();
        return ListKeyRotationsResponse.builder()
                .rotations(rotations)
                .truncated(false)
                .build();
    }
}

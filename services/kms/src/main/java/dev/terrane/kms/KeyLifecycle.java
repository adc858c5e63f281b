package dev.terrane.kms;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kms.model.*;

/** A key's life: made, described, disabled, deleted. */
final class KeyLifecycle {
    private static final int SHORTEST_WINDOW = 7;
    private static final int LONGEST_WINDOW = 30;

    private final KmsTables tables;
    private final Keys keys;
    private final Materials materials;
    private final KeyPolicies policies;
    private final Markers markers;

    KeyLifecycle(KmsTables tables, Keys keys, Materials materials, KeyPolicies policies, Markers markers) {
        this.tables = tables;
        this.keys = keys;
        this.materials = materials;
        this.policies = policies;
        this.markers = markers;
    }

    CreateKeyResponse create(CreateKeyRequest request) {
        checkHonoured(request);
        Scope scope = Call.current().scope();
        String spec = spec(request);
        String usage = usage(request, spec);
        boolean external = request.origin() == OriginType.EXTERNAL;
        if (external && KeySpecs.asymmetric(spec)) {
            throw KmsErrors.unsupported("Key material of spec " + spec + " cannot be imported here.");
        }
        String keyId = Ids.uuid();
        Instant now = Call.current().time();
        String policy = request.policy() == null
                ? KeyPolicies.standard(scope)
                : policies.checked(request.policy(), Keys.arn(scope, keyId), request.bypassPolicyLockoutSafetyCheck());
        KeyRecord key = new KeyRecord(
                keyId,
                request.description() == null ? "" : request.description(),
                spec,
                usage,
                external ? KeyRecord.State.PENDING_IMPORT : KeyRecord.State.ENABLED,
                false,
                now,
                policy,
                KeyTags.of(request.tags()),
                external ? List.of() : List.of(materials.make(scope, keyId, spec, 1, now, false)),
                0,
                Optional.empty(),
                Optional.empty(),
                0,
                false,
                external ? Optional.of(KeyRecord.Import.NONE) : Optional.empty());
        tables.put(scope, key);
        return CreateKeyResponse.builder()
                .keyMetadata(Keys.metadata(new Keys.Found(scope, key)))
                .build();
    }

    private static void checkHonoured(CreateKeyRequest request) {
        if (request.origin() != null
                && request.origin() != OriginType.AWS_KMS
                && request.origin() != OriginType.EXTERNAL) {
            throw KmsErrors.unsupported("Keys of origin " + request.originAsString() + " are not supported here.");
        }
        if (request.customKeyStoreId() != null || request.xksKeyId() != null) {
            throw KmsErrors.unsupported("Custom key stores are not supported here.");
        }
        if (Boolean.TRUE.equals(request.multiRegion())) {
            throw KmsErrors.unsupported("Multi-Region keys are not supported here.");
        }
    }

    @SuppressWarnings("deprecation") // older clients send the older name
    private static String spec(CreateKeyRequest request) {
        String older = request.customerMasterKeySpecAsString();
        String newer = request.keySpecAsString();
        if (older != null && newer != null && !older.equals(newer)) {
            throw AwsErrors.validation("You cannot specify KeySpec and CustomerMasterKeySpec in the same request."
                    + " CustomerMasterKeySpec is deprecated.");
        }
        String spec = newer != null ? newer : older != null ? older : KeyRecord.SYMMETRIC;
        if (!KeySpecs.known(spec)) {
            throw KmsErrors.unsupported("Keys of spec " + spec + " are not supported here.");
        }
        return spec;
    }

    private static String usage(CreateKeyRequest request, String spec) {
        String asked = request.keyUsageAsString();
        if (asked == null && !spec.equals(KeyRecord.SYMMETRIC)) {
            throw AwsErrors.validation(
                    "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.");
        }
        String usage = asked == null ? KeySpecs.ENCRYPT : asked;
        if (!KeySpecs.fits(spec, usage)) {
            throw AwsErrors.validation("KeyUsage " + usage + " is not compatible with KeySpec " + spec);
        }
        return usage;
    }

    DescribeKeyResponse describe(DescribeKeyRequest request) {
        return DescribeKeyResponse.builder()
                .keyMetadata(Keys.metadata(keys.find(request.keyId())))
                .build();
    }

    ListKeysResponse list(ListKeysRequest request) {
        Scope scope = Call.current().scope();
        Page<KeyRecord> page = tables.keys(
                scope,
                Query.all().after(markers.cursor("ListKeys", request.marker())).limit(limit(request.limit(), 100)));
        return ListKeysResponse.builder()
                .keys(page.values().stream()
                        .map(key -> KeyListEntry.builder()
                                .keyId(key.keyId())
                                .keyArn(Keys.arn(scope, key.keyId()))
                                .build())
                        .toList())
                .nextMarker(markers.next("ListKeys", page))
                .truncated(page.next().isPresent())
                .build();
    }

    static int limit(@Nullable Integer asked, int usual) {
        return asked == null ? usual : asked;
    }

    EnableKeyResponse enable(EnableKeyRequest request) {
        change(request.keyId(), KeyRecord.State.ENABLED);
        return EnableKeyResponse.builder().build();
    }

    DisableKeyResponse disable(DisableKeyRequest request) {
        change(request.keyId(), KeyRecord.State.DISABLED);
        return DisableKeyResponse.builder().build();
    }

    private void change(String name, KeyRecord.State state) {
        Keys.Found found = keys.imported(keys.changeable(keys.own(name)));
        tables.put(found.scope(), found.key().withState(state));
    }

    UpdateKeyDescriptionResponse describe(UpdateKeyDescriptionRequest request) {
        Keys.Found found = keys.changeable(keys.own(request.keyId()));
        tables.put(found.scope(), found.key().withDescription(request.description()));
        return UpdateKeyDescriptionResponse.builder().build();
    }

    ScheduleKeyDeletionResponse scheduleDeletion(ScheduleKeyDeletionRequest request) {
        int days = request.pendingWindowInDays() == null ? LONGEST_WINDOW : request.pendingWindowInDays();
        if (days < SHORTEST_WINDOW || days > LONGEST_WINDOW) {
            throw AwsErrors.validation("PendingWindowInDays must be between " + SHORTEST_WINDOW + " and "
                    + LONGEST_WINDOW + " (inclusive)");
        }
        Keys.Found found = keys.changeable(keys.own(request.keyId()));
        Instant at = Call.current().time().plus(Duration.ofDays(days));
        tables.put(found.scope(), found.key().withDeletion(at, days));
        return ScheduleKeyDeletionResponse.builder()
                .keyId(found.arn())
                .deletionDate(at)
                .keyState(KeyState.PENDING_DELETION)
                .pendingWindowInDays(days)
                .build();
    }

    CancelKeyDeletionResponse cancelDeletion(CancelKeyDeletionRequest request) {
        Keys.Found found = keys.own(request.keyId());
        if (found.key().state() != KeyRecord.State.PENDING_DELETION) {
            throw KmsErrors.state(found.arn() + " is not pending deletion.");
        }
        tables.put(
                found.scope(),
                found.key()
                        .withState(
                                found.key().materials().isEmpty()
                                        ? KeyRecord.State.PENDING_IMPORT
                                        : KeyRecord.State.DISABLED));
        return CancelKeyDeletionResponse.builder().keyId(found.arn()).build();
    }
}

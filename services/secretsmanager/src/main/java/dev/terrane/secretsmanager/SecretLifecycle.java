package dev.terrane.secretsmanager;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.model.*;

/** A secret's life: made, described, changed, deleted, restored. */
final class SecretLifecycle {
    private static final long SHORTEST_WINDOW = 7;
    private static final long LONGEST_WINDOW = 30;

    private final SecretTables tables;
    private final Lookup lookup;
    private final SecretVersions versions;

    SecretLifecycle(SecretTables tables, Lookup lookup, SecretVersions versions) {
        this.tables = tables;
        this.lookup = lookup;
        this.versions = versions;
    }

    CreateSecretResponse create(CreateSecretRequest request) {
        if (!request.addReplicaRegions().isEmpty()) {
            throw Refusals.parameter("Secrets are not replicated to other Regions here.");
        }
        refuseType(request.type());
        Scope scope = Call.current().scope();
        Optional<Values.Value> value = Values.Value.of(request.secretString(), request.secretBinary());
        String versionId = SecretVersions.token(request.clientRequestToken());
        Optional<SecretRecord> existing = tables.secret(scope, request.name());
        if (existing.isPresent()) {
            return again(scope, existing.get(), versionId, value);
        }
        Instant now = Call.current().time();
        SecretRecord secret = new SecretRecord(
                request.name(),
                Arn.of(
                                "secretsmanager",
                                scope.region(),
                                scope.account(),
                                "secret:" + request.name() + "-" + Ids.alphanumeric(6))
                        .toString(),
                orEmpty(request.description()),
                orEmpty(request.kmsKeyId()),
                SecretTags.of(request.tags()),
                Map.of(),
                Optional.empty(),
                now,
                now,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        tables.put(scope, secret);
        value.ifPresent(given ->
                versions.add(new SecretTables.Placed(scope, secret), versionId, given, List.of(SecretRecord.CURRENT)));
        return created(secret, value.map(given -> versionId));
    }

    /** A request that is repeated with its token is answered as at first. */
    private CreateSecretResponse again(
            Scope scope, SecretRecord existing, String versionId, Optional<Values.Value> value) {
        if (existing.isDeleted()) {
            throw Refusals.request("You can't create this secret because a secret with this name is already scheduled"
                    + " for deletion.");
        }
        if (value.isEmpty() || tables.version(scope, existing.arn(), versionId).isEmpty()) {
            throw ResourceExistsException.builder()
                    .message("The operation failed because the secret " + existing.name() + " already exists.")
                    .build();
        }
        versions.add(new SecretTables.Placed(scope, existing), versionId, value.get(), List.of());
        return created(existing, Optional.of(versionId));
    }

    private static CreateSecretResponse created(SecretRecord secret, Optional<String> versionId) {
        return CreateSecretResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .versionId(versionId.orElse(null))
                .build();
    }

    private static void refuseType(@Nullable String type) {
        if (type != null) {
            throw Refusals.parameter("Managed external secrets are not supported here.");
        }
    }

    DescribeSecretResponse describe(DescribeSecretRequest request) {
        SecretTables.Placed found = lookup.any(request.secretId());
        SecretRecord secret = found.secret();
        return DescribeSecretResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .description(secret.description().isEmpty() ? null : secret.description())
                .kmsKeyId(secret.kmsKeyId().isEmpty() ? null : secret.kmsKeyId())
                .createdDate(secret.created())
                .lastChangedDate(secret.changed())
                .lastAccessedDate(secret.accessed().orElse(null))
                .deletedDate(secret.deleted().orElse(null))
                .tags(SecretTags.list(secret.tags()))
                .versionIdsToStages(stages(secret))
                .build();
    }

    /** The labelled versions, each with its labels. */
    static Map<String, List<String>> stages(SecretRecord secret) {
        return secret.stages().values().stream().distinct().collect(Collectors.toMap(id -> id, secret::stagesOf));
    }

    UpdateSecretResponse update(UpdateSecretRequest request) {
        refuseType(request.type());
        SecretTables.Placed found = lookup.live(request.secretId());
        SecretRecord before = found.secret();
        SecretRecord secret = before.withDescription(
                request.description() == null ? before.description() : request.description(),
                request.kmsKeyId() == null ? before.kmsKeyId() : request.kmsKeyId(),
                Call.current().time());
        SecretTables.Placed changed = new SecretTables.Placed(found.scope(), secret);
        tables.put(found.scope(), secret);
        if (!secret.kmsKeyId().equals(before.kmsKeyId())) {
            versions.reseal(changed);
        }
        Optional<Values.Value> value = Values.Value.of(request.secretString(), request.secretBinary());
        String versionId = SecretVersions.token(request.clientRequestToken());
        value.ifPresent(given -> versions.add(changed, versionId, given, List.of(SecretRecord.CURRENT)));
        return UpdateSecretResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .versionId(value.isPresent() ? versionId : null)
                .build();
    }

    DeleteSecretResponse delete(DeleteSecretRequest request) {
        boolean force = Boolean.TRUE.equals(request.forceDeleteWithoutRecovery());
        Long window = request.recoveryWindowInDays();
        if (force && window != null) {
            throw Refusals.parameter(
                    "You can't use ForceDeleteWithoutRecovery in conjunction with" + " RecoveryWindowInDays.");
        }
        long days = window == null ? LONGEST_WINDOW : window;
        if (days < SHORTEST_WINDOW || days > LONGEST_WINDOW) {
            throw Refusals.parameter("The RecoveryWindowInDays value must be between " + SHORTEST_WINDOW + " and "
                    + LONGEST_WINDOW + " days (inclusive).");
        }
        Instant now = Call.current().time();
        if (force) {
            Optional<SecretTables.Placed> found = lookup.find(Call.current().scope(), request.secretId());
            found.ifPresent(known -> tables.delete(known.scope(), known.secret()));
            return DeleteSecretResponse.builder()
                    .arn(found.map(known -> known.secret().arn()).orElse(null))
                    .name(found.map(known -> known.secret().name()).orElse(request.secretId()))
                    .deletionDate(now)
                    .build();
        }
        SecretTables.Placed found = lookup.live(request.secretId());
        Instant end = now.plus(Duration.ofDays(days));
        tables.put(found.scope(), found.secret().withDeletion(Optional.of(now), Optional.of(end), now));
        return DeleteSecretResponse.builder()
                .arn(found.secret().arn())
                .name(found.secret().name())
                .deletionDate(end)
                .build();
    }

    RestoreSecretResponse restore(RestoreSecretRequest request) {
        SecretTables.Placed found = lookup.any(request.secretId());
        tables.put(
                found.scope(),
                found.secret()
                        .withDeletion(
                                Optional.empty(),
                                Optional.empty(),
                                Call.current().time()));
        return RestoreSecretResponse.builder()
                .arn(found.secret().arn())
                .name(found.secret().name())
                .build();
    }

    /** Destroys what was marked for deletion long enough ago. */
    void destroyDue(Instant now) {
        for (SecretTables.Placed place : tables.everywhere(secret -> due(secret, now))) {
            tables.transactNow(() -> tables.secret(place.scope(), place.secret().name())
                    .filter(secret -> due(secret, now))
                    .map(secret -> {
                        tables.delete(place.scope(), secret);
                        return secret.name();
                    }));
        }
    }

    private static boolean due(SecretRecord secret, Instant now) {
        return secret.destroyed().filter(at -> !at.isAfter(now)).isPresent();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}

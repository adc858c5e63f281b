package dev.terrane.secretsmanager;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.model.*;

/** Values of secrets, and the labels by which versions are found. */
final class SecretVersions {
    private static final int KEPT = 100;
    private static final int MOST_STAGES = 20;

    private final SecretTables tables;
    private final Lookup lookup;
    private final Values values;

    SecretVersions(SecretTables tables, Lookup lookup, Values values) {
        this.tables = tables;
        this.lookup = lookup;
        this.values = values;
    }

    GetSecretValueResponse get(GetSecretValueRequest request) {
        SecretTables.Placed found = lookup.live(request.secretId());
        VersionRecord version = version(found, request.versionId(), request.versionStage());
        Values.Value value = values.open(version);
        touch(found);
        return GetSecretValueResponse.builder()
                .arn(found.secret().arn())
                .name(found.secret().name())
                .versionId(version.versionId())
                .secretString(value.text())
                .secretBinary(value.binaryOrNull())
                .versionStages(found.secret().stagesOf(version.versionId()))
                .createdDate(version.created())
                .build();
    }

    /** The version that a request selects by id, label, or both; the current one by neither. */
    private VersionRecord version(SecretTables.Placed found, @Nullable String id, @Nullable String stage) {
        String label = stage == null ? SecretRecord.CURRENT : stage;
        if (id == null) {
            return Optional.ofNullable(found.secret().stages().get(label))
                    .flatMap(at -> tables.version(found.scope(), found.secret().arn(), at))
                    .orElseThrow(() -> Refusals.notFound(
                            "Secrets Manager can't find the specified secret value for staging label: " + label));
        }
        VersionRecord version = tables.version(found.scope(), found.secret().arn(), id)
                .orElseThrow(() -> Refusals.notFound(
                        "Secrets Manager can't find the specified secret value for VersionId: " + id));
        if (stage != null && !id.equals(found.secret().stages().get(stage))) {
            throw Refusals.request("You provided a VersionStage that is not associated to the provided VersionId.");
        }
        return version;
    }

    /** Notes the day on which a value was read. */
    private void touch(SecretTables.Placed found) {
        Instant today = Call.current().time().truncatedTo(ChronoUnit.DAYS);
        if (!found.secret().accessed().equals(Optional.of(today))) {
            tables.put(found.scope(), found.secret().withAccess(today));
        }
    }

    PutSecretValueResponse put(PutSecretValueRequest request) {
        SecretTables.Placed found = lookup.live(request.secretId());
        Values.Value value = Values.Value.of(request.secretString(), request.secretBinary())
                .orElseThrow(() -> Refusals.request("You must provide either SecretString or SecretBinary."));
        if (request.rotationToken() != null) {
            throw Refusals.parameter("Rotation by another account's role is not supported here.");
        }
        List<String> stages = request.versionStages().isEmpty()
                ? List.of(SecretRecord.CURRENT)
                : request.versionStages().stream().distinct().toList();
        String versionId = token(request.clientRequestToken());
        SecretRecord after = add(found, versionId, value, stages);
        return PutSecretValueResponse.builder()
                .arn(after.arn())
                .name(after.name())
                .versionId(versionId)
                .versionStages(after.stagesOf(versionId))
                .build();
    }

    static String token(@Nullable String given) {
        return given == null ? Ids.uuid() : given;
    }

    /** Adds a version; adding the same again under the same id changes nothing. The secret as it is then is stored and returned. */
    SecretRecord add(SecretTables.Placed found, String versionId, Values.Value value, List<String> stages) {
        Scope scope = found.scope();
        SecretRecord secret = found.secret();
        Optional<VersionRecord> before = tables.version(scope, secret.arn(), versionId);
        if (before.isPresent()) {
            if (!values.same(before.get(), value)) {
                throw ResourceExistsException.builder()
                        .message("You can't use ClientRequestToken " + versionId
                                + " because that value is already in use for a version of secret " + secret.arn() + ".")
                        .build();
            }
            return secret;
        }
        Instant now = Call.current().time();
        tables.put(scope, values.seal(secret.arn(), versionId, secret.kmsKeyId(), value, now));
        Map<String, String> labels = new HashMap<>(secret.stages());
        // The first value is current whatever the request says.
        if (labels.isEmpty()) {
            labels.put(SecretRecord.CURRENT, versionId);
        }
        stages.forEach(stage -> move(labels, stage, versionId));
        SecretRecord after = secret.withStages(limited(labels), now);
        tables.put(scope, after);
        forgetOldest(scope, after);
        return after;
    }

    /** Moves a label; the version that was current becomes the previous one. */
    private static void move(Map<String, String> labels, String stage, String versionId) {
        String before = labels.put(stage, versionId);
        if (stage.equals(SecretRecord.CURRENT) && before != null && !before.equals(versionId)) {
            labels.put(SecretRecord.PREVIOUS, before);
        }
    }

    private static Map<String, String> limited(Map<String, String> labels) {
        if (labels.size() > MOST_STAGES) {
            throw LimitExceededException.builder()
                    .message("A secret has at most " + MOST_STAGES + " staging labels.")
                    .build();
        }
        return labels;
    }

    /** Versions without labels are kept while there are no more than a hundred versions. */
    private void forgetOldest(Scope scope, SecretRecord secret) {
        List<VersionRecord> versions = tables.versions(scope, secret.arn());
        versions.stream()
                .filter(version -> !secret.stages().containsValue(version.versionId()))
                .limit(Math.max(0, versions.size() - KEPT))
                .forEach(version -> tables.deleteVersion(scope, version));
    }

    /** Encrypts the labelled values anew, under the key that the secret has now. */
    void reseal(SecretTables.Placed found) {
        SecretRecord secret = found.secret();
        secret.stages().values().stream()
                .distinct()
                .flatMap(id -> tables.version(found.scope(), secret.arn(), id).stream())
                .forEach(version -> tables.put(
                        found.scope(),
                        values.seal(
                                secret.arn(),
                                version.versionId(),
                                secret.kmsKeyId(),
                                values.open(version),
                                version.created())));
    }

    UpdateSecretVersionStageResponse updateStage(UpdateSecretVersionStageRequest request) {
        SecretTables.Placed found = lookup.live(request.secretId());
        SecretRecord secret = found.secret();
        String stage = request.versionStage();
        String at = secret.stages().get(stage);
        String from = request.removeFromVersionId();
        String to = request.moveToVersionId();
        if (from != null && !from.equals(at)) {
            throw Refusals.parameter("The staging label " + stage + " isn't attached to version " + from + ".");
        }
        if (to == null && from == null) {
            throw Refusals.parameter("You must provide RemoveFromVersionId, MoveToVersionId or both.");
        }
        if (to != null && at != null && !at.equals(to) && from == null) {
            throw Refusals.parameter("The parameter RemoveFromVersionId can't be empty. Staging label " + stage
                    + " is currently attached to version " + at
                    + ", so you must explicitly reference that version in RemoveFromVersionId.");
        }
        Map<String, String> labels = new HashMap<>(secret.stages());
        if (to == null) {
            if (stage.equals(SecretRecord.CURRENT)) {
                throw Refusals.parameter("You can only move staging label " + stage
                        + " to a different secret version. It can't be completely removed.");
            }
            labels.remove(stage);
        } else {
            version(found, to, null);
            move(labels, stage, to);
        }
        tables.put(
                found.scope(), secret.withStages(limited(labels), Call.current().time()));
        return UpdateSecretVersionStageResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .build();
    }
}

package dev.terrane.kms;

import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.*;

/** KMS's CloudFormation types. */
final class KmsResources {
    static final List<ResourceType> ALL = List.of(new KeyResource(), new AliasResource());

    private KmsResources() {}

    /** A key. What kind of key it is cannot be changed: such a change is refused, as by AWS, and does not make another key. */
    private static final class KeyResource implements ResourceType {
        private static final Map<String, String> FIXED = Map.of(
                "KeySpec", "SYMMETRIC_DEFAULT",
                "KeyUsage", "ENCRYPT_DECRYPT",
                "MultiRegion", "false",
                "Origin", "AWS_KMS");

        private static final int YEAR = 365;

        @Override
        public String name() {
            return "AWS::KMS::Key";
        }

        @Override
        public Set<String> supported() {
            return Set.of(
                    "BypassPolicyLockoutSafetyCheck",
                    "Description",
                    "EnableKeyRotation",
                    "Enabled",
                    "KeyPolicy",
                    "KeySpec",
                    "KeyUsage",
                    "MultiRegion",
                    "Origin",
                    "PendingWindowInDays",
                    "RotationPeriodInDays",
                    "Tags");
        }

        @Override
        public String create(ResourceWork work) {
            KmsClient kms = work.client(KmsClient.class);
            Properties desired = work.desired();
            String id = kms.createKey(desired.as(CreateKeyRequest.builder()).toBuilder()
                            .policy(desired.json("KeyPolicy").orElse(null))
                            .tags(tags(work.tags()))
                            .build())
                    .keyMetadata()
                    .keyId();
            work.made(id);
            if (rotated(desired)) {
                enableRotation(kms, desired, id);
            }
            if (!enabled(desired)) {
                kms.disableKey(r -> r.keyId(id));
            }
            return id;
        }

        private static List<Tag> tags(Map<String, String> tags) {
            return tags.entrySet().stream()
                    .map(tag -> Tag.builder()
                            .tagKey(tag.getKey())
                            .tagValue(tag.getValue())
                            .build())
                    .toList();
        }

        private static boolean rotated(Properties properties) {
            return properties.flag("EnableKeyRotation").orElse(false);
        }

        private static boolean enabled(Properties properties) {
            return properties.flag("Enabled").orElse(true);
        }

        private static int period(Properties properties) {
            return properties.integer("RotationPeriodInDays").orElse(YEAR);
        }

        private static void enableRotation(KmsClient kms, Properties desired, String id) {
            kms.enableKeyRotation(r -> r.keyId(id).rotationPeriodInDays(period(desired)));
        }

        @Override
        public void update(ResourceWork work, String id) {
            KmsClient kms = work.client(KmsClient.class);
            Properties desired = work.desired();
            Properties previous = work.previous();
            refuseOtherKind(desired, previous);
            String policy = policy(work, desired);
            if (!policy.equals(policy(work, previous))) {
                kms.putKeyPolicy(r -> r.keyId(id)
                        .policy(policy)
                        .bypassPolicyLockoutSafetyCheck(
                                desired.flag("BypassPolicyLockoutSafetyCheck").orElse(null)));
            }
            String description = desired.text("Description").orElse("");
            if (!description.equals(previous.text("Description").orElse(""))) {
                kms.updateKeyDescription(r -> r.keyId(id).description(description));
            }
            changeState(kms, desired, previous, id);
            work.tagChanges(
                    tags -> kms.tagResource(r -> r.keyId(id).tags(tags(tags))),
                    keys -> kms.untagResource(r -> r.keyId(id).tagKeys(keys)));
        }

        private static void refuseOtherKind(Properties desired, Properties previous) {
            FIXED.forEach((property, standard) -> {
                if (!desired.text(property)
                        .orElse(standard)
                        .equals(previous.text(property).orElse(standard))) {
                    throw AwsErrors.validation("You cannot change the " + property + " of a KMS key.");
                }
            });
        }

        private static String policy(ResourceWork work, Properties properties) {
            return properties.json("KeyPolicy").orElseGet(() -> KeyPolicies.standard(work.scope()));
        }

        /** Rotation can be changed only of a key that is enabled. */
        private static void changeState(KmsClient kms, Properties desired, Properties previous, String id) {
            boolean rotation =
                    rotated(desired) != rotated(previous) || (rotated(desired) && period(desired) != period(previous));
            if (!enabled(previous) && (enabled(desired) || rotation)) {
                kms.enableKey(r -> r.keyId(id));
            }
            if (rotation && rotated(desired)) {
                enableRotation(kms, desired, id);
            } else if (rotation) {
                kms.disableKeyRotation(r -> r.keyId(id));
            }
            if (!enabled(desired) && (enabled(previous) || rotation)) {
                kms.disableKey(r -> r.keyId(id));
            }
        }

        /** Its deletion is scheduled: from then on it counts as gone. */
        @Override
        public void delete(ResourceWork work, String id) {
            if (find(work, id).isPresent()) {
                work.client(KmsClient.class)
                        .scheduleKeyDeletion(r -> r.keyId(id)
                                .pendingWindowInDays(work.desired()
                                        .integer("PendingWindowInDays")
                                        .orElse(null)));
            }
        }

        private static Optional<KeyMetadata> find(ResourceWork work, String id) {
            return work.ifThere(
                            NotFoundException.class,
                            () -> work.client(KmsClient.class)
                                    .describeKey(r -> r.keyId(id))
                                    .keyMetadata())
                    .filter(key -> key.keyState() != KeyState.PENDING_DELETION);
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            KmsClient kms = work.client(KmsClient.class);
            ResourceSchema schema = ResourceSchema.of(name()).orElseThrow();
            return find(work, id).map(key -> {
                Map<String, String> tags = new LinkedHashMap<>();
                kms.listResourceTagsPaginator(r -> r.keyId(id))
                        .tags()
                        .forEach(tag -> tags.put(tag.tagKey(), tag.tagValue()));
                GetKeyRotationStatusResponse rotation = kms.getKeyRotationStatus(r -> r.keyId(id));
                return Properties.builder()
                        .json("KeyPolicy", kms.getKeyPolicy(r -> r.keyId(id)).policy())
                        .put("EnableKeyRotation", rotation.keyRotationEnabled())
                        .put("RotationPeriodInDays", rotation.rotationPeriodInDays())
                        .tags("Tags", tags)
                        .model(schema, key)
                        .inOrderOf(work.desired(), "Tags")
                        .build();
            });
        }

        @Override
        public List<String> list(ResourceWork work) {
            return work.client(KmsClient.class).listKeysPaginator().keys().stream()
                    .map(KeyListEntry::keyId)
                    .toList();
        }
    }

    private static final class AliasResource implements ResourceType {
        @Override
        public String name() {
            return "AWS::KMS::Alias";
        }

        @Override
        public Set<String> supported() {
            return Set.of("AliasName", "TargetKeyId");
        }

        @Override
        public String create(ResourceWork work) {
            String name = work.desired().required("AliasName");
            work.client(KmsClient.class)
                    .createAlias(
                            r -> r.aliasName(name).targetKeyId(work.desired().required("TargetKeyId")));
            work.made(name);
            return name;
        }

        @Override
        public void update(ResourceWork work, String id) {
            work.client(KmsClient.class)
                    .updateAlias(r -> r.aliasName(id).targetKeyId(work.desired().required("TargetKeyId")));
        }

        @Override
        public void delete(ResourceWork work, String id) {
            work.unlessGone(
                    NotFoundException.class, () -> work.client(KmsClient.class).deleteAlias(r -> r.aliasName(id)));
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            String wanted = work.desired().text("TargetKeyId").orElse("");
            return work.client(KmsClient.class).listAliasesPaginator().aliases().stream()
                    .filter(alias -> alias.aliasName().equals(id))
                    .findFirst()
                    .map(alias -> Properties.builder()
                            .put("AliasName", id)
                            // The same key may be named by its ARN.
                            .put(
                                    "TargetKeyId",
                                    wanted.endsWith("/" + alias.targetKeyId()) ? wanted : alias.targetKeyId())
                            .build());
        }

        @Override
        public List<String> list(ResourceWork work) {
            return work.client(KmsClient.class).listAliasesPaginator().aliases().stream()
                    .map(AliasListEntry::aliasName)
                    .toList();
        }
    }
}

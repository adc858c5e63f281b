package dev.terrane.ec2;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.RecordCodec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceMetadataTagsState;

/** What the metadata service knows of an instance, by path ("Instance metadata categories"). A path that others go on from lists them. */
final class MetadataTree {
    private static final String CREDENTIALS = "meta-data/iam/security-credentials/";

    private final Ec2Tables tables;
    private final RoleCredentials credentials;

    MetadataTree(Ec2Tables tables, RoleCredentials credentials) {
        this.tables = tables;
        this.credentials = credentials;
    }

    /** What stands at a path, without slashes at its ends; empty where nothing does. */
    Optional<String> read(Scope scope, InstanceRecord record, String path) {
        if (path.startsWith(CREDENTIALS)) {
            return credentials.json(scope, record, path.substring(CREDENTIALS.length()));
        }
        Map<String, String> values = values(scope, record);
        if (path.equals("meta-data/public-keys")) {
            return Optional.ofNullable(record.instance().keyName()).map(name -> "0=" + name);
        }
        String value = values.get(path);
        return value == null ? listing(values, path) : Optional.of(value);
    }

    private static Optional<String> listing(Map<String, String> values, String path) {
        String prefix = path.isEmpty() ? "" : path + "/";
        Set<String> names = new LinkedHashSet<>();
        for (String key : values.keySet()) {
            if (key.startsWith(prefix)) {
                String rest = key.substring(prefix.length());
                int slash = rest.indexOf('/');
                names.add(slash < 0 ? rest : rest.substring(0, slash + 1));
            }
        }
        return names.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", names));
    }

    private Map<String, String> values(Scope scope, InstanceRecord record) {
        Instance instance = record.instance();
        Map<String, String> values = new TreeMap<>();
        String zone = instance.placement().availabilityZone();
        values.put("meta-data/ami-id", instance.imageId());
        values.put("meta-data/ami-launch-index", String.valueOf(instance.amiLaunchIndex()));
        values.put("meta-data/ami-manifest-path", "(unknown)");
        values.put("meta-data/hostname", text(instance.privateDnsName()));
        values.put("meta-data/instance-action", "none");
        values.put("meta-data/instance-id", record.id());
        values.put("meta-data/instance-life-cycle", "on-demand");
        values.put("meta-data/instance-type", instance.instanceTypeAsString());
        values.put("meta-data/local-hostname", text(instance.privateDnsName()));
        values.put("meta-data/local-ipv4", text(instance.privateIpAddress()));
        values.put("meta-data/placement/availability-zone", zone);
        values.put(
                "meta-data/placement/availability-zone-id", instance.placement().availabilityZoneId());
        values.put("meta-data/placement/region", scope.region());
        values.put("meta-data/profile", "default-hvm");
        values.put("meta-data/reservation-id", record.reservationId());
        values.put(
                "meta-data/security-groups",
                instance.securityGroups().stream()
                        .map(GroupIdentifier::groupName)
                        .collect(Collectors.joining("\n")));
        values.put("meta-data/services/domain", "amazonaws.com");
        values.put("meta-data/services/partition", "aws");
        instance.networkInterfaces().forEach(face -> {
            values.put("meta-data/mac", face.macAddress());
            String at = "meta-data/network/interfaces/macs/" + face.macAddress() + "/";
            values.put(at + "device-number", "0");
            values.put(at + "interface-id", face.networkInterfaceId());
            values.put(at + "local-ipv4s", face.privateIpAddress());
            values.put(at + "mac", face.macAddress());
            values.put(at + "owner-id", face.ownerId());
            values.put(at + "subnet-id", face.subnetId());
            values.put(at + "vpc-id", face.vpcId());
        });
        Optional.ofNullable(instance.keyName())
                .flatMap(name -> tables.keyPair(scope, name))
                .ifPresent(pair -> values.put("meta-data/public-keys/0/openssh-key", pair.publicKey()));
        if (instance.metadataOptions().instanceMetadataTags() == InstanceMetadataTagsState.ENABLED) {
            tables.tags(scope, record.id())
                    .forEach((key, value) -> values.put("meta-data/tags/instance/" + key, value));
        }
        profile(record, scope, values);
        values.put("dynamic/instance-identity/document", identity(scope, record));
        if (!record.userData().isEmpty()) {
            values.put("user-data", "");
        }
        return values;
    }

    private void profile(InstanceRecord record, Scope scope, Map<String, String> values) {
        if (record.instance().iamInstanceProfile() == null) {
            return;
        }
        Map<String, String> info = new LinkedHashMap<>();
        info.put("Code", "Success");
        info.put(
                "LastUpdated",
                record.instance().launchTime().truncatedTo(ChronoUnit.SECONDS).toString());
        info.put("InstanceProfileArn", record.instance().iamInstanceProfile().arn());
        info.put("InstanceProfileId", record.instance().iamInstanceProfile().id());
        values.put("meta-data/iam/info", RecordCodec.json().writeValueAsString(info));
        credentials.roleName(scope, record).ifPresent(role -> {
            values.put("meta-data/iam/security-credentials", role);
            values.put(CREDENTIALS + role, "");
        });
    }

    private static String identity(Scope scope, InstanceRecord record) {
        Instance instance = record.instance();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("accountId", record.owner());
        document.put("architecture", instance.architectureAsString());
        document.put("availabilityZone", instance.placement().availabilityZone());
        document.put("imageId", instance.imageId());
        document.put("instanceId", record.id());
        document.put("instanceType", instance.instanceTypeAsString());
        Instant pending = instance.launchTime().truncatedTo(ChronoUnit.SECONDS);
        document.put("pendingTime", pending.toString());
        document.put("privateIp", text(instance.privateIpAddress()));
        document.put("region", scope.region());
        document.put("version", "2017-09-30");
        return RecordCodec.json().writerWithDefaultPrettyPrinter().writeValueAsString(document);
    }

    private static String text(@org.jspecify.annotations.Nullable String value) {
        return value == null ? "" : value;
    }
}

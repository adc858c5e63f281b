package dev.terrane.cloudformation.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one resource of a template. */
final class ResourceSection {
    private static final Set<String> MEMBERS = Set.of(
            "Type",
            "Properties",
            "DependsOn",
            "Condition",
            "Metadata",
            "DeletionPolicy",
            "UpdateReplacePolicy",
            "UpdatePolicy",
            "CreationPolicy",
            "Description",
            "Version");
    private static final Set<String> SNAPSHOTS = Set.of(
            "AWS::DocDB::DBCluster",
            "AWS::EC2::Volume",
            "AWS::ElastiCache::CacheCluster",
            "AWS::ElastiCache::ReplicationGroup",
            "AWS::Neptune::DBCluster",
            "AWS::RDS::DBCluster",
            "AWS::RDS::DBInstance",
            "AWS::Redshift::Cluster");

    private ResourceSection() {}

    static ResourceDeclaration resource(String logicalId, Value value) {
        Value.Fields members = value.object()
                .orElseThrow(() -> new TemplateException(
                        logicalId.startsWith("Fn::ForEach")
                                ? "Template format error: [/Resources/" + logicalId
                                        + "] resource definition is malformed"
                                : "Template format error: Any Resources member must be an object.",
                        value.at()));
        String type = members.get("Type")
                .flatMap(Value::scalar)
                .filter(name -> !name.isEmpty())
                .orElseThrow(() -> new TemplateException(
                        "Template format error: [/Resources/" + logicalId
                                + "] Every Resources object must contain a Type member.",
                        members.at()));
        Sections.only(members, MEMBERS, "Invalid template resource property");
        Optional<String> deletion = policy(
                members,
                "DeletionPolicy",
                type,
                Set.of("Delete", "Retain", "RetainExceptOnCreate", "Snapshot"),
                logicalId);
        Optional<String> replace =
                policy(members, "UpdateReplacePolicy", type, Set.of("Delete", "Retain", "Snapshot"), logicalId);
        Value.Fields properties = members.get("Properties")
                .map(given -> given.object()
                        .orElseThrow(() -> new TemplateException(
                                "Template format error: [/Resources/" + logicalId
                                        + "/Properties] Properties must be an object",
                                given.at())))
                .orElse(Value.Fields.of(Map.of(), members.at()));
        return new ResourceDeclaration(
                logicalId,
                type,
                properties,
                dependsOn(members),
                Sections.condition(members),
                members.get("Metadata"),
                deletion,
                replace,
                members.get("UpdatePolicy").map(policy -> objectOf("UpdatePolicy", policy)),
                members.get("CreationPolicy").map(policy -> objectOf("CreationPolicy", policy)),
                members.at());
    }

    private static Value objectOf(String member, Value value) {
        if (value instanceof Value.Fields) {
            return value;
        }
        throw new TemplateException("Template format error: " + member + " must be an object", value.at());
    }

    private static List<String> dependsOn(Value.Fields members) {
        return members.get("DependsOn")
                .map(given -> given instanceof Value.Items items
                        ? items.items().stream()
                                .map(ResourceSection::name)
                                .distinct()
                                .toList()
                        : List.of(name(given)))
                .orElse(List.of());
    }

    private static String name(Value value) {
        return value.scalar()
                .orElseThrow(() -> new TemplateException(
                        "Template format error: Every DependsOn value must be a string.", value.at()));
    }

    private static Optional<String> policy(
            Value.Fields members, String member, String type, Set<String> allowed, String logicalId) {
        return members.get(member).map(value -> {
            String policy = value.scalar()
                    .orElseThrow(() -> new TemplateException(
                            "Template format error: Every " + member + " member must be a string.", value.at()));
            if (!allowed.contains(policy)) {
                throw new TemplateException(
                        "Template format error: Unrecognized " + member + " " + TemplateText.shown(policy)
                                + " for resource " + logicalId,
                        value.at());
            }
            if (policy.equals("Snapshot") && !SNAPSHOTS.contains(type)) {
                String words = member.equals("DeletionPolicy") ? "deletion policy" : "update replace policy";
                throw new TemplateException(
                        "Template error: resource type " + TemplateText.shown(type) + " does not support " + words
                                + " Snapshot",
                        value.at());
            }
            return policy;
        });
    }
}

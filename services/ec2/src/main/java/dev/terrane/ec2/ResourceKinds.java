package dev.terrane.ec2;

import java.util.Map;

/** What an id is the id of, as its prefix tells. */
final class ResourceKinds {
    private static final Map<String, String> KINDS = Map.of(
            "i", "instance",
            "igw", "internet-gateway",
            "rtb", "route-table",
            "ami", "image",
            "key", "key-pair",
            "lt", "launch-template",
            "sg", "security-group",
            "sgr", "security-group-rule",
            "subnet", "subnet",
            "vpc", "vpc");

    private ResourceKinds() {}

    /** The resource type, or empty for one that has no tags here. */
    static String of(String id) {
        return KINDS.getOrDefault(id.substring(0, Math.max(0, id.indexOf('-'))), "");
    }
}

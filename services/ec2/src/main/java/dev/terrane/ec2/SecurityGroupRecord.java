package dev.terrane.ec2;

import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;

/**
 * A security group with its rules.
 *
 * @param vpc whose it is; absent for the default VPC
 */
record SecurityGroupRecord(
        String id,
        String name,
        String description,
        List<SecurityGroupRule> rules,
        @Nullable String vpc) {
    SecurityGroupRecord {
        rules = List.copyOf(rules);
    }

    /** Whose it is; empty for the default VPC. */
    String vpcId() {
        return vpc == null ? "" : vpc;
    }

    SecurityGroupRecord with(List<SecurityGroupRule> changed) {
        return new SecurityGroupRecord(id, name, description, changed, vpc);
    }
}

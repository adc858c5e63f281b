package dev.terrane.ec2;

import java.util.List;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;

/** A security group of the default VPC, with its rules. */
record SecurityGroupRecord(String id, String name, String description, List<SecurityGroupRule> rules) {
    SecurityGroupRecord {
        rules = List.copyOf(rules);
    }

    SecurityGroupRecord with(List<SecurityGroupRule> changed) {
        return new SecurityGroupRecord(id, name, description, changed);
    }
}

package dev.terrane.ec2;

import software.amazon.awssdk.services.ec2.model.Vpc;

/** A VPC that was made, not the default one; without its tags. */
record VpcRecord(Vpc vpc, boolean dnsSupport, boolean dnsHostnames) {
    String id() {
        return vpc.vpcId();
    }
}

package dev.terrane.ec2;

import software.amazon.awssdk.services.ec2.model.Subnet;

/** A subnet that was made, not one of the default ones; without its tags. */
record SubnetRecord(Subnet subnet) {
    String id() {
        return subnet.subnetId();
    }
}

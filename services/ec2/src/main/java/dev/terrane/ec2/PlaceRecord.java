package dev.terrane.ec2;

import dev.terrane.kernel.call.Scope;

/** Where an instance lives, for those who know only its id: the compute driver and the metadata service. */
record PlaceRecord(String instanceId, String account, String region) {
    Scope scope() {
        return new Scope(account, region);
    }
}

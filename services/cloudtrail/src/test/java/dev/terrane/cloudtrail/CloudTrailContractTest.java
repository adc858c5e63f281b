package dev.terrane.cloudtrail;

import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;

final class CloudTrailContractTest extends ServiceContractSuite<CloudTrailClient> {
    CloudTrailContractTest() {
        super(CloudTrailClient.class);
    }

    @Override
    protected TestServer start() {
        return TestServer.with(CloudTrailService::new);
    }

    @Override
    protected Names example(CloudTrailClient client, String name) {

        client.lookupEvents(r -> r.maxResults(1));
        return Names.of("LookupEvents.EndTime", TestServer.START.plusMillis(1));
    }
}

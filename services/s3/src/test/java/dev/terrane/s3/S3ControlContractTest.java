package dev.terrane.s3;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import dev.terrane.testkit.contract.Tagging;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3control.S3ControlClient;

final class S3ControlContractTest extends ServiceContractSuite<S3ControlClient> {
    S3ControlContractTest() {
        super(S3ControlClient.class);
    }

    @Override
    protected TestServer start() {
        return TestServer.with(S3Service::new, S3ControlService::new);
    }

    @Override
    protected Names example(S3ControlClient client, String name) {
        server().client(S3Client.class).createBucket(r -> r.bucket(name));
        return Names.of("AccountId", TestServer.ACCOUNT)
                .and("ResourceArn", Arn.s3(name).toString());
    }

    @Override
    protected Missing missing() {
        return Missing.none().and("ResourceArn", Arn.s3("none-at-all").toString(), "NoSuchBucket");
    }

    @Override
    protected boolean regional() {
        return false;
    }

    @Override
    protected List<Tagging> tagging() {
        return List.of(new Tagging("TagResource", "UntagResource", "ListTagsForResource").notOnCreation());
    }
}

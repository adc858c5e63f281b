package dev.terrane.cloudtrail;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Exceptions;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import dev.terrane.testkit.contract.Tagging;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.EventSelector;
import software.amazon.awssdk.services.cloudtrail.model.Tag;
import software.amazon.awssdk.services.cloudtrail.model.TrailNotFoundException;

final class CloudTrailContractTest extends ServiceContractSuite<CloudTrailClient> {
    private static final Set<String> LASTING = Set.of("example1", "example2", "example3");

    CloudTrailContractTest() {
        super(CloudTrailClient.class);
    }

    @Override
    protected TestServer start() {
        TestServer server = TrailFixture.start();
        TrailFixture.bucket(server, TrailFixture.BUCKET);
        return server;
    }

    @Override
    protected Names example(CloudTrailClient client, String name) {
        // A region holds five trails, and the suite makes more examples than that.
        client.describeTrails(r -> {}).trailList().stream()
                .filter(trail -> !LASTING.contains(trail.name()))
                .forEach(trail -> delete(client, trail.name()));
        String arn = client.createTrail(r -> r.name(name)
                        .s3BucketName(TrailFixture.BUCKET)
                        .tagsList(Tag.builder().key("made").value("here").build()))
                .trailARN();
        client.lookupEvents(r -> r.maxResults(1));
        return Names.of("LookupEvents.EndTime", TestServer.START.plusMillis(1))
                .and("Name", name)
                .and("TrailName", name)
                .and("CreateTrail.Name", "new-" + name)
                .and("S3BucketName", TrailFixture.BUCKET)
                .and("ResourceId", arn)
                .and("ResourceIdList", List.of(arn))
                .and("EventSelectors", List.of(EventSelector.builder().build()));
    }

    private static void delete(CloudTrailClient client, String name) {
        try {
            client.deleteTrail(r -> r.name(name));
        } catch (TrailNotFoundException e) {
            // Another call was first.
        }
    }

    @Override
    protected Missing missing() {
        String none = Arn.of("cloudtrail", TestServer.REGION, TestServer.ACCOUNT, "trail/none")
                .toString();
        return Missing.none()
                .and("Name", "none", "TrailNotFoundException")
                .and("TrailName", "none", "TrailNotFoundException")
                .and("ResourceId", none, "ResourceNotFoundException")
                .and("ResourceIdList", List.of(none), "ResourceNotFoundException");
    }

    /** ListTrails has a token, and no error for one that it has not given. */
    @Override
    protected Set<String> codes() {
        return Set.of("InvalidTokenException");
    }

    @Override
    protected List<Tagging> tagging() {
        return List.of(new Tagging("AddTags", "RemoveTags", "ListTags")
                .valued()
                .many("TagsLimitExceededException")
                .reserved("InvalidTagParameterException"));
    }

    @Override
    protected void exceptions(Exceptions except) {
        except.to("arn", "ListTrails", "it lists the trails of all regions")
                .to("region", "ListTrails", "it lists the trails of all regions");
    }
}

package dev.terrane.cloudtrail;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.store.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.sns.SnsClient;

/** Where trails deliver to, called as AWS does: buckets, topics and keys by the service principal, log groups by the trail's role. */
final class Destinations {
    static final String PRINCIPAL = "cloudtrail.amazonaws.com";

    private final Clients clients;

    Destinations(Clients clients) {
        this.clients = clients;
    }

    private static Actor principal(TrailRecord trail) {
        return new Actor.Service(PRINCIPAL, trail.home(), trail.arn().toString());
    }

    /** A key below the trail's prefix. */
    static String key(TrailRecord trail, String path) {
        String prefix = trail.settings().prefix();
        return prefix.isEmpty() ? path : prefix + "/" + path;
    }

    /** Writes an object into the trail's bucket, under the trail's key where it has one. */
    void write(TrailRecord trail, String key, byte[] content, Map<String, String> metadata) {
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(trail.settings().bucket())
                .key(key)
                .acl(ObjectCannedACL.BUCKET_OWNER_FULL_CONTROL)
                .metadata(metadata);
        if (key.endsWith(".gz")) {
            request.contentType("application/json").contentEncoding("gzip");
        }
        if (!trail.settings().key().isEmpty()) {
            request.serverSideEncryption(ServerSideEncryption.AWS_KMS)
                    .ssekmsKeyId(trail.settings().key())
                    .ssekmsEncryptionContext(context(trail));
        }
        try {
            put(trail, trail.region(), request.build(), content);
        } catch (AwsServiceException e) {
            String region = bucketRegion(e).orElseThrow(() -> e);
            put(trail, region, request.build(), content);
        }
    }

    private void put(TrailRecord trail, String region, PutObjectRequest request, byte[] content) {
        clients.client(S3Client.class, principal(trail), region).putObject(request, RequestBody.fromBytes(content));
    }

    /** Where a bucket is that turned out not to be in the trail's home. */
    private static Optional<String> bucketRegion(AwsServiceException e) {
        return e.statusCode() == 301
                ? e.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region")
                : Optional.empty();
    }

    private static String context(TrailRecord trail) {
        String json = RecordCodec.json()
                .writeValueAsString(Map.of("aws:cloudtrail:arn", trail.arn().toString()));
        return Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    /** Publishes a message to the trail's topic. */
    void publish(TrailRecord trail, Map<String, ?> message) {
        String topic = trail.settings().topic();
        String json = RecordCodec.json().writeValueAsString(message);
        clients.client(SnsClient.class, principal(trail), Arn.parse(topic).region())
                .publish(r -> r.topicArn(topic).message(json));
    }

    /** Makes the stream that a trail's events of a region go to, where it is not there. */
    void makeStream(TrailRecord trail, String region) {
        try {
            logs(trail).createLogStream(r -> r.logGroupName(group(trail)).logStreamName(stream(trail, region)));
        } catch (ResourceAlreadyExistsException e) {
            // Another trail's, or from before.
        }
    }

    void log(TrailRecord trail, String region, List<InputLogEvent> events) {
        logs(trail)
                .putLogEvents(r -> r.logGroupName(group(trail))
                        .logStreamName(stream(trail, region))
                        .logEvents(events));
    }

    private CloudWatchLogsClient logs(TrailRecord trail) {
        return clients.client(
                CloudWatchLogsClient.class,
                new Actor.Role(
                        trail.settings().logsRole(),
                        PRINCIPAL,
                        "CloudTrail_CloudWatchLogs",
                        trail.arn().toString()),
                trail.region());
    }

    private static String stream(TrailRecord trail, String region) {
        return trail.account() + "_CloudTrail_" + region;
    }

    /** The name of the log group in its ARN, which ends in {@code :*}. */
    private static String group(TrailRecord trail) {
        String[] parts = trail.settings().logGroup().split(":", 8);
        return parts[6];
    }
}

package dev.terrane.firehose;

import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.kernel.workflow.Steps.StepFailed;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;

/** Tells of failed deliveries in the log group that a stream names. See "Amazon S3 data delivery errors". */
final class ErrorLog {
    private static final System.Logger LOG = System.getLogger(ErrorLog.class.getName());

    private final Clients clients;

    ErrorLog(Clients clients) {
        this.clients = clients;
    }

    /** Says that a delivery was refused, and whether it is given up. Whether that can be said changes nothing. */
    void tell(StreamRecord stream, StepFailed failure, boolean dropped, Instant now) {
        Destination.Logging to = stream.destination().logging();
        if (!to.enabled()) {
            return;
        }
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("deliveryStreamARN", stream.arn().toString());
        event.put("destination", stream.destination().bucket());
        event.put("deliveryStreamVersionId", stream.version());
        event.put(
                "message", message(failure) + (dropped ? " The data was not delivered for 24 hours and is lost." : ""));
        event.put("errorCode", "S3." + failure.code());
        InputLogEvent line = InputLogEvent.builder()
                .timestamp(now.toEpochMilli())
                .message(RecordCodec.json().writeValueAsString(event))
                .build();
        try {
            clients.client(CloudWatchLogsClient.class, Bucket.role(stream), stream.region())
                    .putLogEvents(r -> r.logGroupName(to.group())
                            .logStreamName(to.stream())
                            .logEvents(line));
        } catch (AwsServiceException e) {
            LOG.log(System.Logger.Level.DEBUG, "A failed delivery is not in the log", e);
        }
    }

    private static String message(StepFailed failure) {
        return switch (failure.code()) {
            case "NoSuchBucket" ->
                "The specified bucket does not exist. Create the bucket or use a different bucket that does exist.";
            case "AccessDenied", "AccessDeniedException" ->
                "Access was denied. Ensure that the trust policy for the provided IAM role allows Firehose to assume the role, "
                        + "and the access policy allows access to the S3 bucket.";
            default -> String.valueOf(failure.getMessage());
        };
    }
}

package dev.terrane.s3;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Steps.StepFailed;
import dev.terrane.kernel.workflow.Workflow;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Tells topics and queues what happens in a bucket: a durable process for each message, begun in the commit of the change.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html">Event message structure</a>
 */
final class NotificationSender implements Workflow<NotificationSender.Message> {
    private static final System.Logger LOG = System.getLogger(NotificationSender.class.getName());
    private static final String PRINCIPAL = "s3.amazonaws.com";
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final int TRIES = 25;

    private final Platform platform;

    NotificationSender(Platform platform) {
        this.platform = platform;
    }

    /** A message on its way.
     *
     * @param bucket the bucket's ARN
     * @param destination the ARN of a topic or queue */
    record Message(String bucket, String destination, String body) {}

    /** What an event tells of an object. */
    record Told(
            String key,
            @Nullable Long size,
            @Nullable String etag,
            @Nullable String versionId,
            String sequencer) {}

    @Override
    public String name() {
        return "s3.notification";
    }

    @Override
    public Class<Message> input() {
        return Message.class;
    }

    @Override
    public String principal() {
        return PRINCIPAL;
    }

    /** Tries up to 25 times, in two hours; whoever is told may be told twice. */
    @Override
    public void run(Steps steps, Message message) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        for (int i = 1; i <= TRIES; i++) {
            try {
                steps.step("send " + i, () -> send(Call.current().scope(), message));
                return;
            } catch (StepFailed e) {
                if (i == TRIES) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "{0} is not told of an event of {1}: {2}",
                            message.destination(),
                            message.bucket(),
                            e.getMessage());
                    return;
                }
            }
            steps.sleep("pause " + i, pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private void send(Scope scope, Message message) {
        Arn destination = Arn.parse(message.destination());
        Actor s3 = new Actor.Service(PRINCIPAL, scope, message.bucket());
        if (destination.service().equals("sns")) {
            platform.clients()
                    .client(SnsClient.class, s3, destination.region())
                    .publish(r -> r.topicArn(message.destination())
                            .subject("Amazon S3 Notification")
                            .message(message.body()));
        } else {
            String url = platform.endpoint().url() + "/" + destination.account() + "/" + destination.resource();
            platform.clients()
                    .client(SqsClient.class, s3, destination.region())
                    .sendMessage(r -> r.queueUrl(url).messageBody(message.body()));
        }
    }

    /** Tells at once that events will be told.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException when that cannot be */
    void test(BucketRecord bucket, NotificationRule rule) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("Service", "Amazon S3");
        body.put("Event", "s3:TestEvent");
        body.put("Time", moment(Call.current().time()));
        body.put("Bucket", bucket.name());
        body.put("RequestId", Call.current().requestId());
        body.put("HostId", hostId());
        send(bucket.scope(), new Message(bucket.arn(), rule.destination(), json(body)));
    }

    /** Tells those who want to know of an event, when the current transaction commits.
     *
     * @param event without {@code s3:}, such as {@code ObjectCreated:Put} */
    void tell(BucketRecord bucket, String event, Told object) {
        for (NotificationRule rule : bucket.notifications()) {
            if (rule.matches("s3:" + event, object.key())) {
                String body = json(Map.of("Records", List.of(record(bucket, rule, event, object))));
                platform.workflows()
                        .start(this, bucket.scope(), Ids.uuid(), new Message(bucket.arn(), rule.destination(), body));
            }
        }
    }

    private static Map<String, Object> record(BucketRecord bucket, NotificationRule rule, String event, Told told) {
        Call call = Call.current();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("key", URLEncoder.encode(told.key(), StandardCharsets.UTF_8).replace("%2F", "/"));
        if (told.size() != null) {
            object.put("size", told.size());
        }
        if (told.etag() != null) {
            object.put("eTag", told.etag());
        }
        if (told.versionId() != null) {
            object.put("versionId", told.versionId());
        }
        object.put("sequencer", told.sequencer());
        Map<String, Object> owned = new LinkedHashMap<>();
        owned.put("name", bucket.name());
        owned.put("ownerIdentity", Map.of("principalId", bucket.account()));
        owned.put("arn", bucket.arn());
        Map<String, Object> s3 = new LinkedHashMap<>();
        s3.put("s3SchemaVersion", "1.0");
        s3.put("configurationId", rule.id());
        s3.put("bucket", owned);
        s3.put("object", object);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("x-amz-request-id", call.requestId());
        answer.put("x-amz-id-2", hostId());
        Map<String, Object> record = new LinkedHashMap<>();
        boolean old = event.startsWith("ObjectCreated:") || event.startsWith("ObjectRemoved:");
        record.put("eventVersion", old ? "2.1" : "2.3");
        record.put("eventSource", "aws:s3");
        record.put("awsRegion", bucket.region());
        record.put("eventTime", moment(call.time()));
        record.put("eventName", event);
        record.put("userIdentity", Map.of("principalId", principal(call.principal())));
        record.put("requestParameters", Map.of("sourceIPAddress", call.sourceAddress()));
        record.put("responseElements", answer);
        record.put("s3", s3);
        return record;
    }

    private static String principal(Principal principal) {
        return principal instanceof Principal.Service service ? service.name() : "AWS:" + principal.userId();
    }

    private static String hostId() {
        return Ids.hex(32);
    }

    private static String moment(Instant time) {
        Instant millis = time.truncatedTo(ChronoUnit.MILLIS);
        // Always with three digits, as S3 writes it.
        return millis.toString().contains(".")
                ? millis.toString()
                : millis.toString().replace("Z", ".000Z");
    }

    private static String json(Object body) {
        return RecordCodec.json().writeValueAsString(body);
    }
}

package dev.terrane.eventbridge;

import dev.terrane.eventbridge.TargetKind.Delivery;
import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.service.Platform.Endpoint;
import dev.terrane.kernel.store.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.StartBuildRequest;
import software.amazon.awssdk.services.codepipeline.CodePipelineClient;
import software.amazon.awssdk.services.codepipeline.model.StartPipelineExecutionRequest;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;
import software.amazon.awssdk.services.eventbridge.model.SqsParameters;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The targets that events are delivered to. Those that start something are called as the target's role; those that have a resource policy
 * as the service principal of EventBridge on behalf of the rule, unless the target names a role.
 */
final class TargetKinds {
    static final String PRINCIPAL = "events.amazonaws.com";
    private static final int LONGEST_SESSION_NAME = 64;

    private final Clients clients;
    private final Endpoint endpoint;
    private final Intake intake;
    private final Buses buses;
    private final Map<String, TargetKind> byService;

    TargetKinds(Clients clients, Endpoint endpoint, Intake intake, Buses buses) {
        this.clients = clients;
        this.endpoint = endpoint;
        this.intake = intake;
        this.buses = buses;
        byService = Map.of(
                "sqs", new Queue(),
                "sns", this::publish,
                "logs", this::log,
                "codepipeline", new WithRole(this::startPipeline),
                "codebuild", new WithRole(this::startBuild),
                "events", new Bus());
    }

    /** The kind of a target by its ARN; empty where it is none that is offered here. */
    Optional<TargetKind> of(Arn arn) {
        return Optional.ofNullable(byService.get(arn.service()));
    }

    private <C extends SdkClient> C client(Class<C> api, Delivery delivery) {
        String region = delivery.arn().region().isEmpty()
                ? delivery.scope().region()
                : delivery.arn().region();
        return clients.client(api, actor(delivery), region);
    }

    private static Actor actor(Delivery delivery) {
        String role = delivery.target().roleArn();
        if (role == null) {
            return new Actor.Service(PRINCIPAL, delivery.scope(), delivery.ruleArn());
        }
        String session = "AWSEvents_" + delivery.rule();
        return new Actor.Role(
                role,
                PRINCIPAL,
                session.substring(0, Math.min(session.length(), LONGEST_SESSION_NAME)),
                delivery.ruleArn());
    }

    /** A token that is the same whenever the same event is delivered to the same target again. */
    private static String token(Delivery delivery) {
        String name = delivery.event().id() + "/" + delivery.ruleArn() + "/"
                + delivery.target().id();
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** Puts a message into a queue; sends it as EventBridge itself where the target has no role. */
    void send(Actor actor, Arn queue, SendMessageRequest.Builder message) {
        clients.client(SqsClient.class, actor, queue.region())
                .sendMessage(message.queueUrl(endpoint.url() + "/" + queue.account() + "/" + queue.resource())
                        .build());
    }

    private final class Queue implements TargetKind {
        @Override
        public void check(Target target, Arn arn) {
            boolean ordered = arn.resource().endsWith(".fifo");
            SqsParameters parameters = target.sqsParameters();
            if (ordered && (parameters == null || parameters.messageGroupId() == null)) {
                throw Errors.invalid("Parameter(s) SqsParameters must be specified for target: " + target.id() + ".");
            }
        }

        @Override
        public void deliver(Delivery delivery) {
            SendMessageRequest.Builder message = SendMessageRequest.builder().messageBody(delivery.payload());
            SqsParameters parameters = delivery.target().sqsParameters();
            if (parameters != null) {
                message.messageGroupId(parameters.messageGroupId());
                if (delivery.arn().resource().endsWith(".fifo")) {
                    message.messageDeduplicationId(token(delivery));
                }
            }
            send(actor(delivery), delivery.arn(), message);
        }
    }

    private void publish(Delivery delivery) {
        PublishRequest.Builder message =
                PublishRequest.builder().topicArn(delivery.arn().toString()).message(delivery.payload());
        if (delivery.arn().resource().endsWith(".fifo")) {
            message.messageGroupId(delivery.rule()).messageDeduplicationId(token(delivery));
        }
        client(SnsClient.class, delivery).publish(message.build());
    }

    /** A log group gets each event in a stream of its own, so that doing it again finds the stream there. */
    private void log(Delivery delivery) {
        String group = delivery.arn().resource().replaceFirst("^log-group:", "").replaceFirst(":\\*$", "");
        String stream = token(delivery);
        CloudWatchLogsClient logs = client(CloudWatchLogsClient.class, delivery);
        try {
            logs.createLogStream(r -> r.logGroupName(group).logStreamName(stream));
        } catch (ResourceAlreadyExistsException e) {
            // Made by an earlier attempt.
        }
        InputLogEvent entry = entry(delivery);
        logs.putLogEvents(r -> r.logGroupName(group).logStreamName(stream).logEvents(entry));
    }

    /** A transformed input for a log group may name the time and the message. */
    private static InputLogEvent entry(Delivery delivery) {
        Instant time = delivery.event().accepted();
        String message = delivery.payload();
        if (TargetInput.isChosen(delivery.target())) {
            JsonNode given = EventJson.read(delivery.payload());
            if (given.path("message").isString()) {
                message = given.path("message").asString();
                time = given.path("timestamp").isNumber()
                        ? Instant.ofEpochMilli(given.path("timestamp").asLong())
                        : time;
            }
        }
        return InputLogEvent.builder()
                .timestamp(time.toEpochMilli())
                .message(message)
                .build();
    }

    /** A target that only a role can start. */
    private record WithRole(java.util.function.Consumer<Delivery> delivered) implements TargetKind {
        @Override
        public void check(Target target, Arn arn) {
            if (target.roleArn() == null) {
                throw Errors.invalid("RoleArn is required for target " + target.arn() + ".");
            }
        }

        @Override
        public void deliver(Delivery delivery) {
            delivered.accept(delivery);
        }
    }

    /** A pipeline; a chosen input may hold source revisions and variables. */
    private void startPipeline(Delivery delivery) {
        StartPipelineExecutionRequest start = parameters(delivery, StartPipelineExecutionRequest.class)
                .orElseGet(() -> StartPipelineExecutionRequest.builder().build());
        client(CodePipelineClient.class, delivery)
                .startPipelineExecution(start.toBuilder()
                        .name(delivery.arn().resource())
                        .clientRequestToken(token(delivery))
                        .build());
    }

    /** A build project; a chosen input may hold what StartBuild overrides. */
    private void startBuild(Delivery delivery) {
        StartBuildRequest start = parameters(delivery, StartBuildRequest.class)
                .orElseGet(() -> StartBuildRequest.builder().build());
        client(CodeBuildClient.class, delivery)
                .startBuild(start.toBuilder()
                        .projectName(delivery.arn().name())
                        .idempotencyToken(token(delivery))
                        .build());
    }

    private static <R> Optional<R> parameters(Delivery delivery, Class<R> type) {
        if (!TargetInput.isChosen(delivery.target()) || !delivery.payload().startsWith("{")) {
            return Optional.empty();
        }
        try {
            return Optional.of(RecordCodec.json().readValue(delivery.payload(), type));
        } catch (JacksonException e) {
            throw Errors.invalid("The input does not fit the target: " + e.getOriginalMessage());
        }
    }

    /**
     * Another bus. In the same account and region nobody need allow it, as in AWS; elsewhere the role or the other bus's policy does. An event
     * that came from another bus goes to no third one.
     */
    private final class Bus implements TargetKind {
        @Override
        public void check(Target target, Arn arn) {
            if (!arn.resource().startsWith("event-bus/")) {
                throw Errors.invalid(
                        "Parameter " + target.arn() + " is not valid. Reason: not offered as a target here.");
            }
        }

        @Override
        public void deliver(Delivery delivery) {
            AcceptedRecord event = delivery.event();
            if (event.forwarded()) {
                return;
            }
            Scope scope = new Scope(delivery.arn().account(), delivery.arn().region());
            String bus = Names.busOf(delivery.arn());
            if (scope.equals(delivery.scope()) && delivery.target().roleArn() == null) {
                if (buses.isThere(scope, bus)) {
                    intake.accept(scope, bus, event.id(), delivery.payload(), true);
                    return;
                }
                throw Errors.noBus(bus);
            }
            forward(delivery);
        }

        private void forward(Delivery delivery) {
            JsonNode event = EventJson.read(delivery.payload());
            PutEventsRequestEntry entry = PutEventsRequestEntry.builder()
                    .eventBusName(delivery.arn().toString())
                    .source(event.path("source").asString(""))
                    .detailType(event.path("detail-type").asString(""))
                    .detail(event.path("detail").toString())
                    .build();
            EventBridgeClient other = client(EventBridgeClient.class, delivery);
            PutEventsResultEntry result = ScopedValue.where(
                            Publishing.FORWARDED,
                            new Publishing.Forwarded(delivery.event().id(), delivery.payload()))
                    .call(() -> other.putEvents(r -> r.entries(entry)).entries().getFirst());
            if (result.errorCode() != null) {
                throw Errors.invalid(result.errorCode() + ": " + result.errorMessage());
            }
        }
    }
}

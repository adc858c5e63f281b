package dev.terrane.cloudformation;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.event.Event;
import dev.terrane.kernel.event.Events;
import dev.terrane.kernel.store.RecordCodec;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sns.SnsClient;
import tools.jackson.databind.JsonNode;

/** Publishes stack events to the topics that a stack names. A topic that cannot be reached stops nothing. */
final class Notices implements Events.Listener {
    private static final System.Logger LOG = System.getLogger(Notices.class.getName());

    private final Clients clients;
    private final CloudFormationTables tables;

    Notices(Clients clients, CloudFormationTables tables) {
        this.clients = clients;
        this.tables = tables;
    }

    @Override
    public void receive(Event event) {
        if (!event.source().equals("aws.cloudformation") || event.resources().isEmpty()) {
            return;
        }
        Scope scope = new Scope(event.account(), event.region());
        Optional<StackRecord> found = tables.find(scope, event.resources().getFirst());
        found.filter(stack -> !stack.settings().notifications().isEmpty())
                .ifPresent(stack -> publish(scope, stack, event));
    }

    private void publish(Scope scope, StackRecord stack, Event event) {
        JsonNode detail = RecordCodec.json().readTree(event.detail());
        boolean ofStack = !detail.has("logical-resource-id");
        String message = line("StackId", stack.arn())
                + line("Timestamp", event.time().toString())
                + line("EventId", event.id())
                + line("LogicalResourceId", ofStack ? stack.name() : text(detail, "logical-resource-id"))
                + line("Namespace", scope.account())
                + line("PhysicalResourceId", ofStack ? stack.arn() : text(detail, "physical-resource-id"))
                + line("ResourceProperties", "null")
                + line(
                        "ResourceStatus",
                        detail.path("status-details").path("status").asString(""))
                + line(
                        "ResourceStatusReason",
                        detail.path("status-details").path("status-reason").asString(""))
                + line("ResourceType", ofStack ? Progress.STACK_TYPE : text(detail, "resource-type"))
                + line("StackName", stack.name())
                + line("ClientRequestToken", text(detail, "client-request-token"));
        Actor actor = stack.actor(scope);
        for (String topic : stack.settings().notifications()) {
            try {
                clients.client(SnsClient.class, actor, scope.region())
                        .publish(r -> r.topicArn(topic)
                                .subject("AWS CloudFormation Notification")
                                .message(message));
            } catch (AwsServiceException e) {
                LOG.log(System.Logger.Level.WARNING, "A notice of " + stack.arn() + " was not delivered", e);
            }
        }
    }

    private static String text(JsonNode detail, String name) {
        return detail.path(name).asString("");
    }

    private static String line(String name, String value) {
        return name + "='" + value + "'\n";
    }
}

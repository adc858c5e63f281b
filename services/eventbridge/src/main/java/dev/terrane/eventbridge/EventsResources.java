package dev.terrane.eventbridge;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.*;

/** EventBridge's CloudFormation types. */
final class EventsResources {
    static final List<ResourceType> ALL =
            List.of(new RuleResource(), new EventBusResource(), new EventBusPolicyResource());

    private EventsResources() {}

    static List<Tag> tags(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }

    static Map<String, String> tags(ResourceWork work, String arn) {
        return work.client(EventBridgeClient.class).listTagsForResource(r -> r.resourceARN(arn)).tags().stream()
                .collect(Collectors.toMap(Tag::key, Tag::value));
    }

    static void changeTags(ResourceWork work, String arn) {
        EventBridgeClient events = work.client(EventBridgeClient.class);
        work.tagChanges(
                tags -> events.tagResource(r -> r.resourceARN(arn).tags(tags(tags))),
                keys -> events.untagResource(r -> r.resourceARN(arn).tagKeys(keys)));
    }

    /** The name of a bus that a property gives as name or ARN. */
    static String bus(Properties properties) {
        String given = properties.text("EventBusName").orElse(BusRecord.DEFAULT);
        return Arn.find(given).map(Arn::name).orElse(given);
    }

    /** The names of all buses. */
    static List<String> buses(ResourceWork work) {
        List<String> names = new ArrayList<>();
        Optional<String> token = Optional.empty();
        do {
            String from = token.orElse(null);
            ListEventBusesResponse page = work.client(EventBridgeClient.class).listEventBuses(r -> r.nextToken(from));
            page.eventBuses().forEach(bus -> names.add(bus.name()));
            token = Optional.ofNullable(page.nextToken());
        } while (token.isPresent());
        return names;
    }

    private static final class EventBusResource implements ResourceType {
        @Override
        public String name() {
            return "AWS::Events::EventBus";
        }

        @Override
        public Set<String> supported() {
            return Set.of("DeadLetterConfig", "Description", "Name", "Policy", "Tags");
        }

        @Override
        public String create(ResourceWork work) {
            String name = work.desired().required("Name");
            work.client(EventBridgeClient.class)
                    .createEventBus(work.desired().as(CreateEventBusRequest.builder()).toBuilder()
                            .tags(tags(work.tags()))
                            .build());
            work.made(name);
            work.desired().json("Policy").ifPresent(policy -> put(work, name, policy));
            return name;
        }

        private static void put(ResourceWork work, String id, String policy) {
            work.client(EventBridgeClient.class)
                    .putPermission(r -> r.eventBusName(id).policy(policy));
        }

        @Override
        public void update(ResourceWork work, String id) {
            EventBridgeClient events = work.client(EventBridgeClient.class);
            Properties desired = work.desired();
            Properties previous = work.previous();
            UpdateEventBusRequest request = desired.as(UpdateEventBusRequest.builder());
            if (!request.equals(previous.as(UpdateEventBusRequest.builder()))) {
                events.updateEventBus(request);
            }
            Optional<String> policy = desired.json("Policy");
            if (!policy.equals(previous.json("Policy"))) {
                policy.ifPresentOrElse(
                        text -> put(work, id, text),
                        () -> events.removePermission(r -> r.eventBusName(id).removeAllPermissions(true)));
            }
            changeTags(work, Names.busArn(work.scope(), id));
        }

        @Override
        public void delete(ResourceWork work, String id) {
            work.client(EventBridgeClient.class).deleteEventBus(r -> r.name(id));
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            return work.ifThere(ResourceNotFoundException.class, () -> {
                DescribeEventBusResponse bus =
                        work.client(EventBridgeClient.class).describeEventBus(r -> r.name(id));
                return Properties.builder()
                        .json("Policy", bus.policy())
                        .tags("Tags", tags(work, bus.arn()))
                        .model(ResourceSchema.of(name()).orElseThrow(), bus)
                        .inOrderOf(work.desired(), "Tags")
                        .build();
            });
        }

        @Override
        public List<String> list(ResourceWork work) {
            return buses(work);
        }
    }
}

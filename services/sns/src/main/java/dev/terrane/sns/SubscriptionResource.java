package dev.terrane.sns;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.Subscription;

/** A subscription. One whose endpoint has to confirm it is made all the same, and waits for that. */
final class SubscriptionResource implements ResourceType {
    private static final String FILTER = SubscriptionAttributes.FILTER;
    private static final String SCOPE = SubscriptionAttributes.FILTER_SCOPE;
    private static final List<String> ATTRIBUTES = List.of(
            SubscriptionAttributes.DELIVERY_POLICY,
            SCOPE,
            FILTER,
            SubscriptionAttributes.RAW,
            SubscriptionAttributes.REDRIVE_POLICY);

    @Override
    public String name() {
        return "AWS::SNS::Subscription";
    }

    @Override
    public Set<String> supported() {
        return Set.of(
                "DeliveryPolicy",
                "Endpoint",
                "FilterPolicy",
                "FilterPolicyScope",
                "Protocol",
                "RawMessageDelivery",
                "RedrivePolicy",
                "TopicArn");
    }

    @Override
    public String create(ResourceWork work) {
        Properties desired = work.desired();
        Map<String, String> attributes = new LinkedHashMap<>();
        ATTRIBUTES.forEach(attribute -> desired.json(attribute).ifPresent(value -> attributes.put(attribute, value)));
        String arn = work.client(SnsClient.class)
                .subscribe(r -> r.topicArn(desired.required("TopicArn"))
                        .protocol(desired.required("Protocol"))
                        .endpoint(desired.text("Endpoint").orElse(null))
                        .attributes(attributes)
                        .returnSubscriptionArn(true))
                .subscriptionArn();
        work.made(arn);
        return arn;
    }

    @Override
    public void update(ResourceWork work, String id) {
        boolean otherScope = changed(work, SCOPE);
        if (otherScope && work.previous().has(FILTER)) {
            // A filter of the one kind need not be one of the other.
            set(work, id, FILTER, "{}");
        }
        for (String attribute : ATTRIBUTES) {
            if (changed(work, attribute) || (otherScope && attribute.equals(FILTER))) {
                set(work, id, attribute, work.desired().json(attribute).orElse(""));
            }
        }
    }

    private static boolean changed(ResourceWork work, String attribute) {
        return !work.desired().json(attribute).equals(work.previous().json(attribute));
    }

    private static void set(ResourceWork work, String id, String attribute, String value) {
        work.client(SnsClient.class)
                .setSubscriptionAttributes(
                        r -> r.subscriptionArn(id).attributeName(attribute).attributeValue(value));
    }

    @Override
    public void delete(ResourceWork work, String id) {
        work.client(SnsClient.class).unsubscribe(r -> r.subscriptionArn(id));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        ResourceSchema schema = ResourceSchema.of(name()).orElseThrow();
        return work.ifThere(
                        NotFoundException.class,
                        () -> work.client(SnsClient.class)
                                .getSubscriptionAttributes(r -> r.subscriptionArn(id))
                                .attributes())
                .map(attributes -> {
                    Properties.Builder found = Properties.builder().put("Arn", id);
                    supported().forEach(property -> found.typed(schema, property, attributes.get(property)));
                    return found.build();
                });
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work.client(SnsClient.class).listSubscriptionsPaginator().subscriptions().stream()
                .map(Subscription::subscriptionArn)
                .filter(Arn::isArn)
                .toList();
    }
}

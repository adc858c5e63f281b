package dev.terrane.sns;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sns.model.ConfirmSubscriptionRequest;
import software.amazon.awssdk.services.sns.model.ConfirmSubscriptionResponse;
import software.amazon.awssdk.services.sns.model.GetSubscriptionAttributesRequest;
import software.amazon.awssdk.services.sns.model.GetSubscriptionAttributesResponse;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsByTopicRequest;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsByTopicResponse;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsRequest;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsResponse;
import software.amazon.awssdk.services.sns.model.SetSubscriptionAttributesRequest;
import software.amazon.awssdk.services.sns.model.SetSubscriptionAttributesResponse;
import software.amazon.awssdk.services.sns.model.SubscribeRequest;
import software.amazon.awssdk.services.sns.model.SubscribeResponse;
import software.amazon.awssdk.services.sns.model.Subscription;
import software.amazon.awssdk.services.sns.model.UnsubscribeRequest;
import software.amazon.awssdk.services.sns.model.UnsubscribeResponse;

/** Subscriptions: made, confirmed by their endpoint, changed, ended. */
final class Subscriptions {
    private static final String PENDING = "PendingConfirmation";
    private static final int PAGE = 100;

    private final SnsTables tables;
    private final Topics topics;
    private final Clock clock;
    private final Tokens tokens;
    private final Deliveries deliveries;

    Subscriptions(SnsTables tables, Topics topics, Clock clock, Tokens tokens, Deliveries deliveries) {
        this.tables = tables;
        this.topics = topics;
        this.clock = clock;
        this.tokens = tokens;
        this.deliveries = deliveries;
    }

    SubscribeResponse subscribe(SubscribeRequest request) {
        TopicRecord topic = topics.forChange(request.topicArn());
        String endpoint = request.endpoint() == null ? "" : request.endpoint();
        checkEndpoint(topic, request.protocol(), endpoint);
        Map<String, String> attributes =
                SubscriptionAttributes.changed(Map.of(), request.attributes(), request.protocol());
        Optional<SubscriptionRecord> present = tables.subscriptions(topic).stream()
                .filter(s ->
                        s.protocol().equals(request.protocol()) && s.endpoint().equals(endpoint))
                .findFirst();
        if (present.isPresent()
                && !request.attributes().isEmpty()
                && !present.get().attributes().equals(attributes)) {
            throw Errors.invalid("Attributes Reason: Subscription already exists with different attributes");
        }
        String owner = Call.current().account();
        SubscriptionRecord subscription = present.orElseGet(() -> new SubscriptionRecord(
                topic.account(),
                topic.region(),
                topic.name(),
                Ids.uuid(),
                owner,
                request.protocol(),
                endpoint,
                attributes,
                confirmsItself(request.protocol(), endpoint, owner),
                false,
                clock.instant()));
        if (present.isEmpty()) {
            tables.put(subscription);
            // Written again as it is, so that the topic can't be deleted at the same time.
            tables.put(topic);
        }
        if (!subscription.confirmed()) {
            deliveries.askToConfirm(subscription);
        }
        boolean shows = subscription.confirmed() || Boolean.TRUE.equals(request.returnSubscriptionArn());
        return SubscribeResponse.builder()
                .subscriptionArn(shows ? subscription.arn() : "pending confirmation")
                .build();
    }

    /** A queue of the account that subscribes need not be asked: its owner just did. */
    private static boolean confirmsItself(String protocol, String endpoint, String owner) {
        return protocol.equals("sqs") && Arn.parse(endpoint).account().equals(owner);
    }

    private static void checkEndpoint(TopicRecord topic, String protocol, String endpoint) {
        switch (protocol) {
            case "sqs" -> {
                Arn queue = Arn.find(endpoint)
                        .filter(arn -> arn.service().equals("sqs"))
                        .orElseThrow(() -> Errors.invalid("SQS endpoint ARN"));
                if (!topic.fifo() && queue.resource().endsWith(TopicRecord.FIFO_SUFFIX)) {
                    throw Errors.invalid(
                            "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics");
                }
            }
            case "http", "https" -> {
                if (topic.fifo()) {
                    throw Errors.invalid("Invalid protocol type: " + protocol);
                }
                checkUrl(protocol, endpoint);
            }
            case "email", "email-json", "sms", "application", "lambda", "firehose" ->
                throw Errors.invalid("Protocol " + protocol + " is not offered here: sqs, http and https are");
            default -> throw Errors.invalid("Amazon SNS does not support this protocol string: " + protocol);
        }
    }

    private static void checkUrl(String protocol, String endpoint) {
        if (!endpoint.startsWith(protocol + "://")) {
            throw Errors.invalid("Endpoint must match the specified protocol");
        }
        try {
            if (URI.create(endpoint).getHost() == null) {
                throw Errors.invalid("Endpoint");
            }
        } catch (IllegalArgumentException e) {
            throw Errors.invalid("Endpoint");
        }
    }

    /** Confirms by the token that the endpoint was sent. */
    ConfirmSubscriptionResponse confirm(ConfirmSubscriptionRequest request) {
        boolean signed = !(Call.current().principal() instanceof Principal.Anonymous)
                && "true".equals(request.authenticateOnUnsubscribe());
        SubscriptionRecord subscription = confirm(request.token(), signed);
        if (!subscription.topicArn().equals(request.topicArn())) {
            throw Errors.invalid("Token");
        }
        return ConfirmSubscriptionResponse.builder()
                .subscriptionArn(subscription.arn())
                .build();
    }

    /** Confirms the subscription of a token. */
    SubscriptionRecord confirm(String token, boolean signed) {
        SubscriptionRecord subscription =
                tokens.confirmed(token).flatMap(this::find).orElseThrow(() -> Errors.invalid("Token"));
        if (subscription.confirmed()) {
            return subscription;
        }
        SubscriptionRecord confirmed = subscription.confirmedWith(signed);
        tables.put(confirmed);
        return confirmed;
    }

    /** Ends the subscription of an unsubscribe token; one that is gone is no error. */
    void end(String token) {
        String arn = tokens.ended(token).orElseThrow(() -> Errors.invalid("Token"));
        find(arn).ifPresent(subscription -> {
            if (subscription.authenticated()) {
                throw Errors.invalid("SubscriptionArn Reason: unsubscribing needs a signed request");
            }
            tables.delete(subscription);
        });
    }

    /** Ends a subscription; one that is not there is no error. */
    UnsubscribeResponse unsubscribe(UnsubscribeRequest request) {
        if (!Arn.isArn(request.subscriptionArn())) {
            throw Errors.invalid("SubscriptionArn Reason: An ARN must have at least 6 elements, not 1");
        }
        if (!Arn.parse(request.subscriptionArn()).region().equals(Call.current().region())) {
            throw Errors.invalid("SubscriptionArn");
        }
        find(request.subscriptionArn()).ifPresent(tables::delete);
        return UnsubscribeResponse.builder().build();
    }

    private Optional<SubscriptionRecord> find(@Nullable String arn) {
        String[] parts = arn == null ? new String[0] : arn.split(":");
        return parts.length == 7
                ? tables.subscription(new Scope(parts[4], parts[3]), parts[5], parts[6])
                : Optional.empty();
    }

    private SubscriptionRecord of(String arn) {
        if (Arn.find(arn)
                .filter(a -> a.region().equals(Call.current().region()))
                .isEmpty()) {
            throw Errors.invalid("SubscriptionArn");
        }
        return find(arn).orElseThrow(Errors::noSubscription);
    }

    ListSubscriptionsResponse list(ListSubscriptionsRequest request) {
        Scope scope = Call.current().scope();
        String listing = "sns.subscriptions/" + scope;
        Page<SubscriptionRecord> page = tables.subscriptions(
                scope,
                Query.all().after(topics.cursor(listing, request.nextToken())).limit(PAGE));
        return ListSubscriptionsResponse.builder()
                .subscriptions(shown(page))
                .nextToken(topics.token(listing, page))
                .build();
    }

    ListSubscriptionsByTopicResponse list(ListSubscriptionsByTopicRequest request) {
        TopicRecord topic = topics.of(request.topicArn());
        String listing = "sns.subscriptions/" + topic.arn();
        Page<SubscriptionRecord> page = tables.subscriptions(
                topic.scope(),
                Query.prefix(topic.name() + "/")
                        .after(topics.cursor(listing, request.nextToken()))
                        .limit(PAGE));
        return ListSubscriptionsByTopicResponse.builder()
                .subscriptions(shown(page))
                .nextToken(topics.token(listing, page))
                .build();
    }

    private static List<Subscription> shown(Page<SubscriptionRecord> page) {
        return page.values().stream()
                .map(s -> Subscription.builder()
                        .subscriptionArn(s.confirmed() ? s.arn() : PENDING)
                        .owner(s.owner())
                        .protocol(s.protocol())
                        .endpoint(s.endpoint())
                        .topicArn(s.topicArn())
                        .build())
                .toList();
    }

    GetSubscriptionAttributesResponse attributes(GetSubscriptionAttributesRequest request) {
        SubscriptionRecord subscription = of(request.subscriptionArn());
        Map<String, String> all = new LinkedHashMap<>();
        all.put("SubscriptionArn", subscription.arn());
        all.put("TopicArn", subscription.topicArn());
        all.put("Owner", subscription.owner());
        all.put("Protocol", subscription.protocol());
        all.put("Endpoint", subscription.endpoint());
        all.put(SubscriptionAttributes.RAW, "false");
        all.put("PendingConfirmation", Boolean.toString(!subscription.confirmed()));
        all.put(
                "ConfirmationWasAuthenticated",
                Boolean.toString(
                        subscription.authenticated() || subscription.protocol().equals("sqs")));
        if (!subscription.attribute(SubscriptionAttributes.FILTER).isEmpty()) {
            all.put(SubscriptionAttributes.FILTER_SCOPE, "MessageAttributes");
        }
        all.putAll(subscription.attributes());
        return GetSubscriptionAttributesResponse.builder().attributes(all).build();
    }

    SetSubscriptionAttributesResponse set(SetSubscriptionAttributesRequest request) {
        SubscriptionRecord subscription = of(request.subscriptionArn());
        String value = request.attributeValue() == null ? "" : request.attributeValue();
        tables.put(subscription.withAttributes(SubscriptionAttributes.changed(
                subscription.attributes(), Map.of(request.attributeName(), value), subscription.protocol())));
        return SetSubscriptionAttributesResponse.builder().build();
    }
}

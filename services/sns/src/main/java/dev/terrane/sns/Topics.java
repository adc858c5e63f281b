package dev.terrane.sns;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.call.SystemTags;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sns.model.CreateTopicRequest;
import software.amazon.awssdk.services.sns.model.CreateTopicResponse;
import software.amazon.awssdk.services.sns.model.DeleteTopicRequest;
import software.amazon.awssdk.services.sns.model.DeleteTopicResponse;
import software.amazon.awssdk.services.sns.model.GetTopicAttributesRequest;
import software.amazon.awssdk.services.sns.model.GetTopicAttributesResponse;
import software.amazon.awssdk.services.sns.model.ListTopicsRequest;
import software.amazon.awssdk.services.sns.model.ListTopicsResponse;
import software.amazon.awssdk.services.sns.model.SetTopicAttributesRequest;
import software.amazon.awssdk.services.sns.model.SetTopicAttributesResponse;
import software.amazon.awssdk.services.sns.model.Topic;

/** Topics and their attributes. */
final class Topics {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,256}|[A-Za-z0-9_-]{1,251}\\.fifo");
    private static final int PAGE = 100;

    private final SnsTables tables;
    private final Clock clock;
    private final PageTokens pages;

    Topics(SnsTables tables, Clock clock, PageTokens pages) {
        this.tables = tables;
        this.clock = clock;
        this.pages = pages;
    }

    /** The topic of an ARN, as it is now. */
    TopicRecord of(@Nullable String arn) {
        return find(arn).orElseThrow(Errors::noTopic);
    }

    Optional<TopicRecord> find(@Nullable String arn) {
        Arn topic = arn == null
                ? null
                : Arn.find(arn).filter(a -> a.service().equals("sns")).orElse(null);
        // A topic is reached in its region only.
        if (topic == null
                || (Call.isServed() && !topic.region().equals(Call.current().region()))) {
            throw Errors.invalid("TopicArn");
        }
        return tables.peekTopic(new Scope(topic.account(), topic.region()), topic.resource());
    }

    /** The topic of an ARN, which must stay as it is until the call's commit. */
    TopicRecord forChange(@Nullable String arn) {
        TopicRecord topic = of(arn);
        return tables.topic(topic.scope(), topic.name()).orElseThrow(Errors::noTopic);
    }

    CreateTopicResponse create(CreateTopicRequest request) {
        Scope scope = Call.current().scope();
        String name = request.name();
        if (!NAME.matcher(name).matches()) {
            throw Errors.invalid("Topic Name");
        }
        if (request.dataProtectionPolicy() != null) {
            throw Errors.invalid("DataProtectionPolicy is not offered here");
        }
        boolean fifo = name.endsWith(TopicRecord.FIFO_SUFFIX);
        if (fifo != "true".equals(request.attributes().get(TopicAttributes.FIFO))) {
            throw Errors.invalid(
                    fifo
                            ? "Topic Name"
                            : "Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters,"
                                    + " numbers, underscores, and hyphens, and must be between 1 and 256 characters long.");
        }
        Map<String, String> attributes = TopicAttributes.changed(Map.of(), request.attributes(), fifo);
        Map<String, String> tags = TopicTags.added(Map.of(), request.tags());
        Optional<TopicRecord> present = tables.topic(scope, name);
        if (present.isPresent()) {
            attributes.forEach((attribute, value) -> {
                if (!present.get().attribute(attribute).equals(value)) {
                    throw Errors.invalid("Attributes Reason: Topic already exists with different attributes");
                }
            });
            if (!request.tags().isEmpty()
                    && !SystemTags.without(present.get().tags()).equals(SystemTags.without(tags))) {
                throw Errors.invalid("Tags Reason: Topic already exists with different tags");
            }
            return CreateTopicResponse.builder().topicArn(present.get().arn()).build();
        }
        TopicRecord topic = new TopicRecord(scope.account(), scope.region(), name, attributes, tags, clock.instant());
        tables.put(topic);
        return CreateTopicResponse.builder().topicArn(topic.arn()).build();
    }

    /** Deletes a topic with its subscriptions; one that is not there is no error. */
    DeleteTopicResponse delete(DeleteTopicRequest request) {
        find(request.topicArn()).ifPresent(topic -> {
            tables.subscriptions(topic).forEach(tables::delete);
            tables.delete(topic);
        });
        return DeleteTopicResponse.builder().build();
    }

    ListTopicsResponse list(ListTopicsRequest request) {
        Scope scope = Call.current().scope();
        String listing = "sns.topics/" + scope;
        Page<TopicRecord> page = tables.topics(
                scope, Query.all().after(cursor(listing, request.nextToken())).limit(PAGE));
        return ListTopicsResponse.builder()
                .topics(page.values().stream()
                        .map(topic -> Topic.builder().topicArn(topic.arn()).build())
                        .toList())
                .nextToken(token(listing, page))
                .build();
    }

    Optional<String> cursor(String listing, @Nullable String token) {
        return token == null
                ? Optional.empty()
                : Optional.of(pages.decode(listing, token).orElseThrow(() -> Errors.invalid("NextToken")));
    }

    @Nullable
    String token(String listing, Page<?> page) {
        return page.next().map(next -> pages.encode(listing, next)).orElse(null);
    }

    GetTopicAttributesResponse attributes(GetTopicAttributesRequest request) {
        TopicRecord topic = of(request.topicArn());
        List<SubscriptionRecord> subscriptions = tables.subscriptions(topic);
        long confirmed =
                subscriptions.stream().filter(SubscriptionRecord::confirmed).count();
        Map<String, String> all = TopicAttributes.shown(topic);
        all.put("SubscriptionsConfirmed", Long.toString(confirmed));
        all.put("SubscriptionsPending", Long.toString(subscriptions.size() - confirmed));
        all.put("SubscriptionsDeleted", "0");
        return GetTopicAttributesResponse.builder().attributes(all).build();
    }

    SetTopicAttributesResponse set(SetTopicAttributesRequest request) {
        TopicRecord topic = forChange(request.topicArn());
        String name = request.attributeName();
        if (name.equals(TopicAttributes.FIFO)) {
            throw Errors.invalid("AttributeName");
        }
        String value = request.attributeValue() == null ? "" : request.attributeValue();
        tables.put(
                topic.withAttributes(TopicAttributes.changed(topic.attributes(), Map.of(name, value), topic.fifo())));
        return SetTopicAttributesResponse.builder().build();
    }
}

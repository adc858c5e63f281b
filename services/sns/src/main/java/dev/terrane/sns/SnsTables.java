package dev.terrane.sns;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.fifo.DeduplicationIds;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** SNS's rows. What waits for delivery stands together for the whole installation. */
final class SnsTables {
    private static final Scope ALL = Scope.INSTALLATION;
    private static final String DUE = "due";

    private final Store store;
    private final Rows<TopicRecord> topics;
    private final Rows<SubscriptionRecord> subscriptions;
    private final Rows<NoticeRecord> notices;
    private final Rows<DeliveryRecord> deliveries;
    private final DeduplicationIds deduplications;
    private final Rows<SigningKeyRecord> keys;

    SnsTables(Store store) {
        this.store = store;
        topics = store.rows(Table.of("sns.topic", TopicRecord.class, TopicRecord::name));
        subscriptions = store.rows(Table.of("sns.subscription", SubscriptionRecord.class, SubscriptionRecord::key));
        notices = store.rows(Table.of("sns.notice", NoticeRecord.class, NoticeRecord::key));
        deliveries = store.rows(Table.of("sns.delivery", DeliveryRecord.class, DeliveryRecord::key)
                .index(DUE, DeliveryRecord::dueKey));
        deduplications = new DeduplicationIds(store, "sns.deduplication");
        keys = store.rows(Table.of("sns.signing", SigningKeyRecord.class, SigningKeyRecord::id));
    }

    <T> T transact(Supplier<T> work) {
        return store.transact(work);
    }

    void transact(Runnable work) {
        store.transact(work);
    }

    void afterCommit(Runnable work) {
        store.afterCommit(work);
    }

    Optional<TopicRecord> topic(Scope scope, String name) {
        return topics.get(scope, name);
    }

    Optional<TopicRecord> peekTopic(Scope scope, String name) {
        return topics.peek(scope, name);
    }

    Page<TopicRecord> topics(Scope scope, Query query) {
        return topics.list(scope, query);
    }

    void put(TopicRecord topic) {
        topics.put(topic.scope(), topic);
    }

    void delete(TopicRecord topic) {
        topics.delete(topic.scope(), topic.name());
    }

    Optional<SubscriptionRecord> subscription(Scope scope, String topic, String id) {
        return subscriptions.get(scope, SubscriptionRecord.key(topic, id));
    }

    Optional<SubscriptionRecord> peekSubscription(Scope scope, String topic, String id) {
        return subscriptions.peek(scope, SubscriptionRecord.key(topic, id));
    }

    Page<SubscriptionRecord> subscriptions(Scope scope, Query query) {
        return subscriptions.list(scope, query);
    }

    List<SubscriptionRecord> subscriptions(TopicRecord topic) {
        return subscriptions
                .list(topic.scope(), Query.prefix(topic.name() + "/").limit(Integer.MAX_VALUE - 1))
                .values();
    }

    void everySubscription(BiConsumer<Scope, SubscriptionRecord> visitor) {
        subscriptions.everywhere(visitor);
    }

    void put(SubscriptionRecord subscription) {
        subscriptions.put(subscription.scope(), subscription);
    }

    void delete(SubscriptionRecord subscription) {
        subscriptions.delete(subscription.scope(), subscription.key());
    }

    Optional<NoticeRecord> notice(String key) {
        return notices.peek(ALL, key);
    }

    List<NoticeRecord> notices(String topicKey, int most) {
        return notices.list(ALL, Query.prefix(topicKey).limit(most)).values();
    }

    void eachNotice(Consumer<NoticeRecord> visitor) {
        notices.everywhere((scope, notice) -> visitor.accept(notice));
    }

    void put(NoticeRecord notice) {
        notices.put(ALL, notice);
    }

    void deleteNotice(String key) {
        notices.delete(ALL, key);
    }

    List<DeliveryRecord> dueDeliveries(Instant now, int most) {
        return deliveries
                .list(
                        ALL,
                        Query.index(DUE)
                                .between("", DeliveryRecord.dueKey(now.plusMillis(1)))
                                .limit(most))
                .values();
    }

    Optional<DeliveryRecord> delivery(String key) {
        return deliveries.get(ALL, key);
    }

    Optional<Instant> nextDue() {
        return deliveries.list(ALL, Query.index(DUE).limit(1)).values().stream()
                .findFirst()
                .map(DeliveryRecord::due);
    }

    void put(DeliveryRecord delivery) {
        deliveries.put(ALL, delivery);
    }

    void deleteDelivery(String key) {
        deliveries.delete(ALL, key);
    }

    DeduplicationIds deduplications() {
        return deduplications;
    }

    Optional<SigningKeyRecord> signingKey() {
        return keys.get(ALL, SigningKeyRecord.ONLY);
    }

    void put(SigningKeyRecord key) {
        keys.put(ALL, key);
    }
}

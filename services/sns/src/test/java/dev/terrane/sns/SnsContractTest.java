package dev.terrane.sns;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.sqs.SqsService;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Exceptions;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.Tag;
import software.amazon.awssdk.services.sqs.SqsClient;

final class SnsContractTest extends ServiceContractSuite<SnsClient> {
    SnsContractTest() {
        super(SnsClient.class);
    }

    @Override
    protected TestServer start() {
        return TestServer.with(SnsService::new, SqsService::new);
    }

    @Override
    protected Names example(SnsClient client, String name) {

        String topic = client.createTopic(r -> r.name(name)
                        .tags(Tag.builder().key("made").value("here").build()))
                .topicArn();
        server().client(SqsClient.class).createQueue(r -> r.queueName(name));
        String subscription = client.subscribe(r -> r.topicArn(topic)
                        .protocol("sqs")
                        .endpoint(Arn.of("sqs", TestServer.REGION, TestServer.ACCOUNT, name)
                                .toString()))
                .subscriptionArn();
        return Names.of("TopicArn", topic)
                .and("ResourceArn", topic)
                .and("SubscriptionArn", subscription)
                .and("Name", name)
                .and("AWSAccountId", TestServer.ACCOUNT)
                .and("AWSAccountIds", TestServer.ACCOUNT)
                .and("ActionName", "Publish")
                .and("ActionNames", "Publish")
                .and("Publish.TopicArn", topic)
                .and("SetTopicAttributes.AttributeName", "DisplayName")
                .and("SetTopicAttributes.AttributeValue", "example")
                .and("SetSubscriptionAttributes.AttributeName", "RawMessageDelivery")
                .and("SetSubscriptionAttributes.AttributeValue", "true");
    }

    @Override
    protected Missing missing() {
        return Missing.none()
                .and("TopicArn", arn("none"), "NotFound")
                .and("ResourceArn", arn("none"), "ResourceNotFound")
                .and("SubscriptionArn", arn("example1:01234567-89ab-cdef-0123-456789abcdef"), "NotFound");
    }

    private static String arn(String topic) {
        return Arn.of("sns", TestServer.REGION, TestServer.ACCOUNT, topic).toString();
    }

    @Override
    protected void exceptions(Exceptions except) {
        except.to("not-found", "DeleteTopic.TopicArn", "\"This action is idempotent\"")
                .to("not-found", "Unsubscribe.SubscriptionArn", "what is gone already is no error")
                .to("not-found", "ConfirmSubscription.TopicArn", "the token is read first, and is of another topic");
    }
}

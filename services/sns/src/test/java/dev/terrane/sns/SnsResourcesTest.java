package dev.terrane.sns;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.sqs.SqsService;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.ResourceExample;
import dev.terrane.testkit.resource.ResourceTypeSuite;
import java.util.List;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

class SnsResourcesTest extends ResourceTypeSuite {
    @Override
    protected TestServer start() {
        return TestServer.with(SnsService::new, SqsService::new);
    }

    @Override
    protected List<String> spaces() {
        return List.of("AWS::SNS::");
    }

    @Override
    protected List<ResourceExample> examples(TestServer on) {
        for (String name : List.of("one", "two", "dead")) {
            on.client(SqsClient.class).createQueue(r -> r.queueName(name));
        }
        SnsClient sns = on.client(SnsClient.class);
        String there = sns.createTopic(r -> r.name("there")).topicArn();
        String other = sns.createTopic(r -> r.name("other")).topicArn();
        String policy = "{'Version':'2012-10-17','Statement':[{'Sid':'%s','Effect':'Allow','Principal':{'Service':"
                + "'events.amazonaws.com'},'Action':'sns:Publish','Resource':'*'}]}";
        String subscription = "{'TopicArn':'" + there + "','Protocol':'sqs','Endpoint':'" + queue("one") + "'";
        return List.of(
                ResourceExample.of("AWS::SNS::Topic", "{}")
                        .then("{'DisplayName':'d'}")
                        .then("{}"),
                ResourceExample.of(
                                "AWS::SNS::Topic",
                                "{'TopicName':'orders','DisplayName':'d','SignatureVersion':'2','Subscription':["
                                        + to("two") + "," + to("one")
                                        + "],'Tags':[{'Key':'b','Value':'1'},{'Key':'a','Value':'2'}]}")
                        .alone()
                        .then("{'TopicName':'orders','TracingConfig':'PassThrough','SignatureVersion':'1',"
                                + "'Subscription':[" + to("one") + "," + to("dead")
                                + "],'Tags':[{'Key':'a','Value':'3'}]}")
                        .then("{'TopicName':'orders'}"),
                ResourceExample.of(
                                "AWS::SNS::Topic",
                                "{'TopicName':'orders.fifo','FifoTopic':true,'ContentBasedDeduplication':true,"
                                        + "'FifoThroughputScope':'MessageGroup'}")
                        .then("{'TopicName':'orders.fifo','FifoTopic':true,'ContentBasedDeduplication':false,"
                                + "'FifoThroughputScope':'Topic'}"),
                ResourceExample.of(
                                "AWS::SNS::Subscription",
                                subscription + ",'RawMessageDelivery':true,'FilterPolicy':{'kind':['a']},"
                                        + "'RedrivePolicy':{'deadLetterTargetArn':'" + queue("dead") + "'}}")
                        .then(subscription + ",'FilterPolicyScope':'MessageBody','FilterPolicy':{'a':{'b':['c']}}}")
                        .then(subscription + ",'FilterPolicyScope':'MessageAttributes','FilterPolicy':{'a':['c']}}")
                        .then(subscription + ",'RawMessageDelivery':false}"),
                ResourceExample.of(
                                "AWS::SNS::Subscription",
                                "{'TopicArn':'" + there + "','Protocol':'http','Endpoint':'http://127.0.0.1:1/',"
                                        + "'DeliveryPolicy':{'healthyRetryPolicy':{'numRetries':2}}}")
                        .unlisted()
                        .then("{'TopicArn':'" + there + "','Protocol':'http','Endpoint':'http://127.0.0.1:1/'}"),
                ResourceExample.of(
                                "AWS::SNS::TopicPolicy",
                                "{'Topics':['" + there + "','" + other + "'],'PolicyDocument':"
                                        + policy.formatted("one") + "}")
                        .then("{'Topics':['" + other + "'],'PolicyDocument':" + policy.formatted("two") + "}"),
                ResourceExample.of(
                                "AWS::SNS::TopicInlinePolicy",
                                "{'TopicArn':'" + there + "','PolicyDocument':" + policy.formatted("one") + "}")
                        .alone()
                        .then("{'TopicArn':'" + there + "','PolicyDocument':" + policy.formatted("two") + "}"));
    }

    private static String to(String queue) {
        return "{'Protocol':'sqs','Endpoint':'" + queue(queue) + "'}";
    }

    private static Arn queue(String name) {
        return Arn.of("sqs", TestServer.REGION, TestServer.ACCOUNT, name);
    }
}

package dev.terrane.sqs;

import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.ResourceExample;
import dev.terrane.testkit.resource.ResourceTypeSuite;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class SqsResourcesTest extends ResourceTypeSuite {
    @Override
    protected TestServer start() {
        return TestServer.with(SqsService::new);
    }

    @Override
    protected List<String> spaces() {
        return List.of("AWS::SQS::");
    }

    @Override
    protected List<ResourceExample> examples(TestServer on) {
        SqsClient sqs = on.client(SqsClient.class);
        String shared = sqs.createQueue(r -> r.queueName("shared")).queueUrl();
        sqs.createQueue(r -> r.queueName("dead.fifo").attributes(Map.of(QueueAttributeName.FIFO_QUEUE, "true")));
        String policy = "{'Version':'2012-10-17','Statement':[{'Sid':'%s','Effect':'Allow','Principal':'*',"
                + "'Action':'sqs:SendMessage','Resource':'*'}]}";
        return List.of(
                ResourceExample.of("AWS::SQS::Queue", "{}")
                        .then("{'VisibilityTimeout':60,'Tags':[{'Key':'a','Value':'1'},{'Key':'b','Value':'2'}]}")
                        .then("{'DelaySeconds':5,'Tags':[{'Key':'b','Value':'3'}]}"),
                ResourceExample.of(
                                "AWS::SQS::Queue",
                                "{'QueueName':'orders.fifo','FifoQueue':true,'ContentBasedDeduplication':true,"
                                        + "'RedrivePolicy':{'deadLetterTargetArn':'arn:aws:sqs:us-east-1:123456789012:dead.fifo',"
                                        + "'maxReceiveCount':3}}")
                        .alone()
                        .then("{'QueueName':'orders.fifo','FifoQueue':true}"),
                ResourceExample.of(
                                "AWS::SQS::QueueInlinePolicy",
                                "{'Queue':'" + shared + "','PolicyDocument':" + policy.formatted("one") + "}")
                        .alone()
                        .then("{'Queue':'" + shared + "','PolicyDocument':" + policy.formatted("two") + "}"),
                ResourceExample.of(
                                "AWS::SQS::QueuePolicy",
                                "{'Queues':['" + shared + "'],'PolicyDocument':" + policy.formatted("one") + "}")
                        .then("{'Queues':['" + shared + "'],'PolicyDocument':" + policy.formatted("two") + "}"));
    }
}

package dev.terrane.sqs;

import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Exceptions;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import dev.terrane.testkit.contract.Tagging;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.SqsClient;

final class SqsContractTest extends ServiceContractSuite<SqsClient> {
    private static final String MISSING = "QueueDoesNotExist";

    SqsContractTest() {
        super(SqsClient.class);
    }

    @Override
    protected TestServer start() {
        return TestServer.with(SqsService::new);
    }

    @Override
    protected Names example(SqsClient sqs, String name) {
        String url = sqs.createQueue(r -> r.queueName(name).tags(Map.of("made", "here")))
                .queueUrl();
        sqs.sendMessage(r -> r.queueUrl(url).messageBody("hello"));
        return Names.of("QueueUrl", url)
                .and("QueueName", name)
                .and(
                        "ReceiptHandle",
                        sqs.receiveMessage(r -> r.queueUrl(url))
                                .messages()
                                .getFirst()
                                .receiptHandle())
                .and("AWSAccountIds", TestServer.ACCOUNT)
                .and("Actions", "SendMessage");
    }

    @Override
    protected Missing missing() {
        return Missing.none()
                .and("QueueUrl", server().url() + "/" + TestServer.ACCOUNT + "/none", MISSING)
                .and("GetQueueUrl.QueueName", "none", MISSING);
    }

    @Override
    protected List<Tagging> tagging() {
        return List.of(new Tagging("TagQueue", "UntagQueue", "ListQueueTags"));
    }

    @Override
    protected void exceptions(Exceptions except) {
        except.to("waits", "ReceiveMessage.WaitTimeSeconds", "long polling")
                .to("exists", "CreateQueue", "the same name with the same attributes gives the same queue");
    }
}

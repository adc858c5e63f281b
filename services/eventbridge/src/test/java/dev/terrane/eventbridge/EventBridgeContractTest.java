package dev.terrane.eventbridge;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.sqs.SqsService;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.Tag;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.SqsClient;

final class EventBridgeContractTest extends ServiceContractSuite<EventBridgeClient> {
    EventBridgeContractTest() {
        super(EventBridgeClient.class);
    }

    @Override
    protected TestServer start() {
        return TestServer.with(EventBridgeService::new, SqsService::new);
    }

    @Override
    protected Names example(EventBridgeClient client, String name) {

        server().client(SqsClient.class).createQueue(r -> r.queueName(name));
        String queue =
                Arn.of("sqs", TestServer.REGION, TestServer.ACCOUNT, name).toString();
        Tag made = Tag.builder().key("made").value("here").build();
        client.createEventBus(r -> r.name("bus-" + name).tags(made));
        String rule = client.putRule(
                        r -> r.name(name).eventPattern("{\"source\":[\"app\"]}").tags(made))
                .ruleArn();
        client.putTargets(r -> r.rule(name)
                .targets(
                        Target.builder().id("1").arn(queue).build(),
                        Target.builder().id("2").arn(queue).build()));
        return Names.of("Name", name)
                .and("CreateEventBus.Name", "bus-" + name)
                .and("DeleteEventBus.Name", "bus-" + name)
                .and("DescribeEventBus.Name", "bus-" + name)
                .and("UpdateEventBus.Name", "bus-" + name)
                .and("Rule", name)
                .and("TargetArn", queue)
                .and("Targets", Target.builder().id("1").arn(queue).build())
                .and("Ids", "1")
                .and("ResourceARN", rule)
                .and("PutRule.EventPattern", "{\"source\":[\"app\"]}")
                .and("EventPattern", "{\"source\":[\"app\"]}")
                .and("PutPermission.EventBusName", "bus-" + name)
                .and("PutPermission.Action", "events:PutEvents")
                .and("PutPermission.Principal", "210987654321")
                .and("PutPermission.StatementId", "other")
                .and("RemovePermission.EventBusName", "bus-" + name)
                .and("RemovePermission.StatementId", "other");
    }

    @Override
    protected Missing missing() {
        return Missing.none()
                .and("DescribeRule.Name", "none", "ResourceNotFoundException")
                .and("EnableRule.Name", "none", "ResourceNotFoundException")
                .and("DisableRule.Name", "none", "ResourceNotFoundException")
                .and("DescribeEventBus.Name", "none", "ResourceNotFoundException")
                .and("UpdateEventBus.Name", "none", "ResourceNotFoundException")
                .and("PutPermission.EventBusName", "none", "ResourceNotFoundException")
                .and("RemovePermission.EventBusName", "none", "ResourceNotFoundException")
                .and("Rule", "none", "ResourceNotFoundException")
                .and(
                        "ResourceARN",
                        Arn.of("events", TestServer.REGION, TestServer.ACCOUNT, "rule/none")
                                .toString(),
                        "ResourceNotFoundException");
    }
}

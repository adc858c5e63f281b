package acceptance;

import software.amazon.awscdk.App;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sns.subscriptions.SqsSubscription;
import software.amazon.awscdk.services.sqs.DeadLetterQueue;
import software.amazon.awscdk.services.sqs.Queue;

/** A stack with a queue, and another one that uses it: CDK exports and imports what goes across. */
public final class Orders {
    private Orders() {}

    public static void main(String[] arguments) {
        App app = new App();
        Stack queues = new Stack(app, "Queues");
        Queue failed = Queue.Builder.create(queues, "Failed")
                .retentionPeriod(Duration.days(14))
                .build();
        Queue orders = Queue.Builder.create(queues, "Orders")
                .visibilityTimeout(Duration.seconds(50))
                .deadLetterQueue(DeadLetterQueue.builder()
                        .queue(failed)
                        .maxReceiveCount(3)
                        .build())
                .build();
        Topic placed = new Topic(queues, "Placed");
        placed.addSubscription(new SqsSubscription(orders));
        CfnOutput.Builder.create(queues, "QueueUrl").value(orders.getQueueUrl()).build();

        Stack shop = new Stack(app, "Shop");
        Role clerk = Role.Builder.create(shop, "Clerk")
                .assumedBy(new ServicePrincipal("codebuild.amazonaws.com"))
                .build();
        orders.grantConsumeMessages(clerk);
        placed.grantPublish(clerk);
        CfnOutput.Builder.create(shop, "RoleName").value(clerk.getRoleName()).build();
        app.synth();
    }
}

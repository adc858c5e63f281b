package news;

import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.sns.Topic;

/** A topic with a role that may publish to it. */
public final class App {
    private App() {}

    public static void main(String[] arguments) {
        var app = new software.amazon.awscdk.App();
        Stack stack = new Stack(app, "News");
        Topic topic = Topic.Builder.create(stack, "Topic").displayName("News").build();
        topic.grantPublish(Role.Builder.create(stack, "Publisher")
                .assumedBy(new ServicePrincipal("codebuild.amazonaws.com"))
                .build());
        CfnOutput.Builder.create(stack, "TopicArn").value(topic.getTopicArn()).build();
        app.synth();
    }
}

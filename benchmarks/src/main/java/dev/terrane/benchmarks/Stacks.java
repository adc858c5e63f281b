package dev.terrane.benchmarks;

import dev.terrane.kernel.clock.Clock;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Stacks of queues that do not depend on each other, from the request until they are complete. */
final class Stacks {
    private final SignedClient client;
    private final String name;
    private final String template;
    private final Duration pause;

    /** @param pause between two looks at a stack's status */
    Stacks(SignedClient client, int queues, Duration pause) {
        this.client = client;
        this.name = "bench-" + queues + "-" + pause.toMillis() + "-";
        this.template = URLEncoder.encode(template(queues), StandardCharsets.UTF_8);
        this.pause = pause;
    }

    /** Makes a stack and waits for it. */
    void create(int n) throws IOException, InterruptedException {
        client.query(
                "cloudformation",
                "Action=CreateStack&Version=2010-05-15&StackName=" + name + n + "&TemplateBody=" + template);
        while (!status(n).equals("CREATE_COMPLETE")) {
            Clock.system().sleep(pause);
        }
    }

    private String status(int n) throws IOException, InterruptedException {
        String xml = new String(
                client.query("cloudformation", "Action=DescribeStacks&Version=2010-05-15&StackName=" + name + n),
                StandardCharsets.UTF_8);
        int begin = xml.indexOf("<StackStatus>") + "<StackStatus>".length();
        String status = xml.substring(begin, xml.indexOf('<', begin));
        if (status.contains("ROLLBACK") || status.contains("FAILED")) {
            throw new IOException("The stack is in " + status);
        }
        return status;
    }

    private static String template(int queues) {
        StringBuilder template = new StringBuilder("{\"Resources\":{");
        for (int i = 0; i < queues; i++) {
            template.append(i == 0 ? "" : ",")
                    .append("\"Q")
                    .append(i)
                    .append("\":{\"Type\":\"AWS::SQS::Queue\",\"Properties\":{\"VisibilityTimeout\":45}}");
        }
        return template.append("}}").toString();
    }
}

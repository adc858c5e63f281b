package dev.terrane.benchmarks;

import dev.terrane.kernel.clock.Clock;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Stacks of 50 queues, from the request until they are complete. */
final class Stacks {
    private static final int RESOURCES = 50;
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final String TEMPLATE = URLEncoder.encode(template(), StandardCharsets.UTF_8);

    private final SignedClient client;

    Stacks(SignedClient client) {
        this.client = client;
    }

    /** Makes a stack and waits for it. */
    void create(int n) throws IOException, InterruptedException {
        client.query(
                "cloudformation",
                "Action=CreateStack&Version=2010-05-15&StackName=bench-" + n + "&TemplateBody=" + TEMPLATE);
        while (!status(n).equals("CREATE_COMPLETE")) {
            Clock.system().sleep(PAUSE);
        }
    }

    private String status(int n) throws IOException, InterruptedException {
        String xml = new String(
                client.query("cloudformation", "Action=DescribeStacks&Version=2010-05-15&StackName=bench-" + n),
                StandardCharsets.UTF_8);
        int begin = xml.indexOf("<StackStatus>") + "<StackStatus>".length();
        String status = xml.substring(begin, xml.indexOf('<', begin));
        if (status.contains("ROLLBACK") || status.contains("FAILED")) {
            throw new IOException("The stack is in " + status);
        }
        return status;
    }

    private static String template() {
        StringBuilder template = new StringBuilder("{\"Resources\":{");
        for (int i = 0; i < RESOURCES; i++) {
            template.append(i == 0 ? "" : ",")
                    .append("\"Q")
                    .append(i)
                    .append("\":{\"Type\":\"AWS::SQS::Queue\",\"Properties\":{\"VisibilityTimeout\":45}}");
        }
        return template.append("}}").toString();
    }
}

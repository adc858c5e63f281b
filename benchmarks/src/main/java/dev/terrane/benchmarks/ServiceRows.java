package dev.terrane.benchmarks;

import dev.terrane.benchmarks.Load.Result;
import dev.terrane.kernel.clock.Clock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * What services are asked most. The limit is the CPU that a peer without signatures, policies and durability needs for the same on this
 * kind of machine, in microseconds.
 */
final class ServiceRows {
    private static final String TRUST =
            "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22"
                    + "%3A%7B%22Service%22%3A%22ec2.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D";
    private static final int RULES = 1_000;

    private final SignedClient client;
    private final Load load;
    private final Table table;

    ServiceRows(SignedClient client, Load load, Table table) {
        this.client = client;
        this.load = load;
        this.table = table;
    }

    void run() throws IOException, InterruptedException {
        row("GetCallerIdentity", 0, () -> {}, n -> client.query("sts", "Action=GetCallerIdentity&Version=2011-06-15"));
        queue();
        objects();
        row(
                "CreateRole",
                241,
                () -> {},
                n -> client.query(
                        "iam",
                        "Action=CreateRole&Version=2010-05-08&RoleName=bench-" + n + "&AssumeRolePolicyDocument="
                                + TRUST));
        row(
                "PutMetricData",
                203,
                () -> {},
                n -> client.query(
                        "monitoring",
                        "Action=PutMetricData&Version=2010-08-01&Namespace=Bench&MetricData.member.1.MetricName=m"
                                + "&MetricData.member.1.Value=" + n));
        dataKeys();
        row("PutLogEvents x100", 1_184, this::logStreams, this::putLogEvents);
        row(
                "PutEvents, 1,000 rules",
                1_924,
                this::rules,
                n -> client.json(
                        "events",
                        "1.1",
                        "AWSEvents.PutEvents",
                        "{\"Entries\":[{\"Source\":\"bench\",\"DetailType\":\"bench\",\"Detail\":\"{\\\"kind\\\":\\\"k"
                                + n % RULES + "\\\",\\\"n\\\":" + n + "}\"}]}"));
    }

    private void dataKeys() throws IOException, InterruptedException {
        row(
                "GenerateDataKey",
                0,
                () -> {
                    byte[] made = client.json("kms", "1.1", "TrentService.CreateKey", "{}");
                    String key =
                            new String(made, StandardCharsets.UTF_8).replaceAll("(?s).*\"KeyId\":\"([^\"]+)\".*", "$1");
                    client.json(
                            "kms",
                            "1.1",
                            "TrentService.CreateAlias",
                            "{\"AliasName\":\"alias/bench\",\"TargetKeyId\":\"" + key + "\"}");
                },
                n -> client.json(
                        "kms",
                        "1.1",
                        "TrentService.GenerateDataKey",
                        "{\"KeyId\":\"alias/bench\",\"KeySpec\":\"AES_256\",\"EncryptionContext\":{\"n\":\"" + n
                                + "\"}}"));
    }

    private void queue() throws IOException, InterruptedException {
        String[] url = new String[1];
        row(
                "SendMessage",
                303,
                () -> url[0] = new String(
                                client.json("sqs", "1.0", "AmazonSQS.CreateQueue", "{\"QueueName\":\"bench\"}"),
                                StandardCharsets.UTF_8)
                        .replaceAll(".*\"QueueUrl\":\"([^\"]+)\".*", "$1"),
                n -> client.json(
                        "sqs",
                        "1.0",
                        "AmazonSQS.SendMessage",
                        "{\"QueueUrl\":\"" + url[0] + "\",\"MessageBody\":\"message " + n + "\"}"));
    }

    private void objects() throws IOException, InterruptedException {
        byte[] small = new byte[1024];
        byte[] large = new byte[64 << 20];
        Setup bucket = () -> client.send("s3", "PUT", "/bench-bucket", Map.of(), new byte[0]);
        Setup smallObjects = () -> {
            bucket.run();
            for (int n = 0; n < 1_000; n++) {
                client.send("s3", "PUT", "/bench-bucket/read/" + n, Map.of(), small);
            }
        };
        Setup largeObjects = () -> {
            bucket.run();
            for (int n = 0; n < 4; n++) {
                client.send("s3", "PUT", "/bench-bucket/large/" + n, Map.of(), large);
            }
        };
        row("PutObject 1 KB", 359, bucket, n -> client.send("s3", "PUT", "/bench-bucket/small/" + n, Map.of(), small));
        row(
                "GetObject 1 KB",
                126,
                smallObjects,
                n -> client.send("s3", "GET", "/bench-bucket/read/" + n % 1000, Map.of(), new byte[0]));
        row(
                "PutObject 64 MB",
                0,
                bucket,
                n -> client.send("s3", "PUT", "/bench-bucket/large/" + n % 4, Map.of(), large));
        row(
                "GetObject 64 MB",
                0,
                largeObjects,
                n -> client.send("s3", "GET", "/bench-bucket/large/" + n % 4, Map.of(), new byte[0]));
    }

    private void logStreams() throws IOException, InterruptedException {
        client.json("logs", "1.1", "Logs_20140328.CreateLogGroup", "{\"logGroupName\":\"bench\"}");
        for (int stream = 0; stream < Load.SENDERS; stream++) {
            client.json(
                    "logs",
                    "1.1",
                    "Logs_20140328.CreateLogStream",
                    "{\"logGroupName\":\"bench\",\"logStreamName\":\"s" + stream + "\"}");
        }
    }

    private void putLogEvents(int n) throws IOException, InterruptedException {
        long now = Clock.system().instant().toEpochMilli();
        StringBuilder body = new StringBuilder("{\"logGroupName\":\"bench\",\"logStreamName\":\"s")
                .append(n % Load.SENDERS)
                .append("\",\"logEvents\":[");
        for (int line = 0; line < 100; line++) {
            body.append(line == 0 ? "" : ",")
                    .append("{\"timestamp\":")
                    .append(now)
                    .append(",\"message\":\"request ")
                    .append(n)
                    .append(" line ")
                    .append(line)
                    .append(" took 12 ms and answered 200\"}");
        }
        client.json(
                "logs", "1.1", "Logs_20140328.PutLogEvents", body.append("]}").toString());
    }

    private void rules() throws IOException, InterruptedException {
        for (int rule = 0; rule < RULES; rule++) {
            client.json(
                    "events",
                    "1.1",
                    "AWSEvents.PutRule",
                    "{\"Name\":\"bench-" + rule
                            + "\",\"EventPattern\":\"{\\\"source\\\":[\\\"bench\\\"],\\\"detail\\\":{\\\"kind\\\":[\\\"k"
                            + rule + "\\\"]}}\"}");
        }
    }

    /** What must be there before a row is measured. */
    @FunctionalInterface
    private interface Setup {
        void run() throws IOException, InterruptedException;
    }

    private void row(String name, int limitMicros, Setup setup, Load.Request request)
            throws IOException, InterruptedException {
        if (!table.wants(name)) {
            return;
        }
        setup.run();
        Result result = load.measure(request);
        table.row(name, result, limitMicros, limitMicros == 0 ? "" : String.format(Locale.ROOT, "%d us", limitMicros));
    }
}

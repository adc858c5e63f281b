package dev.terrane.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.testkit.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.EnvironmentVariable;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.iam.model.CreateAccessKeyRequest;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterType;

/** What a thief of the disk reads: nothing of what callers gave to be kept. Names are no secrets: they stand in the store as they are. */
class AtRestTest {
    /** How formats begin that would hold a text without showing it: packs of Git, and what gzip, zip and zlib make. */
    private static final List<String> PACKED = List.of("5041434b", "1f8b08", "504b0304", "789c", "7801", "78da");

    private final TestServer server = start();
    private final Map<String, String> given = new LinkedHashMap<>();

    @SuppressWarnings("unchecked") // an array of constructors
    private static TestServer start() {
        return TestServer.with(Wiring.SERVICES.toArray((Function<Platform, Service>[]) new Function<?, ?>[0]));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** A text that is nowhere else. */
    private String text(String what) {
        return given.computeIfAbsent(what, _ -> "secret-" + UUID.randomUUID());
    }

    @Test
    void nothingThatWasGivenIsReadableOnDisk() throws IOException {
        keep();
        look();
        // What was in journals is in the tables by now, and what was kept for a moment is gone.
        server.restart();
        server.advance(Duration.ofHours(2));
        look();
    }

    private void keep() {
        S3Client s3 = server.client(S3Client.class);
        s3.createBucket(r -> r.bucket("kept"));
        s3.putObject(r -> r.bucket("kept").key("small"), RequestBody.fromString(text("a small object")));
        s3.putObject(
                r -> r.bucket("kept").key("large"),
                RequestBody.fromString((text("a large object") + '\n').repeat(100_000)));
        s3.putObject(
                r -> r.bucket("kept").key("metadata").metadata(Map.of("note", text("metadata of an object"))),
                RequestBody.empty());
        secrets();
        messages();
        programs();
    }

    private void secrets() {
        server.client(SecretsManagerClient.class)
                .createSecret(r -> r.name("kept").secretString(text("a secret")).description(text("a description")));
        SsmClient ssm = server.client(SsmClient.class);
        ssm.putParameter(r -> r.name("secure").type(ParameterType.SECURE_STRING).value(text("a secure parameter")));
        ssm.putParameter(r -> r.name("plain").type(ParameterType.STRING).value(text("a parameter")));
        KmsClient kms = server.client(KmsClient.class);
        String key = kms.createKey(r -> r.description(text("a key's description")))
                .keyMetadata()
                .keyId();
        kms.encrypt(r -> r.keyId(key)
                .plaintext(SdkBytes.fromUtf8String(text("what KMS encrypts")))
                .encryptionContext(Map.of("for", text("an encryption context"))));
        IamClient iam = server.client(IamClient.class);
        iam.createUser(r -> r.userName("someone"));
        iam.createLoginProfile(r -> r.userName("someone").password("Aa1!" + text("a password")));
        AccessKey made = iam.createAccessKey(
                        CreateAccessKeyRequest.builder().userName("someone").build())
                .accessKey();
        given.put("a secret access key", made.secretAccessKey());
        given.put(
                "the administrator's secret access key", server.administrator().secret());
        given.put(
                "a key pair",
                body(server.client(Ec2Client.class)
                        .createKeyPair(r -> r.keyName("kept"))
                        .keyMaterial()));
    }

    /** A line in the midst of a key in PEM. */
    private static String body(String pem) {
        return pem.lines().skip(2).findFirst().orElseThrow();
    }

    private void messages() {
        SqsClient sqs = server.client(SqsClient.class);
        String queue = sqs.createQueue(r -> r.queueName("kept")).queueUrl();
        sqs.sendMessage(r -> r.queueUrl(queue).messageBody(text("a message")));
        SnsClient sns = server.client(SnsClient.class);
        String topic = sns.createTopic(r -> r.name("kept")).topicArn();
        sns.publish(r -> r.topicArn(topic).message(text("a notice")));
        EventBridgeClient events = server.client(EventBridgeClient.class);
        events.putRule(r -> r.name("kept").eventPattern("{\"source\":[\"at.rest\"]}"));
        events.putTargets(r -> r.rule("kept")
                .targets(Target.builder()
                        .id("1")
                        .arn("arn:aws:sqs:us-east-1:" + TestServer.ACCOUNT + ":kept")
                        .build()));
        events.putEvents(r -> r.entries(PutEventsRequestEntry.builder()
                .source("at.rest")
                .detailType("kept")
                .detail("{\"text\":\"" + text("an event") + "\"}")
                .build()));
        CloudWatchLogsClient logs = server.client(CloudWatchLogsClient.class);
        logs.createLogGroup(r -> r.logGroupName("kept"));
        logs.createLogStream(r -> r.logGroupName("kept").logStreamName("one"));
        logs.putLogEvents(r -> r.logGroupName("kept")
                .logStreamName("one")
                .logEvents(InputLogEvent.builder()
                        .timestamp(server.clock().instant().toEpochMilli())
                        .message(text("a line of a log"))
                        .build()));
    }

    private void programs() {
        CodeCommitClient git = server.client(CodeCommitClient.class);
        git.createRepository(r -> r.repositoryName("kept"));
        git.putFile(r -> r.repositoryName("kept")
                .branchName("main")
                .filePath("file")
                .commitMessage(text("a commit's message"))
                .fileContent(SdkBytes.fromUtf8String(text("a file in Git"))));
        server.client(IamClient.class).createRole(r -> r.roleName("builds").assumeRolePolicyDocument("""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
                 "Principal":{"Service":"codebuild.amazonaws.com"}}]}"""));
        server.client(CodeBuildClient.class)
                .createProject(r -> r.name("kept")
                        .serviceRole("arn:aws:iam::" + TestServer.ACCOUNT + ":role/builds")
                        .source(s -> s.type("NO_SOURCE").buildspec("{version: 0.2, note: " + text("a buildspec") + "}"))
                        .artifacts(a -> a.type("NO_ARTIFACTS"))
                        .environment(e -> e.type("LINUX_CONTAINER")
                                .image("terrane/build")
                                .computeType("BUILD_GENERAL1_SMALL")
                                .environmentVariables(EnvironmentVariable.builder()
                                        .name("TOKEN")
                                        .value(text("a variable of a build"))
                                        .build())));
        server.client(CloudFormationClient.class)
                .createStack(r -> r.stackName("kept")
                        .parameters(Parameter.builder()
                                .parameterKey("Password")
                                .parameterValue(text("a parameter without echo"))
                                .build())
                        .templateBody("""
                        {"Description":"%s","Parameters":{"Password":{"Type":"String","NoEcho":true}},
                         "Resources":{"Wait":{"Type":"AWS::CloudFormation::WaitConditionHandle"}}}""".formatted(text("a template"))));
    }

    private void look() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (Stream<Path> all = Files.walk(server.folder())) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(server.folder().relativize(file).toString(), read(file));
            }
        }
        assertThat(files.keySet())
                .anyMatch(file -> file.startsWith("store"))
                .anyMatch(file -> file.startsWith("blobs"));
        // The search finds what is there: names are.
        assertThat(readable(files, "kept")).isNotEmpty();
        List<String> found = new ArrayList<>();
        given.forEach((what, text) ->
                forms(text).forEach(form -> readable(files, form).forEach(file -> found.add(what + " in " + file))));
        assertThat(found).isEmpty();
        files.forEach((name, content) -> assertThat(PACKED)
                .as("how " + name + " begins")
                .noneMatch(start -> HexFormat.of()
                        .formatHex(content, 0, Math.min(4, content.length))
                        .startsWith(start)));
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> readable(Map<String, byte[]> files, String text) {
        return files.entrySet().stream()
                .filter(file -> new String(file.getValue(), StandardCharsets.ISO_8859_1).contains(text))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** A text as it is, and as it stands in base64, wherever it begins there. */
    private static List<String> forms(String text) {
        List<String> forms = new ArrayList<>(List.of(text));
        for (int before = 0; before < 3; before++) {
            byte[] moved = ("x".repeat(before) + text).getBytes(StandardCharsets.UTF_8);
            String whole = Base64.getEncoder().encodeToString(moved);
            // What stands at the ends depends on what is beside it.
            forms.add(whole.substring(4, whole.length() - 4));
        }
        return forms;
    }
}

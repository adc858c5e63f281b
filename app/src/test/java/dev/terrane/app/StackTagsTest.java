package dev.terrane.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.testkit.MemoryCompute;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.TagDescription;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.StackDriftDetectionStatus;
import software.amazon.awssdk.services.cloudformation.model.StackDriftStatus;
import software.amazon.awssdk.services.cloudformation.model.StackResource;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ResourceTypeForTagging;

/** Stacks mark their resources by tags of AWS's own, which nobody else sets or removes ("Resource tags" of CloudFormation's guide). */
class StackTagsTest {
    private static final String TEMPLATE = """
            Resources:
              Topic: {Type: 'AWS::SNS::Topic', Properties: {Tags: [{Key: own, Value: mine}]}}
              Bucket: {Type: 'AWS::S3::Bucket'}
              Parameter: {Type: 'AWS::SSM::Parameter', Properties: {Type: String, Value: one}}
              Secret: {Type: 'AWS::SecretsManager::Secret', Properties: {SecretString: hidden}}
              Logs: {Type: 'AWS::Logs::LogGroup'}
              Alarm:
                Type: AWS::CloudWatch::Alarm
                Properties: {ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1, MetricName: m, Namespace: n, Period: 60, Statistic: Sum, Threshold: 1}
              Composite: {Type: 'AWS::CloudWatch::CompositeAlarm', Properties: {AlarmRule: !Sub 'ALARM("${Alarm}")'}}
              Bus: {Type: 'AWS::Events::EventBus', Properties: {Name: bus}}
              Rule: {Type: 'AWS::Events::Rule', Properties: {ScheduleExpression: rate(1 day)}}
              Images: {Type: 'AWS::ECR::Repository'}
              Queue: {Type: 'AWS::SQS::Queue'}
            """;

    private static final String NETWORK = """
            Resources:
              Network: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.9.0.0/16}}
              Subnet: {Type: 'AWS::EC2::Subnet', Properties: {VpcId: !Ref Network, CidrBlock: 10.9.1.0/24}}
              Routes: {Type: 'AWS::EC2::RouteTable', Properties: {VpcId: !Ref Network}}
              Gateway: {Type: 'AWS::EC2::InternetGateway'}
              Guard: {Type: 'AWS::EC2::SecurityGroup', Properties: {GroupDescription: d, VpcId: !Ref Network}}
              Template:
                Type: AWS::EC2::LaunchTemplate
                Properties: {LaunchTemplateData: {ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64', InstanceType: t3.micro}}
              Group:
                Type: AWS::AutoScaling::AutoScalingGroup
                Properties:
                  MinSize: '0'
                  MaxSize: '0'
                  AvailabilityZones: !GetAZs ''
                  LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: !GetAtt Template.LatestVersionNumber}
              Targets: {Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: {Protocol: HTTP, Port: 80, VpcId: !Ref Network}}
            """;

    private final TestServer server = start();
    private final CloudFormationClient stacks = server.client(CloudFormationClient.class);

    @SuppressWarnings("unchecked") // an array of constructors
    private static TestServer start() {
        MemoryCompute compute = new MemoryCompute();
        return TestServer.withCompute(
                (data, threads) -> compute,
                Wiring.SERVICES.toArray((Function<Platform, Service>[]) new Function<?, ?>[0]));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String status() {
        return stacks.describeStacks(r -> r.stackName("tagged"))
                .stacks()
                .getFirst()
                .stackStatusAsString();
    }

    private void until(BooleanSupplier over) {
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(1));
            return over.getAsBoolean();
        });
    }

    /** The physical ids of the stack's resources by their logical ids. */
    private Map<String, String> made(String template) {
        stacks.createStack(r -> r.stackName("tagged").templateBody(template));
        until(() -> !status().endsWith("_IN_PROGRESS"));
        assertThat(stacks.describeStackEvents(r -> r.stackName("tagged")).stackEvents().stream()
                        .filter(event -> event.resourceStatusAsString().endsWith("FAILED")))
                .isEmpty();
        assertThat(status()).isEqualTo(StackStatus.CREATE_COMPLETE.toString());
        return stacks.describeStackResources(r -> r.stackName("tagged")).stackResources().stream()
                .collect(Collectors.toMap(StackResource::logicalResourceId, StackResource::physicalResourceId));
    }

    private static String id(Map<String, String> ids, String logicalId) {
        return Optional.ofNullable(ids.get(logicalId)).orElseThrow();
    }

    @Test
    void resourcesTellOfTheirStack() {
        Map<String, String> ids = made(TEMPLATE);
        // AWS's schema of queues says that stacks do not mark them.
        String queue = id(ids, "Queue");
        ids.remove("Queue");
        assertThat(server.client(SqsClient.class)
                        .listQueueTags(r -> r.queueUrl(queue))
                        .tags())
                .isEmpty();
        assertMarked(ids);
        assertThat(tags("Topic", id(ids, "Topic"))).containsEntry("own", "mine");
        assertNothingDrifted();
        assertThatThrownBy(() -> stacks.updateStack(r -> r.stackName("tagged").templateBody(TEMPLATE)))
                .hasMessageContaining("No updates are to be performed");
    }

    @Test
    void networksAndGroupsTellOfTheirStack() {
        Map<String, String> ids = made(NETWORK);
        ids.remove("Template");
        assertMarked(ids);
        assertThat(server.client(AutoScalingClient.class)
                        .describeAutoScalingGroups()
                        .autoScalingGroups()
                        .getFirst()
                        .tags())
                .hasSize(3)
                .allMatch(TagDescription::propagateAtLaunch);
        assertNothingDrifted();
    }

    private void assertMarked(Map<String, String> ids) {
        String stack = stacks.describeStacks(r -> r.stackName("tagged"))
                .stacks()
                .getFirst()
                .stackId();
        ids.forEach((logicalId, id) -> assertThat(tags(logicalId, id))
                .as(logicalId)
                .containsEntry("aws:cloudformation:stack-name", "tagged")
                .containsEntry("aws:cloudformation:stack-id", stack)
                .containsEntry("aws:cloudformation:logical-id", logicalId));
    }

    private void assertNothingDrifted() {
        String detection = stacks.detectStackDrift(r -> r.stackName("tagged")).stackDriftDetectionId();
        until(() -> stacks.describeStackDriftDetectionStatus(r -> r.stackDriftDetectionId(detection))
                        .detectionStatus()
                == StackDriftDetectionStatus.DETECTION_COMPLETE);
        assertThat(stacks.describeStackDriftDetectionStatus(r -> r.stackDriftDetectionId(detection))
                        .stackDriftStatus())
                .isEqualTo(StackDriftStatus.IN_SYNC);
    }

    private Map<String, String> tags(String logicalId, String id) {
        return switch (logicalId) {
            case "Topic" ->
                map(server.client(SnsClient.class)
                        .listTagsForResource(r -> r.resourceArn(id))
                        .tags());
            case "Bucket" ->
                map(server.client(S3Client.class)
                        .getBucketTagging(r -> r.bucket(id))
                        .tagSet());
            case "Parameter" ->
                map(server.client(SsmClient.class)
                        .listTagsForResource(r ->
                                r.resourceType(ResourceTypeForTagging.PARAMETER).resourceId(id))
                        .tagList());
            case "Secret" ->
                map(server.client(SecretsManagerClient.class)
                        .describeSecret(r -> r.secretId(id))
                        .tags());
            case "Logs" ->
                server.client(CloudWatchLogsClient.class)
                        .listTagsForResource(r -> r.resourceArn(arn("logs", "log-group:" + id)))
                        .tags();
            case "Alarm", "Composite" ->
                map(server.client(CloudWatchClient.class)
                        .listTagsForResource(
                                r -> r.resourceARN(arn("cloudwatch", "alarm:" + id.replaceAll(".*:alarm:", ""))))
                        .tags());
            case "Bus" -> events("event-bus/bus");
            case "Rule" -> events("rule/" + id.replaceAll(".*/", ""));
            case "Images" ->
                map(server.client(EcrClient.class)
                        .listTagsForResource(r -> r.resourceArn(arn("ecr", "repository/" + id)))
                        .tags());
            case "Group" ->
                map(server.client(AutoScalingClient.class).describeTags().tags());
            case "Targets" ->
                map(server.client(ElasticLoadBalancingV2Client.class)
                        .describeTags(r -> r.resourceArns(id))
                        .tagDescriptions()
                        .getFirst()
                        .tags());
            default ->
                map(server.client(Ec2Client.class)
                        .describeTags(r -> r.filters(
                                Filter.builder().name("resource-id").values(id).build()))
                        .tags());
        };
    }

    private Map<String, String> events(String resource) {
        return map(server.client(EventBridgeClient.class)
                .listTagsForResource(r -> r.resourceARN(arn("events", resource)))
                .tags());
    }

    private static String arn(String service, String resource) {
        return String.join(":", "arn", "aws", service, TestServer.REGION, TestServer.ACCOUNT, resource);
    }

    /** Tags of any service's model. */
    private static Map<String, String> map(Collection<? extends SdkPojo> tags) {
        Map<String, String> map = new HashMap<>();
        for (SdkPojo tag : tags) {
            Map<String, String> members = new HashMap<>();
            for (SdkField<?> field : tag.sdkFields()) {
                members.put(
                        field.memberName(),
                        String.valueOf(Optional.<Object>ofNullable(field.getValueOrDefault(tag))
                                .orElse("")));
            }
            map.put(members.getOrDefault("Key", ""), members.getOrDefault("Value", ""));
        }
        return map;
    }

    @Test
    void nobodyElseSetsOrRemovesThem() {
        String topic = id(made("Resources: {Topic: {Type: 'AWS::SNS::Topic'}}"), "Topic");
        SnsClient sns = server.client(SnsClient.class);
        assertThatThrownBy(() -> sns.untagResource(r -> r.resourceArn(topic).tagKeys("aws:cloudformation:stack-name")))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> sns.tagResource(r -> r.resourceArn(topic)
                        .tags(software.amazon.awssdk.services.sns.model.Tag.builder()
                                .key("aws:cloudformation:stack-name")
                                .value("other")
                                .build())))
                .isInstanceOf(InvalidParameterException.class);
        assertThat(map(sns.listTagsForResource(r -> r.resourceArn(topic)).tags()))
                .containsEntry("aws:cloudformation:stack-name", "tagged");
    }

    @Test
    void replacingABucketsTagsMustNameThem() {
        String bucket = id(made("Resources: {Bucket: {Type: 'AWS::S3::Bucket'}}"), "Bucket");
        S3Client s3 = server.client(S3Client.class);
        assertThatThrownBy(() -> s3.putBucketTagging(r -> r.bucket(bucket)
                        .tagging(t -> t.tagSet(Tag.builder().key("a").value("b").build()))))
                .isInstanceOf(S3Exception.class)
                .hasMessageContaining("System tags cannot be removed by requester");
        s3.putBucketTagging(r -> r.bucket(bucket)
                .tagging(t -> t.tagSet(Stream.concat(
                                s3.getBucketTagging(g -> g.bucket(bucket)).tagSet().stream(),
                                Stream.of(Tag.builder().key("a").value("b").build()))
                        .toList())));
        assertThat(map(s3.getBucketTagging(r -> r.bucket(bucket)).tagSet()))
                .hasSize(4)
                .containsEntry("a", "b");
        s3.deleteBucketTagging(r -> r.bucket(bucket));
        assertThat(map(s3.getBucketTagging(r -> r.bucket(bucket)).tagSet())).hasSize(3);
    }

    /** A handler may set the tags of its own stack only: what a template says of such keys is refused as for everybody. */
    @Test
    void aTemplateDoesNotSetThem() {
        stacks.createStack(r -> r.stackName("tagged").templateBody("""
                Resources:
                  Topic: {Type: 'AWS::SNS::Topic', Properties: {Tags: [{Key: 'aws:cloudformation:stack-name', Value: other}]}}
                """));
        until(() -> !status().endsWith("_IN_PROGRESS"));
        assertThat(status()).isEqualTo(StackStatus.ROLLBACK_COMPLETE.toString());
    }
}

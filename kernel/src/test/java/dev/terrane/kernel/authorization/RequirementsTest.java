package dev.terrane.kernel.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.autoscaling.model.CreateAutoScalingGroupRequest;
import software.amazon.awssdk.services.cloudcontrol.model.GetResourceRequest;
import software.amazon.awssdk.services.cloudformation.model.DeleteStackRequest;
import software.amazon.awssdk.services.cloudtrail.model.CreateTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsRequest;
import software.amazon.awssdk.services.codebuild.model.BatchGetBuildsRequest;
import software.amazon.awssdk.services.codebuild.model.BatchGetProjectsRequest;
import software.amazon.awssdk.services.codebuild.model.CreateProjectRequest;
import software.amazon.awssdk.services.codebuild.model.StartBuildRequest;
import software.amazon.awssdk.services.codebuild.model.StopBuildRequest;
import software.amazon.awssdk.services.codecommit.model.BatchGetRepositoriesRequest;
import software.amazon.awssdk.services.codecommit.model.CreateBranchRequest;
import software.amazon.awssdk.services.codecommit.model.CreatePullRequestRequest;
import software.amazon.awssdk.services.codecommit.model.CreateRepositoryRequest;
import software.amazon.awssdk.services.codecommit.model.ListRepositoriesRequest;
import software.amazon.awssdk.services.codedeploy.model.CreateDeploymentGroupRequest;
import software.amazon.awssdk.services.codedeploy.model.CreateDeploymentRequest;
import software.amazon.awssdk.services.codepipeline.model.CreatePipelineRequest;
import software.amazon.awssdk.services.codepipeline.model.DisableStageTransitionRequest;
import software.amazon.awssdk.services.codepipeline.model.PutApprovalResultRequest;
import software.amazon.awssdk.services.codepipeline.model.StartPipelineExecutionRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.TerminateInstancesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RegisterTargetsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.PutTargetsRequest;
import software.amazon.awssdk.services.iam.model.AddRoleToInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.AttachRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.CreateRoleRequest;
import software.amazon.awssdk.services.iam.model.GetRoleRequest;
import software.amazon.awssdk.services.iam.model.ListUsersRequest;
import software.amazon.awssdk.services.kms.model.CreateAliasRequest;
import software.amazon.awssdk.services.kms.model.DecryptRequest;
import software.amazon.awssdk.services.kms.model.EncryptRequest;
import software.amazon.awssdk.services.kms.model.ReEncryptRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListBucketsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.sns.model.CreateTopicRequest;
import software.amazon.awssdk.services.sns.model.SubscribeRequest;
import software.amazon.awssdk.services.sqs.model.CreateQueueRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.ssm.model.GetParameterRequest;
import software.amazon.awssdk.services.ssm.model.GetParametersByPathRequest;
import software.amazon.awssdk.services.ssm.model.GetParametersRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;

/**
 * What requests require, by the pages of docs.aws.amazon.com/service-authorization/latest/reference/ ("Actions, resources,
 * and condition keys for …").
 */
// The SDK takes consumers of builders as varargs without @SafeVarargs.
@SuppressWarnings("unchecked")
class RequirementsTest {
    private static final ResourceScope SCOPE = ResourceScope.of("eu-west-1", "111122223333");
    private static final String ROLE = "arn:aws:iam::111122223333:role/service/worker";
    private static final String QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/444455556666/orders";
    private static final String BALANCER =
            "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188";
    private static final String TARGETS =
            "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/73e2d6bc24d8a067";

    private static Arguments row(String service, SdkPojo request, String... required) {
        return Arguments.of(service, request, List.of(required));
    }

    private static String here(String service, String resource) {
        return "arn:aws:" + service + ":eu-west-1:111122223333:" + resource;
    }

    static Stream<Arguments> messaging() {
        return Stream.of(
                row(
                        "sqs",
                        SendMessageRequest.builder().queueUrl(QUEUE_URL).build(),
                        "sqs:SendMessage arn:aws:sqs:eu-west-1:444455556666:orders"),
                row(
                        "sqs",
                        SendMessageBatchRequest.builder()
                                .queueUrl("http://127.0.0.1:4566/111122223333/orders")
                                .build(),
                        "sqs:SendMessage " + here("sqs", "orders")),
                row(
                        "sqs",
                        CreateQueueRequest.builder().queueName("orders").build(),
                        "sqs:CreateQueue " + here("sqs", "orders")),
                row(
                        "sqs",
                        GetQueueUrlRequest.builder()
                                .queueName("orders")
                                .queueOwnerAWSAccountId("444455556666")
                                .build(),
                        "sqs:GetQueueUrl arn:aws:sqs:eu-west-1:444455556666:orders"),
                row("sns", CreateTopicRequest.builder().name("news").build(), "sns:CreateTopic " + here("sns", "news")),
                row(
                        "sns",
                        SubscribeRequest.builder()
                                .topicArn(here("sns", "news"))
                                .protocol("sqs")
                                .endpoint(here("sqs", "orders"))
                                .build(),
                        "sns:Subscribe " + here("sns", "news")),
                row(
                        "eventbridge",
                        PutRuleRequest.builder().name("nightly").build(),
                        "events:PutRule " + here("events", "rule/nightly")),
                row(
                        "eventbridge",
                        PutTargetsRequest.builder()
                                .rule("pushed")
                                .eventBusName("build")
                                .targets(t -> t.id("1")
                                        .arn(here("codepipeline", "release"))
                                        .roleArn(ROLE))
                                .build(),
                        "events:PutTargets " + here("events", "rule/build/pushed"),
                        "iam:PassRole " + ROLE),
                row(
                        "eventbridge",
                        PutEventsRequest.builder().entries(e -> e.source("x")).build(),
                        "events:PutEvents " + here("events", "event-bus/default")));
    }

    static Stream<Arguments> storage() {
        return Stream.of(
                row("s3", ListBucketsRequest.builder().build(), "s3:ListAllMyBuckets *"),
                row(
                        "s3",
                        ListObjectsV2Request.builder().bucket("b").prefix("p/").build(),
                        "s3:ListBucket arn:aws:s3:::b"),
                row(
                        "s3",
                        HeadObjectRequest.builder().bucket("b").key("k/1").build(),
                        "s3:GetObject arn:aws:s3:::b/k/1"),
                row(
                        "s3",
                        GetObjectRequest.builder()
                                .bucket("b")
                                .key("k")
                                .versionId("v")
                                .build(),
                        "s3:GetObjectVersion arn:aws:s3:::b/k"),
                row(
                        "s3",
                        CreateMultipartUploadRequest.builder()
                                .bucket("b")
                                .key("k")
                                .build(),
                        "s3:PutObject arn:aws:s3:::b/k"),
                row(
                        "s3",
                        PutObjectRequest.builder()
                                .bucket("b")
                                .key("k")
                                .tagging("team=a")
                                .build(),
                        "s3:PutObject arn:aws:s3:::b/k",
                        "s3:PutObjectTagging arn:aws:s3:::b/k"),
                row(
                        "s3",
                        CopyObjectRequest.builder()
                                .sourceBucket("from")
                                .sourceKey("a b")
                                .destinationBucket("to")
                                .destinationKey("c")
                                .build(),
                        "s3:PutObject arn:aws:s3:::to/c",
                        "s3:GetObject arn:aws:s3:::from/a b"),
                row(
                        "s3",
                        DeleteObjectsRequest.builder()
                                .bucket("b")
                                .delete(Delete.builder()
                                        .objects(o -> o.key("x"), o -> o.key("y"))
                                        .build())
                                .build(),
                        "s3:DeleteObject arn:aws:s3:::b/x arn:aws:s3:::b/y"));
    }

    static Stream<Arguments> identity() {
        return Stream.of(
                row(
                        "iam",
                        CreateRoleRequest.builder().roleName("r").path("/team/").build(),
                        "iam:CreateRole arn:aws:iam::111122223333:role/team/r"),
                row(
                        "iam",
                        GetRoleRequest.builder().roleName("r").build(),
                        "iam:GetRole arn:aws:iam::111122223333:role/r"),
                row(
                        "iam",
                        AttachRolePolicyRequest.builder()
                                .roleName("r")
                                .policyArn("arn:aws:iam::aws:policy/ReadOnlyAccess")
                                .build(),
                        "iam:AttachRolePolicy arn:aws:iam::111122223333:role/r"),
                row(
                        "iam",
                        AddRoleToInstanceProfileRequest.builder()
                                .instanceProfileName("p")
                                .roleName("r")
                                .build(),
                        "iam:AddRoleToInstanceProfile arn:aws:iam::111122223333:instance-profile/p",
                        "iam:PassRole arn:aws:iam::111122223333:role/r"),
                row("iam", ListUsersRequest.builder().build(), "iam:ListUsers *"),
                row(
                        "sts",
                        AssumeRoleRequest.builder()
                                .roleArn(ROLE)
                                .roleSessionName("s")
                                .build(),
                        "sts:AssumeRole " + ROLE),
                row(
                        "sts",
                        AssumeRoleRequest.builder()
                                .roleArn(ROLE)
                                .roleSessionName("s")
                                .tags(t -> t.key("team").value("a"))
                                .build(),
                        "sts:AssumeRole " + ROLE,
                        "sts:TagSession " + ROLE),
                row(
                        "kms",
                        EncryptRequest.builder().keyId("1234-ab").build(),
                        "kms:Encrypt " + here("kms", "key/1234-ab")),
                row("kms", DecryptRequest.builder().build(), "kms:Decrypt " + here("kms", "key/*")),
                row(
                        "kms",
                        CreateAliasRequest.builder()
                                .aliasName("alias/a")
                                .targetKeyId("1")
                                .build(),
                        "kms:CreateAlias " + here("kms", "alias/a") + " " + here("kms", "key/1")),
                row(
                        "kms",
                        ReEncryptRequest.builder()
                                .sourceKeyId("1")
                                .destinationKeyId("2")
                                .build(),
                        "kms:ReEncryptFrom " + here("kms", "key/1"),
                        "kms:ReEncryptTo " + here("kms", "key/2")),
                row(
                        "secretsmanager",
                        GetSecretValueRequest.builder().secretId("db/main").build(),
                        "secretsmanager:GetSecretValue " + here("secretsmanager", "secret:db/main-??????")),
                row(
                        "ssm",
                        GetParameterRequest.builder().name("/app/url:3").build(),
                        "ssm:GetParameter " + here("ssm", "parameter/app/url")),
                row(
                        "ssm",
                        GetParametersRequest.builder().names("a", "/b").build(),
                        "ssm:GetParameters " + here("ssm", "parameter/a") + " " + here("ssm", "parameter/b")),
                row(
                        "ssm",
                        GetParametersByPathRequest.builder().path("/app").build(),
                        "ssm:GetParametersByPath " + here("ssm", "parameter/app")));
    }

    static Stream<Arguments> delivery() {
        return Stream.of(
                row(
                        "codecommit",
                        CreateRepositoryRequest.builder().repositoryName("r").build(),
                        "codecommit:CreateRepository " + here("codecommit", "r")),
                row(
                        "codecommit",
                        BatchGetRepositoriesRequest.builder()
                                .repositoryNames("a", "b")
                                .build(),
                        "codecommit:BatchGetRepositories " + here("codecommit", "a") + " " + here("codecommit", "b")),
                row(
                        "codecommit",
                        CreatePullRequestRequest.builder()
                                .targets(t -> t.repositoryName("r"))
                                .build(),
                        "codecommit:CreatePullRequest " + here("codecommit", "r")),
                row("codecommit", ListRepositoriesRequest.builder().build(), "codecommit:ListRepositories *"),
                row(
                        "cloudformation",
                        DeleteStackRequest.builder()
                                .stackName("s")
                                .roleARN(ROLE)
                                .build(),
                        "cloudformation:DeleteStack " + here("cloudformation", "stack/s/*"),
                        "iam:PassRole " + ROLE),
                row(
                        "cloudcontrol",
                        GetResourceRequest.builder()
                                .typeName("AWS::SQS::Queue")
                                .identifier("q")
                                .roleArn(ROLE)
                                .build(),
                        "cloudformation:GetResource " + here("cloudformation", "resource/*"),
                        "iam:PassRole " + ROLE),
                row(
                        "codebuild",
                        CreateProjectRequest.builder()
                                .name("p")
                                .serviceRole(ROLE)
                                .build(),
                        "codebuild:CreateProject " + here("codebuild", "project/p"),
                        "iam:PassRole " + ROLE),
                row(
                        "codebuild",
                        StartBuildRequest.builder().projectName("p").build(),
                        "codebuild:StartBuild " + here("codebuild", "project/p")),
                row(
                        "codebuild",
                        StopBuildRequest.builder().id("p:0123").build(),
                        "codebuild:StopBuild " + here("codebuild", "project/p")),
                row(
                        "codebuild",
                        BatchGetBuildsRequest.builder().ids("p:1", "q:2").build(),
                        "codebuild:BatchGetBuilds " + here("codebuild", "project/p") + " "
                                + here("codebuild", "project/q")),
                row(
                        "codebuild",
                        BatchGetProjectsRequest.builder().names("p", "q").build(),
                        "codebuild:BatchGetProjects " + here("codebuild", "project/p") + " "
                                + here("codebuild", "project/q")),
                row(
                        "codepipeline",
                        CreatePipelineRequest.builder()
                                .pipeline(p -> p.name("release").roleArn(ROLE))
                                .build(),
                        "codepipeline:CreatePipeline " + here("codepipeline", "release"),
                        "iam:PassRole " + ROLE),
                row(
                        "codepipeline",
                        StartPipelineExecutionRequest.builder().name("release").build(),
                        "codepipeline:StartPipelineExecution " + here("codepipeline", "release")),
                row(
                        "codepipeline",
                        PutApprovalResultRequest.builder()
                                .pipelineName("release")
                                .stageName("Prod")
                                .actionName("Approve")
                                .build(),
                        "codepipeline:PutApprovalResult " + here("codepipeline", "release/Prod/Approve")),
                row(
                        "codepipeline",
                        DisableStageTransitionRequest.builder()
                                .pipelineName("release")
                                .stageName("Prod")
                                .build(),
                        "codepipeline:DisableStageTransition " + here("codepipeline", "release/Prod")),
                row(
                        "codedeploy",
                        CreateDeploymentRequest.builder()
                                .applicationName("app")
                                .deploymentGroupName("prod")
                                .build(),
                        "codedeploy:CreateDeployment " + here("codedeploy", "deploymentgroup:app/prod")),
                row(
                        "codedeploy",
                        CreateDeploymentGroupRequest.builder()
                                .applicationName("app")
                                .deploymentGroupName("prod")
                                .serviceRoleArn(ROLE)
                                .build(),
                        "codedeploy:CreateDeploymentGroup " + here("codedeploy", "deploymentgroup:app/prod"),
                        "iam:PassRole " + ROLE));
    }

    static Stream<Arguments> computeAndWatching() {
        return Stream.of(
                row(
                        "ec2",
                        DescribeInstancesRequest.builder().instanceIds("i-0a1").build(),
                        "ec2:DescribeInstances *"),
                row(
                        "ec2",
                        TerminateInstancesRequest.builder()
                                .instanceIds("i-0a1", "i-0a2")
                                .build(),
                        "ec2:TerminateInstances " + here("ec2", "instance/i-0a1") + " "
                                + here("ec2", "instance/i-0a2")),
                row(
                        "autoscaling",
                        CreateAutoScalingGroupRequest.builder()
                                .autoScalingGroupName("web")
                                .build(),
                        "autoscaling:CreateAutoScalingGroup "
                                + here("autoscaling", "autoScalingGroup:*:autoScalingGroupName/web")),
                row(
                        "elasticloadbalancingv2",
                        CreateLoadBalancerRequest.builder().name("web").build(),
                        "elasticloadbalancing:CreateLoadBalancer "
                                + here("elasticloadbalancing", "loadbalancer/app/web/*")),
                row(
                        "elasticloadbalancingv2",
                        CreateListenerRequest.builder()
                                .loadBalancerArn(BALANCER)
                                .defaultActions(a -> a.type("forward").targetGroupArn(TARGETS))
                                .build(),
                        "elasticloadbalancing:CreateListener " + BALANCER),
                row(
                        "elasticloadbalancingv2",
                        RegisterTargetsRequest.builder().targetGroupArn(TARGETS).build(),
                        "elasticloadbalancing:RegisterTargets " + TARGETS),
                row(
                        "cloudwatch",
                        PutMetricAlarmRequest.builder().alarmName("errors").build(),
                        "cloudwatch:PutMetricAlarm " + here("cloudwatch", "alarm:errors")),
                row(
                        "cloudwatch",
                        PutMetricDataRequest.builder().namespace("App").build(),
                        "cloudwatch:PutMetricData *"),
                row(
                        "cloudwatchlogs",
                        PutLogEventsRequest.builder()
                                .logGroupName("/app")
                                .logStreamName("s")
                                .build(),
                        "logs:PutLogEvents " + here("logs", "log-group:/app:log-stream:s")),
                row(
                        "cloudwatchlogs",
                        FilterLogEventsRequest.builder()
                                .logGroupIdentifier(here("logs", "log-group:/app:*"))
                                .build(),
                        "logs:FilterLogEvents " + here("logs", "log-group:/app:log-stream:")),
                row(
                        "cloudtrail",
                        CreateTrailRequest.builder().name("all").build(),
                        "cloudtrail:CreateTrail " + here("cloudtrail", "trail/all")),
                row("cloudtrail", LookupEventsRequest.builder().build(), "cloudtrail:LookupEvents *"));
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource({"messaging", "storage", "identity", "delivery", "computeAndWatching"})
    void requiresActionsOnResources(String service, SdkPojo request, List<String> expected) {
        assertThat(required(service, request, ResourceNames.NONE).stream()
                        .map(r -> r.action() + " " + String.join(" ", r.resources()))
                        .toList())
                .isEqualTo(expected);
    }

    /** "Example policies for working with the AWS CLI or an AWS SDK": instances are launched with everything they use. */
    @Test
    void runInstancesRequiresAllThatAnInstanceUses() {
        List<Requirement> required = required(
                "ec2",
                RunInstancesRequest.builder()
                        .imageId("ami-0abc")
                        .instanceType("t3.micro")
                        .subnetId("subnet-01")
                        .securityGroupIds("sg-01")
                        .iamInstanceProfile(p -> p.name("web"))
                        .tagSpecifications(s -> s.resourceType("instance")
                                .tags(t -> t.key("team").value("a")))
                        .build(),
                ResourceNames.NONE);
        assertThat(required.getFirst().resources())
                .contains(
                        "arn:aws:ec2:eu-west-1::image/ami-0abc",
                        here("ec2", "instance/*"),
                        here("ec2", "subnet/subnet-01"),
                        here("ec2", "security-group/sg-01"));
        assertThat(required.getFirst().conditions())
                .containsEntry("ec2:InstanceType", List.of("t3.micro"))
                .containsEntry("aws:RequestTag/team", List.of("a"))
                .containsEntry("ec2:InstanceProfile", List.of("arn:aws:iam::111122223333:instance-profile/web"));
        assertThat(required)
                .extracting(Requirement::action)
                .containsExactly("ec2:RunInstances", "iam:PassRole", "ec2:CreateTags");
        assertThat(required.get(1).conditions()).containsEntry("iam:PassedToService", List.of("ec2.amazonaws.com"));
    }

    @Test
    void requestsGiveTheirServicesConditionKeys() {
        assertThat(conditions(
                        "s3",
                        ListObjectsV2Request.builder()
                                .bucket("b")
                                .prefix("home/")
                                .maxKeys(10)
                                .build()))
                .containsEntry("s3:prefix", List.of("home/"))
                .containsEntry("s3:max-keys", List.of("10"));
        assertThat(conditions(
                        "s3",
                        PutObjectRequest.builder()
                                .bucket("b")
                                .key("k")
                                .serverSideEncryption("aws:kms")
                                .build()))
                .containsEntry("s3:x-amz-server-side-encryption", List.of("aws:kms"));
        assertThat(conditions(
                        "kms",
                        DecryptRequest.builder()
                                .encryptionContext(Map.of("app", "x"))
                                .build()))
                .containsEntry("kms:EncryptionContext:app", List.of("x"))
                .containsEntry("kms:EncryptionContextKeys", List.of("app"));
        assertThat(conditions(
                        "cloudwatch",
                        PutMetricDataRequest.builder().namespace("App").build()))
                .containsEntry("cloudwatch:namespace", List.of("App"));
        assertThat(conditions(
                        "codecommit",
                        CreateBranchRequest.builder()
                                .repositoryName("r")
                                .branchName("main")
                                .build()))
                .containsEntry("codecommit:References", List.of("refs/heads/main"));
        assertThat(conditions(
                        "iam",
                        AttachRolePolicyRequest.builder()
                                .roleName("r")
                                .policyArn("arn:aws:iam::aws:policy/ReadOnlyAccess")
                                .build()))
                .containsEntry("iam:PolicyARN", List.of("arn:aws:iam::aws:policy/ReadOnlyAccess"));
        assertThat(conditions(
                        "sqs",
                        CreateQueueRequest.builder()
                                .queueName("q")
                                .tags(Map.of("team", "a"))
                                .build()))
                .containsEntry("aws:RequestTag/team", List.of("a"))
                .containsEntry("aws:TagKeys", List.of("team"));
        assertThat(conditions(
                        "sns",
                        CreateTopicRequest.builder()
                                .name("t")
                                .tags(t -> t.key("k").value("v"))
                                .build()))
                .containsEntry("aws:RequestTag/k", List.of("v"));
    }

    @Test
    void namesAreLookedUpWhereAnArnHoldsMore() {
        ResourceNames names = (service, type, name) -> switch (service + " " + type + " " + name) {
            case "iam role r" -> Optional.of("arn:aws:iam::111122223333:role/team/r");
            case "kms key alias/a" -> Optional.of(here("kms", "key/9"));
            default -> Optional.empty();
        };
        assertThat(required("iam", GetRoleRequest.builder().roleName("r").build(), names))
                .extracting(Requirement::resources)
                .containsExactly(List.of("arn:aws:iam::111122223333:role/team/r"));
        assertThat(required("kms", EncryptRequest.builder().keyId("alias/a").build(), names))
                .extracting(Requirement::resources)
                .containsExactly(List.of(here("kms", "key/9")));
    }

    private static List<Requirement> required(String service, SdkPojo request, ResourceNames names) {
        String operation = request.getClass().getSimpleName().replaceFirst("Request$", "");
        return Authorizations.of(service, operation).requirements(request, SCOPE, names);
    }

    private static Map<String, List<String>> conditions(String service, SdkPojo request) {
        return required(service, request, ResourceNames.NONE).getFirst().conditions();
    }
}

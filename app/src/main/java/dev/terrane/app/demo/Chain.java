package dev.terrane.app.demo;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.id.Ids;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import software.amazon.awssdk.services.codebuild.model.ArtifactsType;
import software.amazon.awssdk.services.codebuild.model.ComputeType;
import software.amazon.awssdk.services.codebuild.model.EnvironmentType;
import software.amazon.awssdk.services.codebuild.model.SourceType;
import software.amazon.awssdk.services.codedeploy.model.AutoRollbackEvent;
import software.amazon.awssdk.services.codedeploy.model.DeploymentOption;
import software.amazon.awssdk.services.codedeploy.model.DeploymentType;
import software.amazon.awssdk.services.codepipeline.model.ActionCategory;
import software.amazon.awssdk.services.codepipeline.model.ActionDeclaration;
import software.amazon.awssdk.services.codepipeline.model.ActionOwner;
import software.amazon.awssdk.services.codepipeline.model.ArtifactStoreType;
import software.amazon.awssdk.services.codepipeline.model.PipelineType;
import software.amazon.awssdk.services.codepipeline.model.StageDeclaration;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.iam.model.ServiceSpecificCredential;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/** Creates what the demo shows: each resource by one call that anyone could make. */
@SuppressWarnings("unchecked") // the SDK takes builders by generic varargs
final class Chain {
    static final String NAME = "hello";
    static final int PORT = 8080;

    private static final int APPLICATION_PORT = 8080;
    private static final String IMAGE =
            "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

    private final Aws aws;
    private final Screen screen;
    private final String account;
    private final String bucket;

    Chain(Aws aws, Screen screen) {
        this.aws = aws;
        this.screen = screen;
        this.account = aws.sts.getCallerIdentity().account();
        this.bucket = "hello-artifacts-" + account + "-" + Ids.hex(6);
    }

    /**
     * What the rest of the demo needs.
     *
     * @param cloneUrl the repository
     * @param dnsName the load balancer
     */
    record Created(String cloneUrl, String gitUser, String gitPassword, String dnsName, String targetGroupArn) {}

    Created create() throws InterruptedException {
        screen.line("account %s, region %s", account, aws.region());
        roles();
        aws.s3.createBucket(r -> r.bucket(bucket));
        aws.s3.putBucketVersioning(
                r -> r.bucket(bucket).versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
        screen.line("bucket %s for artifacts", bucket);
        String cloneUrl = aws.codeCommit
                .createRepository(r -> r.repositoryName(NAME).repositoryDescription("The demo's source"))
                .repositoryMetadata()
                .cloneUrlHttp();
        ServiceSpecificCredential git = aws.iam
                .createServiceSpecificCredential(
                        r -> r.userName(aws.iam.getUser().user().userName()).serviceName("codecommit.amazonaws.com"))
                .serviceSpecificCredential();
        screen.line("repository %s", cloneUrl);
        project();
        LoadBalancer balancer = balancer();
        deploymentGroup(balancer);
        pipeline();
        return new Created(cloneUrl, git.serviceUserName(), git.servicePassword(), balancer.dnsName(), targetGroupArn);
    }

    private String targetGroupArn = "";

    private String role(String suffix, String service, String... statements) {
        String name = NAME + "-" + suffix;
        aws.iam.createRole(r -> r.roleName(name)
                .assumeRolePolicyDocument(
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\""
                                + service + "\"},\"Action\":\"sts:AssumeRole\"}]}"));
        if (statements.length > 0) {
            aws.iam.putRolePolicy(r -> r.roleName(name)
                    .policyName("demo")
                    .policyDocument(
                            "{\"Version\":\"2012-10-17\",\"Statement\":[" + String.join(",", statements) + "]}"));
        }
        return roleArn(suffix);
    }

    private String roleArn(String suffix) {
        return Arn.iam(account, "role/" + NAME + "-" + suffix).toString();
    }

    private static String allow(String resource, String... actions) {
        return "{\"Effect\":\"Allow\",\"Action\":[\"" + String.join("\",\"", actions) + "\"],\"Resource\":\"" + resource
                + "\"}";
    }

    private void roles() {
        String artifacts = Arn.s3(bucket + "/*").toString();
        String store = Arn.s3(bucket).toString();
        role(
                "build",
                "codebuild.amazonaws.com",
                allow("*", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
                allow(artifacts, "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"),
                allow(store, "s3:GetBucketAcl", "s3:GetBucketLocation"),
                allow(
                        "*",
                        "codebuild:CreateReportGroup",
                        "codebuild:CreateReport",
                        "codebuild:UpdateReport",
                        "codebuild:BatchPutTestCases"));
        role("deploy", "codedeploy.amazonaws.com");
        aws.iam.attachRolePolicy(r -> r.roleName(NAME + "-deploy")
                .policyArn(
                        Arn.iam("aws", "policy/service-role/AWSCodeDeployRole").toString()));
        role(
                "pipeline",
                "codepipeline.amazonaws.com",
                allow(artifacts, "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"),
                allow(store, "s3:GetBucketVersioning", "s3:GetBucketLocation", "s3:ListBucket"),
                allow(
                        "*",
                        "codecommit:GetBranch",
                        "codecommit:GetCommit",
                        "codecommit:GetRepository",
                        "codecommit:GitPull",
                        "codecommit:GetFolder",
                        "codecommit:GetBlob",
                        "codecommit:GetFile",
                        "codecommit:UploadArchive",
                        "codecommit:GetUploadArchiveStatus",
                        "codecommit:CancelUploadArchive"),
                allow("*", "codebuild:StartBuild", "codebuild:BatchGetBuilds", "codebuild:StopBuild"),
                allow(
                        "*",
                        "codedeploy:CreateDeployment",
                        "codedeploy:GetDeployment",
                        "codedeploy:StopDeployment",
                        "codedeploy:GetApplication",
                        "codedeploy:GetApplicationRevision",
                        "codedeploy:RegisterApplicationRevision",
                        "codedeploy:GetDeploymentConfig",
                        "codedeploy:ListDeployments"));
        role(
                "events",
                "events.amazonaws.com",
                allow(
                        Arn.of("codepipeline", aws.region(), account, NAME).toString(),
                        "codepipeline:StartPipelineExecution"));
        role("instance", "ec2.amazonaws.com", allow(artifacts, "s3:GetObject", "s3:GetObjectVersion"));
        aws.iam.createInstanceProfile(r -> r.instanceProfileName(NAME + "-instance"));
        aws.iam.addRoleToInstanceProfile(
                r -> r.instanceProfileName(NAME + "-instance").roleName(NAME + "-instance"));
        screen.line("5 roles, each with the permissions it needs and no more");
    }

    private void project() {
        aws.codeBuild.createProject(r -> r.name(NAME)
                .serviceRole(roleArn("build"))
                .source(s -> s.type(SourceType.CODEPIPELINE))
                .artifacts(a -> a.type(ArtifactsType.CODEPIPELINE))
                .environment(e -> e.type(EnvironmentType.LINUX_CONTAINER)
                        .image("aws/codebuild/amazonlinux-x86_64-standard:5.0")
                        .computeType(ComputeType.BUILD_GENERAL1_SMALL))
                .cache(c -> c.type("LOCAL").modesWithStrings("LOCAL_CUSTOM_CACHE"))
                .timeoutInMinutes(10));
        screen.line("build project %s", NAME);
    }

    private LoadBalancer balancer() {
        List<String> subnets = aws.ec2.describeSubnets().subnets().stream()
                .map(s -> s.subnetId())
                .limit(2)
                .toList();
        String vpc = aws.ec2.describeVpcs().vpcs().getFirst().vpcId();
        targetGroupArn = aws.balancing
                .createTargetGroup(r -> r.name(NAME)
                        .protocol(ProtocolEnum.HTTP)
                        .port(APPLICATION_PORT)
                        .vpcId(vpc)
                        .healthCheckPath("/health")
                        .healthCheckIntervalSeconds(5)
                        .healthCheckTimeoutSeconds(2)
                        .healthyThresholdCount(2)
                        .unhealthyThresholdCount(2))
                .targetGroups()
                .getFirst()
                .targetGroupArn();
        aws.balancing.modifyTargetGroupAttributes(r -> r.targetGroupArn(targetGroupArn)
                .attributes(a -> a.key("deregistration_delay.timeout_seconds").value("5")));
        String front = securityGroup(NAME + "-balancer", "Who may call the balancer");
        aws.ec2.authorizeSecurityGroupIngress(r ->
                r.groupId(front).ipProtocol("tcp").fromPort(PORT).toPort(PORT).cidrIp("0.0.0.0/0"));
        String back = securityGroup(NAME + "-instance", "The balancer may call the application");
        aws.ec2.authorizeSecurityGroupIngress(r -> r.groupId(back)
                .ipPermissions(p -> p.ipProtocol("tcp")
                        .fromPort(APPLICATION_PORT)
                        .toPort(APPLICATION_PORT)
                        .userIdGroupPairs(g -> g.groupId(front))));
        screen.line("security groups: instances let in the balancer, on port %d, and nobody else", APPLICATION_PORT);
        LoadBalancer balancer = aws.balancing
                .createLoadBalancer(r -> r.name(NAME).subnets(subnets).securityGroups(front))
                .loadBalancers()
                .getFirst();
        aws.balancing.createListener(r -> r.loadBalancerArn(balancer.loadBalancerArn())
                .protocol(ProtocolEnum.HTTP)
                .port(PORT)
                .defaultActions(a -> a.type(ActionTypeEnum.FORWARD).targetGroupArn(targetGroupArn)));
        screen.line("application load balancer http://%s:%d/", balancer.dnsName(), PORT);
        aws.ec2.createLaunchTemplate(r -> r.launchTemplateName(NAME)
                .launchTemplateData(d -> d.imageId(IMAGE)
                        .instanceType(InstanceType.T3_SMALL)
                        .securityGroupIds(back)
                        .iamInstanceProfile(p -> p.name(NAME + "-instance"))));
        aws.autoScaling.createAutoScalingGroup(r -> r.autoScalingGroupName(NAME)
                .launchTemplate(t -> t.launchTemplateName(NAME).version("$Latest"))
                .minSize(2)
                .maxSize(2)
                .desiredCapacity(2)
                .targetGroupARNs(targetGroupArn)
                .vpcZoneIdentifier(String.join(",", subnets)));
        screen.line("Auto Scaling group of two instances");
        return balancer;
    }

    private String securityGroup(String name, String description) {
        return aws.ec2
                .createSecurityGroup(r -> r.groupName(name).description(description))
                .groupId();
    }

    private void deploymentGroup(LoadBalancer balancer) {
        String dimension = Arn.parse(balancer.loadBalancerArn()).resource().substring("loadbalancer/".length());
        aws.cloudWatch.putMetricAlarm(r -> r.alarmName(NAME + "-errors")
                .namespace("AWS/ApplicationELB")
                .metricName("HTTPCode_Target_5XX_Count")
                .dimensions(Dimension.builder()
                        .name("LoadBalancer")
                        .value(dimension)
                        .build())
                .statistic(Statistic.SUM)
                .period(10)
                .evaluationPeriods(1)
                .threshold(20.0)
                .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD)
                .treatMissingData("notBreaching"));
        screen.line("alarm %s-errors: more than 20 errors of the application in 10 seconds", NAME);
        aws.codeDeploy.createApplication(r -> r.applicationName(NAME));
        aws.codeDeploy.createDeploymentGroup(r -> r.applicationName(NAME)
                .deploymentGroupName(NAME)
                .serviceRoleArn(roleArn("deploy"))
                .deploymentConfigName("CodeDeployDefault.OneAtATime")
                .autoScalingGroups(NAME)
                .deploymentStyle(s -> s.deploymentType(DeploymentType.IN_PLACE)
                        .deploymentOption(DeploymentOption.WITH_TRAFFIC_CONTROL))
                .loadBalancerInfo(l -> l.targetGroupInfoList(g -> g.name(NAME)))
                .alarmConfiguration(a -> a.enabled(true).alarms(n -> n.name(NAME + "-errors")))
                .autoRollbackConfiguration(a -> a.enabled(true)
                        .events(AutoRollbackEvent.DEPLOYMENT_FAILURE, AutoRollbackEvent.DEPLOYMENT_STOP_ON_ALARM)));
        screen.line(
                "deployment group: in place, one at a time, behind the balancer, rolls back on failure and on the alarm");
    }

    private void pipeline() {
        aws.codePipeline.createPipeline(r -> r.pipeline(p -> p.name(NAME)
                .pipelineType(PipelineType.V2)
                .roleArn(roleArn("pipeline"))
                .artifactStore(a -> a.type(ArtifactStoreType.S3).location(bucket))
                .stages(
                        stage(
                                "Source",
                                action(ActionCategory.SOURCE, "CodeCommit")
                                        .configuration(Map.of(
                                                "RepositoryName", NAME,
                                                "BranchName", "main",
                                                "PollForSourceChanges", "false"))
                                        .outputArtifacts(o -> o.name("source"))),
                        stage(
                                "Build",
                                action(ActionCategory.BUILD, "CodeBuild")
                                        .configuration(Map.of("ProjectName", NAME))
                                        .inputArtifacts(i -> i.name("source"))
                                        .outputArtifacts(o -> o.name("build"))),
                        stage(
                                "Deploy",
                                action(ActionCategory.DEPLOY, "CodeDeploy")
                                        .configuration(Map.of("ApplicationName", NAME, "DeploymentGroupName", NAME))
                                        .inputArtifacts(i -> i.name("build"))))));
        aws.events.putRule(r -> r.name(NAME + "-push")
                .eventPattern(
                        "{\"source\":[\"aws.codecommit\"],\"detail-type\":[\"CodeCommit Repository State Change\"],"
                                + "\"resources\":[\""
                                + Arn.of("codecommit", aws.region(), account, NAME)
                                + "\"],\"detail\":{\"event\":[\"referenceCreated\",\"referenceUpdated\"],"
                                + "\"referenceType\":[\"branch\"],\"referenceName\":[\"main\"]}}"));
        aws.events.putTargets(r -> r.rule(NAME + "-push")
                .targets(t -> t.id("pipeline")
                        .arn(Arn.of("codepipeline", aws.region(), account, NAME).toString())
                        .roleArn(roleArn("events"))));
        screen.line("pipeline %s: Source, Build, Deploy; started by a push", NAME);
    }

    private static StageDeclaration stage(String name, ActionDeclaration.Builder action) {
        return StageDeclaration.builder()
                .name(name)
                .actions(action.name(name).build())
                .build();
    }

    private static ActionDeclaration.Builder action(ActionCategory category, String provider) {
        return ActionDeclaration.builder()
                .actionTypeId(t -> t.category(category)
                        .owner(ActionOwner.AWS)
                        .provider(provider)
                        .version("1"));
    }
}

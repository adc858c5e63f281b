package dev.terrane.app;

import dev.terrane.autoscaling.AutoScalingService;
import dev.terrane.cloudcontrol.CloudControlService;
import dev.terrane.cloudformation.CloudFormationService;
import dev.terrane.cloudtrail.CloudTrailService;
import dev.terrane.cloudwatch.CloudWatchService;
import dev.terrane.cloudwatchlogs.CloudWatchLogsService;
import dev.terrane.codebuild.CodeBuildService;
import dev.terrane.codecommit.CodeCommitService;
import dev.terrane.codedeploy.CodeDeployService;
import dev.terrane.codepipeline.CodePipelineService;
import dev.terrane.ec2.Ec2Service;
import dev.terrane.ecr.EcrService;
import dev.terrane.elasticloadbalancingv2.ElasticLoadBalancingService;
import dev.terrane.eventbridge.EventBridgeService;
import dev.terrane.firehose.FirehoseService;
import dev.terrane.iam.IamService;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.kms.KmsService;
import dev.terrane.s3.S3ControlService;
import dev.terrane.s3.S3Service;
import dev.terrane.secretsmanager.SecretsManagerService;
import dev.terrane.sns.SnsService;
import dev.terrane.sqs.SqsService;
import dev.terrane.ssm.SsmService;
import dev.terrane.sts.StsService;
import java.util.List;
import java.util.function.Function;

/** Which services this server has. */
final class Wiring {
    /** Every service, by its constructor. */
    static final List<Function<Platform, Service>> SERVICES = List.of(
            IamService::new, //
            StsService::new, //
            S3Service::new, //
            S3ControlService::new, //
            CodeCommitService::new, //
            CloudTrailService::new, //
            CloudWatchService::new, //
            CloudWatchLogsService::new, //
            FirehoseService::new, //
            CodeBuildService::new, //
            ElasticLoadBalancingService::new, //
            KmsService::new, //
            SsmService::new, //
            SecretsManagerService::new, //
            EventBridgeService::new, //
            CodePipelineService::new, //
            Ec2Service::new, //
            EcrService::new, //
            AutoScalingService::new, //
            SnsService::new, //
            SqsService::new, //
            CodeDeployService::new, //
            CloudFormationService::new, //
            CloudControlService::new);

    private Wiring() {}
}

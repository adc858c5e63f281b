package dev.terrane.kernel.authorization;

/** Which service has which overlay. */
final class Overlays {
    private Overlays() {}

    static Overlay of(String service) {
        return switch (service) {
            case "s3" -> new S3Overlay();
            case "s3control" -> new S3ControlOverlay();
            case "kms" -> new KmsOverlay();
            case "iam" -> new IamOverlay();
            case "sts" -> new StsOverlay();
            case "sqs" -> new SqsOverlay();
            case "sns" -> new SnsOverlay();
            case "cloudwatch" -> new CloudWatchOverlay();
            case "cloudwatchlogs" -> new LogsOverlay();
            case "eventbridge" -> new EventsOverlay();
            case "firehose" -> new FirehoseOverlay();
            case "ec2" -> new Ec2Overlay();
            case "ecr" -> new EcrOverlay();
            case "autoscaling" -> new AutoScalingOverlay();
            case "elasticloadbalancingv2" -> new LoadBalancingOverlay();
            case "ssm" -> new ParametersOverlay();
            case "secretsmanager" -> new SecretsOverlay();
            case "cloudtrail" -> new TrailOverlay();
            case "codecommit" -> new CodeCommitOverlay();
            case "codebuild" -> new CodeBuildOverlay();
            case "codepipeline" -> new CodePipelineOverlay();
            case "codedeploy" -> new CodeDeployOverlay();
            case "cloudcontrol" -> new CloudControlOverlay();
            case "cloudformation" -> new CloudFormationOverlay();
            default -> Overlay.NONE;
        };
    }
}

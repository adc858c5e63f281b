package dev.terrane.cloudtrail;

import dev.terrane.kernel.arn.Arn;
import java.util.Map;
import java.util.Optional;

/** The types by which events name resources, which are CloudFormation's, from their ARNs. */
final class ResourceTypes {
    /** By the ARN's service, and its type where the service has several. */
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("autoscaling:autoScalingGroup", "AWS::AutoScaling::AutoScalingGroup"),
            Map.entry("autoscaling:launchConfiguration", "AWS::AutoScaling::LaunchConfiguration"),
            Map.entry("autoscaling:scalingPolicy", "AWS::AutoScaling::ScalingPolicy"),
            Map.entry("cloudformation:stack", "AWS::CloudFormation::Stack"),
            Map.entry("cloudtrail:trail", "AWS::CloudTrail::Trail"),
            Map.entry("cloudwatch:alarm", "AWS::CloudWatch::Alarm"),
            Map.entry("cloudwatch:dashboard", "AWS::CloudWatch::Dashboard"),
            Map.entry("codebuild:project", "AWS::CodeBuild::Project"),
            Map.entry("codebuild:report-group", "AWS::CodeBuild::ReportGroup"),
            Map.entry("codecommit:", "AWS::CodeCommit::Repository"),
            Map.entry("codedeploy:application", "AWS::CodeDeploy::Application"),
            Map.entry("codedeploy:deploymentgroup", "AWS::CodeDeploy::DeploymentGroup"),
            Map.entry("codedeploy:deploymentconfig", "AWS::CodeDeploy::DeploymentConfig"),
            Map.entry("codepipeline:", "AWS::CodePipeline::Pipeline"),
            Map.entry("codepipeline:webhook", "AWS::CodePipeline::Webhook"),
            Map.entry("ec2:image", "AWS::EC2::Ami"),
            Map.entry("ec2:instance", "AWS::EC2::Instance"),
            Map.entry("ec2:internet-gateway", "AWS::EC2::InternetGateway"),
            Map.entry("ec2:key-pair", "AWS::EC2::KeyPair"),
            Map.entry("ec2:launch-template", "AWS::EC2::LaunchTemplate"),
            Map.entry("ec2:network-interface", "AWS::EC2::NetworkInterface"),
            Map.entry("ec2:route-table", "AWS::EC2::RouteTable"),
            Map.entry("ec2:security-group", "AWS::EC2::SecurityGroup"),
            Map.entry("ec2:subnet", "AWS::EC2::Subnet"),
            Map.entry("ec2:volume", "AWS::EC2::Volume"),
            Map.entry("ec2:vpc", "AWS::EC2::VPC"),
            Map.entry("ecr:repository", "AWS::ECR::Repository"),
            Map.entry("elasticloadbalancing:listener", "AWS::ElasticLoadBalancingV2::Listener"),
            Map.entry("elasticloadbalancing:listener-rule", "AWS::ElasticLoadBalancingV2::ListenerRule"),
            Map.entry("elasticloadbalancing:loadbalancer", "AWS::ElasticLoadBalancingV2::LoadBalancer"),
            Map.entry("elasticloadbalancing:targetgroup", "AWS::ElasticLoadBalancingV2::TargetGroup"),
            Map.entry("events:event-bus", "AWS::Events::EventBus"),
            Map.entry("events:rule", "AWS::Events::Rule"),
            Map.entry("iam:group", "AWS::IAM::Group"),
            Map.entry("iam:instance-profile", "AWS::IAM::InstanceProfile"),
            Map.entry("iam:policy", "AWS::IAM::Policy"),
            Map.entry("iam:role", "AWS::IAM::Role"),
            Map.entry("iam:user", "AWS::IAM::User"),
            Map.entry("kms:alias", "AWS::KMS::Alias"),
            Map.entry("kms:key", "AWS::KMS::Key"),
            Map.entry("lambda:function", "AWS::Lambda::Function"),
            Map.entry("logs:log-group", "AWS::Logs::LogGroup"),
            Map.entry("secretsmanager:secret", "AWS::SecretsManager::Secret"),
            Map.entry("sns:", "AWS::SNS::Topic"),
            Map.entry("sqs:", "AWS::SQS::Queue"),
            Map.entry("ssm:document", "AWS::SSM::Document"),
            Map.entry("ssm:parameter", "AWS::SSM::Parameter"));

    private ResourceTypes() {}

    /** The type of an ARN's resource; empty where it has none, as a pattern has. */
    static Optional<String> of(String arn) {
        return Arn.find(arn).filter(found -> !found.resource().equals("*")).flatMap(ResourceTypes::of);
    }

    private static Optional<String> of(Arn arn) {
        if (arn.service().equals("s3")) {
            return Optional.of(arn.type().isEmpty() ? "AWS::S3::Bucket" : "AWS::S3::Object");
        }
        return Optional.ofNullable(TYPES.get(arn.service() + ":" + arn.type()))
                // The resources of these have no type before their name.
                .or(() -> Optional.ofNullable(TYPES.get(arn.service() + ":")));
    }
}

package dev.terrane.app.demo;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.codedeploy.CodeDeployClient;
import software.amazon.awssdk.services.codepipeline.CodePipelineClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;

/** The SDK's clients, as anyone would make them: an endpoint, a region, an access key. */
final class Aws {
    private final URI endpoint;
    private final Region region;
    private final StaticCredentialsProvider credentials;
    private final SdkHttpClient http = UrlConnectionHttpClient.builder()
            .socketTimeout(Duration.ofSeconds(60))
            .build();

    final StsClient sts;
    final IamClient iam;
    final S3Client s3;
    final CloudFormationClient cloudFormation;
    final CodeCommitClient codeCommit;
    final CodeBuildClient codeBuild;
    final CodeDeployClient codeDeploy;
    final CodePipelineClient codePipeline;
    final Ec2Client ec2;
    final AutoScalingClient autoScaling;

    Aws(URI endpoint, String region, String accessKeyId, String secretAccessKey) {
        this.endpoint = endpoint;
        this.region = Region.of(region);
        this.credentials = StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKeyId, secretAccessKey));
        sts = with(StsClient.builder());
        iam = with(IamClient.builder());
        s3 = with(S3Client.builder().forcePathStyle(true));
        cloudFormation = with(CloudFormationClient.builder());
        codeCommit = with(CodeCommitClient.builder());
        codeBuild = with(CodeBuildClient.builder());
        codeDeploy = with(CodeDeployClient.builder());
        codePipeline = with(CodePipelineClient.builder());
        ec2 = with(Ec2Client.builder());
        autoScaling = with(AutoScalingClient.builder());
    }

    private <
                    B extends
                            AwsSyncClientBuilder<B, C>
                                    & software.amazon.awssdk.awscore.client.builder.AwsClientBuilder<B, C>,
                    C>
            C with(B builder) {
        return builder.endpointOverride(endpoint)
                .region(region)
                .credentialsProvider(credentials)
                .httpClient(http)
                .build();
    }

    String region() {
        return region.id();
    }
}

package dev.terrane.cloudtrail;

import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.ResourceExample;
import dev.terrane.testkit.resource.ResourceTypeSuite;
import java.util.List;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.sns.SnsClient;

class CloudTrailResourcesTest extends ResourceTypeSuite {
    @Override
    protected TestServer start() {
        return TrailFixture.start();
    }

    @Override
    protected List<String> spaces() {
        return List.of("AWS::CloudTrail::");
    }

    @Override
    protected List<ResourceExample> examples(TestServer on) {
        TrailFixture.bucket(on, "the-logs");
        TrailFixture.bucket(on, "other-logs");
        String key = TrailFixture.key(on);
        SnsClient sns = on.client(SnsClient.class);
        String topic = sns.createTopic(r -> r.name("files")).topicArn();
        TrailFixture.allowPublishing(on, topic);
        on.client(CloudWatchLogsClient.class).createLogGroup(r -> r.logGroupName("trail"));
        String role = TrailFixture.logsRole(on);
        on.client(KmsClient.class).createAlias(r -> r.aliasName("alias/trails").targetKeyId(key));
        return List.of(
                ResourceExample.of("AWS::CloudTrail::Trail", "{'IsLogging':true,'S3BucketName':'the-logs'}")
                        .then(
                                "{'IsLogging':false,'S3BucketName':'other-logs','S3KeyPrefix':'a/b',"
                                        + "'EnableLogFileValidation':true,'Tags':[{'Key':'a','Value':'1'},{'Key':'b','Value':'2'}]}")
                        .then("{'IsLogging':true,'S3BucketName':'other-logs','SnsTopicName':'files',"
                                + "'KMSKeyId':'alias/trails','Tags':[{'Key':'b','Value':'3'}]}"),
                ResourceExample.of(
                                "AWS::CloudTrail::Trail",
                                "{'TrailName':'main','IsLogging':true,'S3BucketName':'the-logs','IsMultiRegionTrail':true,"
                                        + "'IncludeGlobalServiceEvents':true,'EnableLogFileValidation':true,'KMSKeyId':'"
                                        + key
                                        + "','SnsTopicName':'" + topic
                                        + "','CloudWatchLogsLogGroupArn':'arn:aws:logs:us-east-1:123456789012:log-group:trail:*',"
                                        + "'CloudWatchLogsRoleArn':'" + role
                                        + "','EventSelectors':[{'ReadWriteType':'WriteOnly','IncludeManagementEvents':true,"
                                        + "'ExcludeManagementEventSources':['kms.amazonaws.com'],'DataResources':"
                                        + "[{'Type':'AWS::S3::Object','Values':['arn:aws:s3:::the-data/']}]}],"
                                        + "'Tags':[{'Key':'a','Value':'1'}]}")
                        .then("{'TrailName':'main','IsLogging':true,'S3BucketName':'the-logs','AdvancedEventSelectors':"
                                + "[{'Name':'all','FieldSelectors':[{'Field':'eventCategory','Equals':['Management']},"
                                + "{'Field':'eventName','NotStartsWith':['List','Describe']}]}]}")
                        .then("{'TrailName':'main','IsLogging':false,'S3BucketName':'the-logs'}"));
    }
}

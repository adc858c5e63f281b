package dev.terrane.firehose;

import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.ResourceExample;
import dev.terrane.testkit.resource.ResourceTypeSuite;
import java.util.List;

class FirehoseResourcesTest extends ResourceTypeSuite {
    private static final String WHERE =
            "'RoleARN':'" + FirehoseFixture.ROLE + "','BucketARN':'arn:aws:s3:::" + FirehoseFixture.BUCKET + "'";

    @Override
    protected TestServer start() {
        return FirehoseFixture.start();
    }

    @Override
    protected List<String> spaces() {
        return List.of("AWS::KinesisFirehose::");
    }

    @Override
    protected List<ResourceExample> examples(TestServer on) {
        FirehoseFixture.prepare(on);
        String type = "AWS::KinesisFirehose::DeliveryStream";
        return List.of(
                ResourceExample.of(type, "{'ExtendedS3DestinationConfiguration':{" + WHERE + "}}")
                        .then("{'ExtendedS3DestinationConfiguration':{" + WHERE
                                + ",'Prefix':'!{timestamp:yyyy}/','ErrorOutputPrefix':'failed/','CustomTimeZone':'Asia/Tokyo',"
                                + "'FileExtension':'.log','S3BackupMode':'Disabled','CompressionFormat':'GZIP'},"
                                + "'Tags':[{'Key':'b','Value':'1'},{'Key':'a','Value':'1'}]}")
                        .then("{'ExtendedS3DestinationConfiguration':{" + WHERE
                                + "},'Tags':[{'Key':'b','Value':'2'}]}"),
                ResourceExample.of(
                                type,
                                "{'DeliveryStreamName':'records','DeliveryStreamType':'DirectPut','S3DestinationConfiguration':{"
                                        + WHERE
                                        + ",'Prefix':'a/','ErrorOutputPrefix':'b/','BufferingHints':{'SizeInMBs':1,"
                                        + "'IntervalInSeconds':60},'CompressionFormat':'ZIP','EncryptionConfiguration':"
                                        + "{'KMSEncryptionConfig':{'AWSKMSKeyARN':'arn:aws:kms:us-east-1:123456789012:key/a'}},"
                                        + "'CloudWatchLoggingOptions':{'Enabled':true,'LogGroupName':'g','LogStreamName':'s'}},"
                                        + "'Tags':[{'Key':'a','Value':'1'}]}")
                        .then(
                                "{'DeliveryStreamName':'records','DeliveryStreamType':'DirectPut','S3DestinationConfiguration':{"
                                        + WHERE + "}}"));
    }
}

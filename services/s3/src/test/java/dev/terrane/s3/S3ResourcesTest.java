package dev.terrane.s3;

import dev.terrane.kms.KmsService;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.ResourceExample;
import dev.terrane.testkit.resource.ResourceTypeSuite;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;

class S3ResourcesTest extends ResourceTypeSuite {
    @Override
    protected TestServer start() {
        return TestServer.with(S3Service::new, KmsService::new);
    }

    @Override
    protected List<String> spaces() {
        return List.of("AWS::S3::");
    }

    @Override
    protected List<ResourceExample> examples(TestServer on) {
        on.client(S3Client.class).createBucket(r -> r.bucket("there"));
        String policy = "{'Version':'2012-10-17','Statement':[{'Sid':'AllowSSLRequestsOnly','Effect':'Deny',"
                + "'Principal':'*','Action':'%s','Resource':['arn:aws:s3:::there','arn:aws:s3:::there/*'],"
                + "'Condition':{'Bool':{'aws:SecureTransport':'false'}}}]}";
        return List.of(
                bootstrap(),
                settings(),
                lifecycles(),
                ResourceExample.of(
                                "AWS::S3::Bucket",
                                "{'BucketName':'vault','ObjectLockEnabled':true,'VersioningConfiguration':{'Status':'Enabled'},"
                                        + "'ObjectLockConfiguration':{'ObjectLockEnabled':'Enabled','Rule':{'DefaultRetention':"
                                        + "{'Mode':'GOVERNANCE','Days':3}}}}")
                        .then(
                                "{'BucketName':'vault','ObjectLockEnabled':true,'VersioningConfiguration':{'Status':'Enabled'},"
                                        + "'ObjectLockConfiguration':{'ObjectLockEnabled':'Enabled','Rule':{'DefaultRetention':"
                                        + "{'Mode':'COMPLIANCE','Years':1}}}}")
                        .then("{'BucketName':'vault','ObjectLockEnabled':true}"),
                ResourceExample.of("AWS::S3::Bucket", "{}")
                        .then("{'Tags':[{'Key':'b','Value':'1'},{'Key':'a','Value':'2'}]}"),
                ResourceExample.of(
                                "AWS::S3::BucketPolicy",
                                "{'Bucket':'there','PolicyDocument':" + policy.formatted("s3:*") + "}")
                        .alone()
                        .then("{'Bucket':'there','PolicyDocument':" + policy.formatted("s3:GetObject") + "}"));
    }

    /** As CDK's bootstrap template has it. */
    private static ResourceExample bootstrap() {
        return ResourceExample.of("AWS::S3::Bucket", """
                        {'BucketName':'cdk-hnb659fds-assets-123456789012-us-east-1','AccessControl':'Private',
                        'BucketEncryption':{'ServerSideEncryptionConfiguration':[{'ServerSideEncryptionByDefault':
                            {'SSEAlgorithm':'aws:kms','KMSMasterKeyID':'alias/aws/s3'}}]},
                        'PublicAccessBlockConfiguration':{'BlockPublicAcls':true,'BlockPublicPolicy':true,
                            'IgnorePublicAcls':true,'RestrictPublicBuckets':true},
                        'VersioningConfiguration':{'Status':'Enabled'},
                        'LifecycleConfiguration':{'Rules':[
                            {'Id':'CleanupOldVersions','Status':'Enabled','NoncurrentVersionExpiration':{'NoncurrentDays':30}},
                            {'Id':'AbortIncompleteMultipartUploads','Status':'Enabled',
                             'AbortIncompleteMultipartUpload':{'DaysAfterInitiation':1}}]}}""")
                .unreadable("AccessControl")
                .alone();
    }

    private static ResourceExample settings() {
        return ResourceExample.of("AWS::S3::Bucket", """
                        {'BucketName':'settings','OwnershipControls':{'Rules':[{'ObjectOwnership':'ObjectWriter'}]},
                        'NotificationConfiguration':{'EventBridgeConfiguration':{'EventBridgeEnabled':true}},
                        'PublicAccessBlockConfiguration':{'BlockPublicAcls':false,'RestrictPublicBuckets':true},
                        'BucketEncryption':{'ServerSideEncryptionConfiguration':[{'BucketKeyEnabled':true,
                            'ServerSideEncryptionByDefault':{'SSEAlgorithm':'aws:kms'}}]},
                        'VersioningConfiguration':{'Status':'Enabled'}}""").then("""
                        {'BucketName':'settings','OwnershipControls':{'Rules':[{'ObjectOwnership':'BucketOwnerPreferred'}]},
                        'NotificationConfiguration':{'EventBridgeConfiguration':{'EventBridgeEnabled':true}},
                        'PublicAccessBlockConfiguration':{'BlockPublicAcls':true,'BlockPublicPolicy':false},
                        'BucketEncryption':{'ServerSideEncryptionConfiguration':[{
                            'ServerSideEncryptionByDefault':{'SSEAlgorithm':'AES256'}}]},
                        'VersioningConfiguration':{'Status':'Suspended'},'Tags':[{'Key':'a','Value':'1'}]}""").then("""
                        {'BucketName':'settings'}""");
    }

    private static ResourceExample lifecycles() {
        return ResourceExample.of("AWS::S3::Bucket", """
                        {'BucketName':'rules','LifecycleConfiguration':{
                        'TransitionDefaultMinimumObjectSize':'varies_by_storage_class','Rules':[
                        {'Status':'Enabled','ExpirationInDays':3},
                        {'Id':'b','Status':'Disabled','Prefix':'b/','ExpirationDate':'2030-01-01T00:00:00Z'},
                        {'Id':'c','Status':'Enabled','ObjectSizeLessThan':10,'ExpirationInDays':3},
                        {'Id':'d','Status':'Enabled','Prefix':'d/','ExpiredObjectDeleteMarker':true},
                        {'Id':'e','Status':'Enabled','TagFilters':[{'Key':'k','Value':'v'}],'ExpirationInDays':3},
                        {'Id':'f','Status':'Enabled','Prefix':'f/','TagFilters':[{'Key':'k','Value':'v'}],
                         'ObjectSizeGreaterThan':5,'ExpirationInDays':3,
                         'NoncurrentVersionExpiration':{'NoncurrentDays':2,'NewerNoncurrentVersions':3}}]}}""").then("""
                        {'BucketName':'rules','LifecycleConfiguration':{'Rules':[
                        {'Id':'b','Status':'Enabled','ExpirationInDays':3}]}}""").then("{'BucketName':'rules'}");
    }
}

package dev.terrane.cloudtrail;

import dev.terrane.cloudtrail.TrailRecord.Settings;
import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Authorizer;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudtrail.model.InsufficientEncryptionPolicyException;
import software.amazon.awssdk.services.cloudtrail.model.InsufficientS3BucketPolicyException;
import software.amazon.awssdk.services.cloudtrail.model.InsufficientSnsTopicPolicyException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidCloudWatchLogsLogGroupArnException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidCloudWatchLogsRoleArnException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidKmsKeyIdException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidS3BucketNameException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidS3PrefixException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidSnsTopicNameException;
import software.amazon.awssdk.services.cloudtrail.model.KmsException;
import software.amazon.awssdk.services.cloudtrail.model.KmsKeyNotFoundException;
import software.amazon.awssdk.services.cloudtrail.model.S3BucketDoesNotExistException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.s3.S3Client;

/** Refuses destinations that a trail could not deliver to. */
final class DestinationChecks {
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9_-]{1,256}");
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9-]{1,256}|alias/[A-Za-z0-9/_-]{1,250}");
    private static final Pattern LOG_GROUP = Pattern.compile("log-group:[.\\-_/#A-Za-z0-9]{1,512}:\\*");
    private static final int LONGEST_PREFIX = 200;

    private final Clients clients;
    private final Authorizer authorizer;
    private final Destinations destinations;

    DestinationChecks(Clients clients, Authorizer authorizer, Destinations destinations) {
        this.clients = clients;
        this.authorizer = authorizer;
        this.destinations = destinations;
    }

    static void checkBucketName(String bucket) {
        if (!BUCKET.matcher(bucket).matches() || bucket.contains("..")) {
            throw InvalidS3BucketNameException.builder()
                    .message("Bucket name " + bucket + " is not valid.")
                    .build();
        }
    }

    static void checkPrefix(String prefix) {
        if (prefix.length() > LONGEST_PREFIX) {
            throw InvalidS3PrefixException.builder()
                    .message("S3 prefix must have a maximum length of 200 characters.")
                    .build();
        }
        if (prefix.startsWith("/") || prefix.endsWith("/")) {
            throw InvalidS3PrefixException.builder()
                    .message("S3 prefix must not begin or end with a slash.")
                    .build();
        }
    }

    /** The ARN of a topic by its name or ARN; empty for none. */
    static String topic(String given, Scope here) {
        if (given.isEmpty()) {
            return "";
        }
        if (TOPIC.matcher(given).matches()) {
            return Arn.of("sns", here.region(), here.account(), given).toString();
        }
        return Arn.find(given)
                .filter(arn -> arn.service().equals("sns")
                        && TOPIC.matcher(arn.resource()).matches())
                .map(Arn::toString)
                .orElseThrow(() -> InvalidSnsTopicNameException.builder()
                        .message("SNS topic name " + given + " is not valid.")
                        .build());
    }

    /** The ARN of the key that an id, alias or ARN names; empty for none. */
    String key(String given, TrailRecord trail) {
        if (given.isEmpty()) {
            return "";
        }
        boolean arn =
                Arn.find(given).filter(found -> found.service().equals("kms")).isPresent();
        if (!arn && !KEY_ID.matcher(given).matches()) {
            throw InvalidKmsKeyIdException.builder()
                    .message("KMS key id " + given + " is not valid.")
                    .build();
        }
        KeyMetadata key = describe(given, trail);
        if (key.keyState() != KeyState.ENABLED) {
            throw KmsException.builder()
                    .message("KMS key " + key.arn() + " is not enabled: it is " + key.keyStateAsString() + ".")
                    .build();
        }
        try {
            String region = Arn.parse(key.arn()).region();
            clients.client(KmsClient.class, principal(trail), region)
                    .generateDataKey(r -> r.keyId(key.arn())
                            .keySpec(DataKeySpec.AES_256)
                            .encryptionContext(
                                    Map.of("aws:cloudtrail:arn", trail.arn().toString())));
        } catch (AwsServiceException e) {
            throw encryption(trail.settings().bucket(), key.arn());
        }
        return key.arn();
    }

    private KeyMetadata describe(String key, TrailRecord trail) {
        // The key is in the bucket's region, which may be another than the trail's.
        String region = Arn.find(key).map(Arn::region).orElse(trail.region());
        try {
            return clients.client(KmsClient.class, principal(trail), region)
                    .describeKey(r -> r.keyId(key))
                    .keyMetadata();
        } catch (AwsServiceException denied) {
            // A key that is not there has no policy that would let anybody see that; its user may.
            try {
                clients.client(KmsClient.class, new Actor.Forwarded(Destinations.PRINCIPAL), region)
                        .describeKey(r -> r.keyId(key));
            } catch (NotFoundException e) {
                throw KmsKeyNotFoundException.builder()
                        .message("KMS key " + key + " is not found.")
                        .build();
            } catch (AwsServiceException e) {
                throw encryption(trail.settings().bucket(), key);
            }
            throw encryption(trail.settings().bucket(), key);
        }
    }

    private static InsufficientEncryptionPolicyException encryption(String bucket, String key) {
        return InsufficientEncryptionPolicyException.builder()
                .message("Insufficient permissions to access S3 bucket " + bucket + " or KMS key " + key + ".")
                .build();
    }

    /** Refuses a bucket whose policy does not let the trail's files in. Nothing is written into it: it may be deleted with the trail. */
    void bucket(TrailRecord trail) {
        String bucket = trail.settings().bucket();
        String file = Destinations.key(trail, "AWSLogs/" + trail.account() + "/CloudTrail/" + trail.region());
        try {
            authorizer.authorize(
                    clients.callAs(principal(trail), trail.region()),
                    "s3:PutObject",
                    Arn.s3(bucket + "/" + file).toString(),
                    Map.of(
                            "s3:x-amz-acl", List.of("bucket-owner-full-control"),
                            "aws:SourceArn", List.of(trail.arn().toString())));
        } catch (AwsServiceException refused) {
            if (isMissing(bucket)) {
                throw S3BucketDoesNotExistException.builder()
                        .message("S3 bucket " + bucket + " does not exist!")
                        .build();
            }
            throw InsufficientS3BucketPolicyException.builder()
                    .message("Incorrect S3 bucket policy is detected for bucket: " + bucket)
                    .build();
        }
    }

    private static Actor principal(TrailRecord trail) {
        return new Actor.Service(
                Destinations.PRINCIPAL, trail.home(), trail.arn().toString());
    }

    private boolean isMissing(String bucket) {
        try {
            clients.client(S3Client.class, new Actor.Forwarded(Destinations.PRINCIPAL))
                    .headBucket(r -> r.bucket(bucket));
            return false;
        } catch (AwsServiceException e) {
            return e.statusCode() == 404;
        }
    }

    /** Publishes a message that says what it is for. */
    void topic(TrailRecord trail) {
        if (trail.settings().topic().isEmpty()) {
            return;
        }
        try {
            destinations.publish(trail, Map.of("message", "CloudTrail validation message."));
        } catch (AwsServiceException e) {
            throw InsufficientSnsTopicPolicyException.builder()
                    .message("SNS Topic does not exist or the topic policy is incorrect!")
                    .build();
        }
    }

    /** Refuses a log group without a role, and the reverse, and what is neither. */
    static void checkLogs(Settings settings, Scope here) {
        if (settings.logGroup().isEmpty() && settings.logsRole().isEmpty()) {
            return;
        }
        if (settings.logGroup().isEmpty()) {
            throw logGroup("You must specify a log group as well as a role ARN.");
        }
        boolean group = Arn.find(settings.logGroup())
                .filter(arn -> arn.service().equals("logs")
                        && arn.region().equals(here.region())
                        && arn.account().equals(here.account())
                        && LOG_GROUP.matcher(arn.resource()).matches())
                .isPresent();
        if (!group) {
            throw logGroup("CloudTrail cannot validate the specified log group ARN.");
        }
        if (settings.logsRole().isEmpty()) {
            throw logsRole("You must specify a role ARN as well as a log group.");
        }
        boolean role = Arn.find(settings.logsRole())
                .filter(arn -> arn.service().equals("iam") && arn.type().equals("role"))
                .isPresent();
        if (!role) {
            throw logsRole("CloudTrail cannot validate the specified role ARN.");
        }
    }

    private static InvalidCloudWatchLogsLogGroupArnException logGroup(String message) {
        return InvalidCloudWatchLogsLogGroupArnException.builder()
                .message(message)
                .build();
    }

    private static InvalidCloudWatchLogsRoleArnException logsRole(String message) {
        return InvalidCloudWatchLogsRoleArnException.builder().message(message).build();
    }

    /** Makes the log stream of the trail's home. */
    void logs(TrailRecord trail) {
        if (!trail.writesLogs()) {
            return;
        }
        try {
            destinations.makeStream(trail, Call.current().region());
        } catch (software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException e) {
            throw logGroup("CloudTrail cannot validate the specified log group ARN.");
        } catch (AwsServiceException e) {
            throw logsRole("Access denied. Check the permissions for your role.");
        }
    }
}

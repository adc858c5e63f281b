package dev.terrane.app.demo;

import java.net.URI;
import software.amazon.awssdk.core.sync.RequestBody;

/** Calls that touch what every client touches: signatures, protocols, policies, the store. */
public final class Training {
    private static final int ROUNDS = 60;

    private final Aws aws;

    public Training(URI endpoint, String region, String accessKeyId, String secretAccessKey) {
        aws = new Aws(endpoint, region, accessKeyId, secretAccessKey);
    }

    /** Makes the calls. */
    public void run() {
        aws.s3.createBucket(r -> r.bucket("training"));
        for (int round = 0; round < ROUNDS; round++) {
            String key = "key-" + round;
            aws.s3.putObject(r -> r.bucket("training").key(key), RequestBody.fromString(key));
            aws.s3.getObjectAsBytes(r -> r.bucket("training").key(key));
            aws.s3.listObjectsV2(r -> r.bucket("training"));
            aws.iam.createUser(r -> r.userName(key));
            aws.iam.listUsers();
            aws.codeCommit.createRepository(r -> r.repositoryName(key));
            aws.codeCommit.getRepository(r -> r.repositoryName(key));
            aws.events.listRules(r -> {});
        }
    }
}

package dev.terrane.kernel.authorization;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * S3 Control, whose actions are S3's ("Required permissions for Amazon S3 API operations"): the same names mean an account where S3's own
 * operations mean a bucket, and buckets on Outposts have S3's names again.
 */
final class S3ControlOverlay implements Overlay {
    private static final Map<String, String> ACTIONS = Map.of(
            "GetPublicAccessBlock", "GetAccountPublicAccessBlock",
            "PutPublicAccessBlock", "PutAccountPublicAccessBlock",
            "DeletePublicAccessBlock", "PutAccountPublicAccessBlock",
            "GetBucketLifecycleConfiguration", "GetLifecycleConfiguration",
            "PutBucketLifecycleConfiguration", "PutLifecycleConfiguration",
            "DeleteBucketLifecycleConfiguration", "PutLifecycleConfiguration",
            "GetBucketReplication", "GetReplicationConfiguration",
            "PutBucketReplication", "PutReplicationConfiguration",
            "DeleteBucketReplication", "PutReplicationConfiguration",
            "DeleteBucketTagging", "PutBucketTagging");

    /** Of Outposts and directory buckets, whose actions have a prefix of their own. */
    private static final Set<String> ELSEWHERE = Set.of(
            "GetBucket",
            "ListRegionalBuckets",
            "DeleteAccessPointScope",
            "GetAccessPointScope",
            "PutAccessPointScope",
            "ListAccessPointsForDirectoryBuckets");

    @Override
    public List<String> actions(String operation) {
        return List.of(ACTIONS.getOrDefault(operation, operation));
    }

    @Override
    public boolean declares(String action) {
        return ELSEWHERE.contains(action);
    }
}

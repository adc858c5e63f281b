package dev.terrane.s3;

import dev.terrane.kernel.call.Call;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Finds the bucket that a request names, and refuses requests that are signed for another region or expect another owner. */
final class BucketLookup {
    private final S3Tables tables;

    BucketLookup(S3Tables tables) {
        this.tables = tables;
    }

    /** The bucket, to be read. */
    BucketRecord require(String name, @Nullable String expectedOwner) {
        return checked(anywhere(name, expectedOwner));
    }

    /** The bucket, from whichever region the request was signed for. */
    BucketRecord anywhere(String name, @Nullable String expectedOwner) {
        BucketRecord bucket = tables.bucket(name).orElseThrow(() -> S3Errors.noSuchBucket(name));
        if (expectedOwner != null && !expectedOwner.equals(bucket.account())) {
            throw S3Errors.accessDenied("Access Denied");
        }
        return bucket;
    }

    private static BucketRecord checked(BucketRecord bucket) {
        if (!bucket.region().equals(Call.current().region())) {
            throw S3Errors.of(
                    "PermanentRedirect",
                    301,
                    "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all"
                            + " future requests to this endpoint: the bucket is in " + bucket.region(),
                    Map.of("x-amz-bucket-region", bucket.region()));
        }
        return bucket;
    }

    /** The bucket as it must still be when the transaction commits: for writing into it. */
    BucketRecord hold(BucketRecord seen) {
        BucketRecord bucket = tables.heldBucket(seen.name())
                .filter(now ->
                        now.account().equals(seen.account()) && now.created().equals(seen.created()))
                .orElseThrow(() -> S3Errors.noSuchBucket(seen.name()));
        if (bucket.deleting()) {
            throw conflict();
        }
        return bucket;
    }

    static RuntimeException conflict() {
        return S3Errors.of(
                "OperationAborted",
                409,
                "A conflicting conditional operation is currently in progress against this resource. Please try again.");
    }

    /** Changes a bucket's settings. */
    void change(String name, @Nullable String expectedOwner, UnaryOperator<BucketRecord> change) {
        BucketRecord seen = require(name, expectedOwner);
        tables.transact(() -> {
            BucketRecord held = hold(seen);
            BucketRecord changed = change.apply(held);
            if (!changed.equals(held)) {
                tables.put(changed);
            }
            return changed;
        });
    }
}

package dev.terrane.s3;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.service.Platform;

/** The classes that do S3's work, wired. */
record S3Parts(
        S3Tables tables,
        Garbage garbage,
        Buckets buckets,
        BucketSettings settings,
        Notifications notifications,
        NotificationSender sender,
        CrossOrigins crossOrigins,
        Websites websites,
        BucketPolicies policies,
        Unconfigured unconfigured,
        Objects objects,
        ObjectReads reads,
        Copies copies,
        Deletions deletions,
        Listings listings,
        ObjectTagging tagging,
        ObjectLocks locks,
        Multipart multipart,
        Completion completion,
        LifecycleRules lifecycleRules,
        Lifecycle lifecycle) {
    static S3Parts of(Platform platform) {
        Clock clock = platform.clock();
        S3Tables tables = new S3Tables(platform.store());
        BucketLookup lookup = new BucketLookup(tables);
        Garbage garbage = new Garbage(tables, platform.blobs(), clock);
        Contents contents = new Contents(tables, platform.blobs(), garbage, clock);
        Versions versions = new Versions(tables, contents);
        Encryption encryption = new Encryption(platform.clients());
        NotificationSender sender = new NotificationSender(platform);
        S3Events events = new S3Events(platform.events(), sender);
        Objects objects = new Objects(tables, lookup, versions, contents, encryption, events, clock);
        Multipart multipart = new Multipart(tables, lookup, objects, contents, garbage, encryption, clock);
        return new S3Parts(
                tables,
                garbage,
                new Buckets(tables, lookup, garbage, clock, platform.pages()),
                new BucketSettings(lookup),
                new Notifications(lookup, sender),
                sender,
                new CrossOrigins(tables, lookup),
                new Websites(tables, lookup),
                new BucketPolicies(tables, lookup),
                new Unconfigured(lookup),
                objects,
                new ObjectReads(lookup, versions, contents, encryption),
                new Copies(tables, lookup, versions, contents, garbage, encryption, multipart, events, clock),
                new Deletions(tables, lookup, versions, events, clock),
                new Listings(tables, lookup, platform.pages()),
                new ObjectTagging(tables, lookup, versions, events),
                new ObjectLocks(tables, lookup, versions),
                multipart,
                new Completion(
                        tables, lookup, multipart, versions, contents, garbage, events, clock, platform.endpoint()),
                new LifecycleRules(tables, lookup),
                new Lifecycle(tables, lookup, versions, multipart, events, platform.clients(), clock));
    }
}

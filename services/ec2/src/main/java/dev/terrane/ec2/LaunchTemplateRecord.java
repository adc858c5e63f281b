package dev.terrane.ec2;

import java.time.Instant;

/** A launch template; its versions are records of their own. */
record LaunchTemplateRecord(
        String id, String name, String createdBy, Instant created, long defaultVersion, long latestVersion) {
    LaunchTemplateRecord withDefault(long version) {
        return new LaunchTemplateRecord(id, name, createdBy, created, version, latestVersion);
    }

    LaunchTemplateRecord withLatest(long version) {
        return new LaunchTemplateRecord(id, name, createdBy, created, defaultVersion, version);
    }
}

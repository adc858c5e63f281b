package dev.terrane.codedeploy;

import software.amazon.awssdk.services.codedeploy.model.GenericRevisionInfo;
import software.amazon.awssdk.services.codedeploy.model.RevisionLocation;
import software.amazon.awssdk.services.codedeploy.model.S3Location;

/** A revision that was registered with an application, or deployed. */
record RevisionRecord(String applicationId, RevisionLocation location, GenericRevisionInfo info) {
    String key() {
        return key(applicationId, location);
    }

    /** Where a revision is kept. Two locations are one revision when all that they name is equal. */
    static String key(String applicationId, RevisionLocation location) {
        return applicationId + "/" + identity(location);
    }

    static String identity(RevisionLocation location) {
        S3Location s3 = location.s3Location();
        return s3.bucket() + "/" + s3.key() + "?" + s3.bundleTypeAsString() + "&" + s3.version() + "&" + s3.eTag();
    }
}

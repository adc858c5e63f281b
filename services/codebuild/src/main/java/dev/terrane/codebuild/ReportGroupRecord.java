package dev.terrane.codebuild;

import software.amazon.awssdk.services.codebuild.model.ReportGroup;

/** A report group. */
record ReportGroupRecord(ReportGroup group) {
    String arn() {
        return group.arn();
    }
}

package dev.terrane.codebuild;

import java.util.List;
import software.amazon.awssdk.services.codebuild.model.Report;
import software.amazon.awssdk.services.codebuild.model.TestCase;

/** A test report with its test cases. */
record ReportRecord(Report report, List<TestCase> cases) {
    ReportRecord {
        cases = List.copyOf(cases);
    }

    String arn() {
        return report.arn();
    }
}

package dev.terrane.codebuild;

import dev.terrane.codebuild.Buildspec.ReportFiles;
import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.service.Platform;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.Build;
import software.amazon.awssdk.services.codebuild.model.Report;
import software.amazon.awssdk.services.codebuild.model.ReportExportConfig;
import software.amazon.awssdk.services.codebuild.model.ReportExportConfigType;
import software.amazon.awssdk.services.codebuild.model.ReportStatusType;
import software.amazon.awssdk.services.codebuild.model.ReportType;
import software.amazon.awssdk.services.codebuild.model.TestCase;
import software.amazon.awssdk.services.codebuild.model.TestReportSummary;

/** Makes reports of the test results of a build. A group that is not there yet is made as the service role. */
final class TestReports {
    private static final int MOST_CASES = 500;
    private static final Duration KEPT = Duration.ofDays(30);

    private final Platform platform;
    private final CodeBuildTables tables;
    private final BuildFiles files;
    private final BuildLog log;
    private final CodeBuildClient asRole;
    private final Scope scope;
    private final Build build;

    TestReports(
            Platform platform,
            CodeBuildTables tables,
            BuildFiles files,
            BuildLog log,
            CodeBuildClient asRole,
            Scope scope,
            Build build) {
        this.platform = platform;
        this.tables = tables;
        this.files = files;
        this.log = log;
        this.asRole = asRole;
        this.scope = scope;
        this.build = build;
    }

    /** Makes the reports that a specification asks for.
     *
     * @return their ARNs */
    List<String> make(Map<String, ReportFiles> wanted) throws IOException, InterruptedException {
        List<String> arns = new ArrayList<>();
        for (var report : wanted.entrySet()) {
            try {
                arns.add(make(report.getKey(), report.getValue()));
            } catch (BuildFailure | AwsServiceException e) {
                log.say("Error processing report group " + report.getKey() + ": " + e.getMessage());
            }
        }
        return arns;
    }

    private String make(String name, ReportFiles wanted) throws IOException, InterruptedException {
        if (!wanted.format().equals("JUNITXML")) {
            throw BuildFailure.client("the report format " + wanted.format()
                    + " is not supported by this installation; supported is JUNITXML");
        }
        log.say("Preparing to copy test report " + name);
        String group = group(name);
        Instant now = platform.clock().instant();
        String arn = Arn.of(
                        "codebuild",
                        scope.region(),
                        scope.account(),
                        "report/" + Arn.parse(group).name() + ":" + Ids.uuid())
                .toString();
        List<TestCase> cases = new ArrayList<>();
        int[] total = {0};
        int found = 0;
        for (String base : files.bases(wanted.baseDirectory())) {
            found += files.each(base, wanted.files(), wanted.exclude(), (path, content) -> {
                try {
                    List<TestCase> some = JUnitXml.read(content, arn, path, now.plus(KEPT));
                    total[0] += some.size();
                    some.stream().limit(Math.max(0, MOST_CASES - cases.size())).forEach(cases::add);
                } catch (XMLStreamException e) {
                    throw BuildFailure.client("could not read " + path + ": " + e.getMessage());
                }
            });
        }
        if (found == 0) {
            throw BuildFailure.client("no matching report paths found for " + wanted.files());
        }
        Report report = report(arn, group, now, cases, total[0] > cases.size());
        tables.store().transact(() -> tables.put(scope, new ReportRecord(report, cases)));
        return arn;
    }

    private String group(String name) {
        if (Arn.isArn(name)) {
            return tables.group(scope, name)
                    .map(ReportGroupRecord::arn)
                    .orElseThrow(() -> BuildFailure.client("report group not found: " + name));
        }
        String full = build.projectName() + "-" + name;
        String arn = Reports.groupArn(scope, full);
        if (tables.group(scope, arn).isEmpty()) {
            asRole.createReportGroup(r -> r.name(full)
                    .type(ReportType.TEST)
                    .exportConfig(ReportExportConfig.builder()
                            .exportConfigType(ReportExportConfigType.NO_EXPORT)
                            .build()));
        }
        return arn;
    }

    private Report report(String arn, String group, Instant now, List<TestCase> cases, boolean truncated) {
        Map<String, Integer> counts = new HashMap<>();
        for (String status : List.of("SUCCEEDED", "FAILED", "ERROR", "SKIPPED", "UNKNOWN")) {
            counts.put(status, 0);
        }
        cases.forEach(each -> counts.merge(each.status(), 1, Integer::sum));
        boolean failed = counts.getOrDefault("FAILED", 0) + counts.getOrDefault("ERROR", 0) > 0;
        return Report.builder()
                .arn(arn)
                .type(ReportType.TEST)
                .name(arn.substring(arn.lastIndexOf('/') + 1))
                .reportGroupArn(group)
                .executionId(build.arn())
                .status(failed ? ReportStatusType.FAILED : ReportStatusType.SUCCEEDED)
                .created(now)
                .expired(now.plus(KEPT))
                .exportConfig(ReportExportConfig.builder()
                        .exportConfigType(ReportExportConfigType.NO_EXPORT)
                        .build())
                .truncated(truncated)
                .testSummary(TestReportSummary.builder()
                        .total(cases.size())
                        .statusCounts(counts)
                        .durationInNanoSeconds(cases.stream()
                                .mapToLong(TestCase::durationInNanoSeconds)
                                .sum())
                        .build())
                .build();
    }
}

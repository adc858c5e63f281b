package dev.terrane.codebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.codebuild.model.*;

/** What builds tell of their tests. */
final class ReportsTest {
    private static final String GOOD =
            "<testsuites><testsuite name=\"s\"><testcase classname=\"c\" name=\"good\" time=\"0.25\"/>"
                    + "<testcase classname=\"c\" name=\"skipped\"><skipped/></testcase>"
                    + "<testcase classname=\"c\" name=\"broken\"><error message=\"boom &amp; bang\"><![CDATA[at c.broken]]></error></testcase>"
                    + "</testsuite></testsuites>";

    private static Workshop workshop;

    @BeforeAll
    static void start() {
        workshop = new Workshop();
    }

    @AfterAll
    static void stop() {
        if (workshop != null) {
            workshop.close();
        }
    }

    /** A project whose report is made of files in the folder r. */
    private static Build reported(String project, String command, String report) {
        workshop.project(project, """
                version: 0.2
                phases: { build: { commands: [ 'mkdir r', "%s" ] } }
                reports: { unit: %s }
                """.formatted(command.replace("\\", "\\\\").replace("\"", "\\\""), report));
        return workshop.succeed(project);
    }

    private static String write(String file, String xml) {
        return "printf '%s' '" + xml + "' > " + file;
    }

    @Test
    void casesAreReadWithTheirStatusMessageAndTime() {
        Build build = reported(
                "cases", write("r/a.xml", GOOD) + "; cp r/a.xml r/b.txt", "{ base-directory: r, files: [ '*.xml' ] }");
        Report report = workshop.codebuild
                .batchGetReports(r -> r.reportArns(build.reportArns()))
                .reports()
                .getFirst();
        assertThat(report.status()).isEqualTo(ReportStatusType.FAILED);
        assertThat(report.executionId()).isEqualTo(build.arn());
        assertThat(report.testSummary().total()).isEqualTo(3);
        assertThat(report.testSummary().durationInNanoSeconds())
                .isEqualTo(Duration.ofMillis(250).toNanos());
        List<TestCase> cases = workshop.codebuild
                .describeTestCases(r -> r.reportArn(report.arn()))
                .testCases();
        assertThat(cases)
                .extracting(c -> c.name() + " " + c.status())
                .containsExactlyInAnyOrder("good SUCCEEDED", "skipped SKIPPED", "broken ERROR");
        assertThat(cases)
                .filteredOn(c -> c.name().equals("broken"))
                .singleElement()
                .satisfies(c -> assertThat(c.message()).isEqualTo("boom & bang\nat c.broken"));
        assertThat(workshop.codebuild.listReportGroups(r -> {}).reportGroups())
                .anyMatch(arn -> arn.endsWith(":report-group/cases-unit"));
    }

    @Test
    void filesThatAreNoReportsAreToldInTheLogAndHarmNothing() {
        String[][] wrong = {
            {"cut", "<testsuite name=\"s\"><testcase name=\"a\"", "could not read"},
            {"other", "<html/>", "Not a JUnit XML file"},
            {
                "entity",
                "<!DOCTYPE t [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><testsuite name=\"s\"><testcase name=\"&x;\"/></testsuite>",
                "could not read"
            },
            {"empty", "", "could not read"},
        };
        for (String[] each : wrong) {
            Build build = reported(each[0], write("r/a.xml", each[1]), "{ base-directory: r, files: [ '*.xml' ] }");
            assertThat(build.reportArns()).isEmpty();
            assertThat(workshop.log(build))
                    .contains("Error processing report group unit", each[2])
                    .doesNotContain("root:x:");
        }
        Build none = reported("none", "true", "{ base-directory: r, files: [ '*.xml' ] }");
        assertThat(workshop.log(none)).contains("no matching report paths found");
        Build link = reported("link", "ln -s /etc/passwd r/a.xml", "{ base-directory: r, files: [ '*.xml' ] }");
        assertThat(workshop.log(link)).contains("leads out of its folder");
        Build format = reported("format", "true", "{ files: [ '*' ], file-format: CUCUMBERJSON }");
        assertThat(workshop.log(format)).contains("CUCUMBERJSON is not supported");
    }

    @Test
    void aRoleThatMayNotMakeGroupsHasTheBuildWithoutReport() {
        String role = workshop.role("no-groups", """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:*"],"Resource":"*"}]}""");
        workshop.project("denied", """
                version: 0.2
                phases: { build: { commands: [ "echo '<testsuite/>' > a.xml" ] } }
                reports: { unit: { files: [ a.xml ] } }
                """, p -> p.serviceRole(role));
        Build build = workshop.succeed("denied");
        assertThat(build.reportArns()).isEmpty();
        assertThat(workshop.log(build)).contains("codebuild:CreateReportGroup");
        assertThatThrownBy(() -> workshop.codebuild.describeTestCases(
                        r -> r.reportArn("arn:aws:codebuild:us-east-1:123456789012:report/denied-unit:none")))
                .isInstanceOf(CodeBuildException.class);
    }
}

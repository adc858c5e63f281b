package dev.terrane.codebuild;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.testkit.TestIdentities;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Exceptions;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.ProjectArtifacts;
import software.amazon.awssdk.services.codebuild.model.ProjectEnvironment;
import software.amazon.awssdk.services.codebuild.model.ProjectSource;
import software.amazon.awssdk.services.codebuild.model.ReportExportConfig;
import software.amazon.awssdk.services.codebuild.model.Tag;

final class CodeBuildContractTest extends ServiceContractSuite<CodeBuildClient> {
    CodeBuildContractTest() {
        super(CodeBuildClient.class);
    }

    @Override
    protected TestServer start() {
        return TestServer.with(CodeBuildService::new);
    }

    @Override
    protected Names example(CodeBuildClient client, String name) {

        String role = server().identities()
                .role(TestServer.ACCOUNT, "build", "codebuild.amazonaws.com", TestIdentities.EVERYTHING);
        ProjectSource source = ProjectSource.builder()
                .type("NO_SOURCE")
                .buildspec("version: 0.2\nphases: {}")
                .build();
        ProjectArtifacts artifacts =
                ProjectArtifacts.builder().type("NO_ARTIFACTS").build();
        ProjectEnvironment environment = ProjectEnvironment.builder()
                .type("LINUX_CONTAINER")
                .image("aws/codebuild/standard:7.0")
                .computeType("BUILD_GENERAL1_SMALL")
                .build();
        client.createProject(r -> r.name(name)
                .source(source)
                .artifacts(artifacts)
                .environment(environment)
                .serviceRole(role)
                .tags(Tag.builder().key("made").value("here").build()));
        ReportExportConfig export =
                ReportExportConfig.builder().exportConfigType("NO_EXPORT").build();
        String group = client.createReportGroup(r -> r.name(name).type("TEST").exportConfig(export))
                .reportGroup()
                .arn();
        String build = name + ":01234567-89ab-cdef-0123-456789abcdef";
        return Names.of("name", name)
                .and("names", name)
                .and("projectName", name)
                .and("source", source)
                .and("artifacts", artifacts)
                .and("environment", environment)
                .and("serviceRole", role)
                .and("exportConfig", export)
                .and("type", "TEST")
                .and("arn", group)
                .and("DeleteReport.arn", arn("report/" + name + ":01234567-89ab-cdef-0123-456789abcdef"))
                .and("reportGroupArn", group)
                .and("reportGroupArns", group)
                .and("reportArn", arn("report/" + name + ":01234567-89ab-cdef-0123-456789abcdef"))
                .and("reportArns", arn("report/" + name + ":01234567-89ab-cdef-0123-456789abcdef"))
                .and("ids", build)
                .and("id", build)
                .and("RetryBuild.id", build);
    }

    @Override
    protected Missing missing() {
        return Missing.none()
                .and("projectName", "none", "ResourceNotFoundException")
                .and("UpdateProject.name", "none", "ResourceNotFoundException")
                .and("id", "none:01234567-89ab-cdef-0123-456789abcdef", "ResourceNotFoundException")
                .and("UpdateReportGroup.arn", arn("report-group/none"), "ResourceNotFoundException")
                .and("reportArn", arn("report/none:01234567-89ab-cdef-0123-456789abcdef"), "ResourceNotFoundException")
                .and("reportGroupArn", arn("report-group/none"), "ResourceNotFoundException");
    }

    private static String arn(String resource) {
        return Arn.of("codebuild", TestServer.REGION, TestServer.ACCOUNT, resource)
                .toString();
    }

    @Override
    protected void exceptions(Exceptions except) {
        except.to("code", "DeleteReportGroup ResourceNotFoundException", "the model does not have it");
    }
}

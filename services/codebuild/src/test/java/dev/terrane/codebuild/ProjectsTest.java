package dev.terrane.codebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.testkit.TestIdentities;
import dev.terrane.testkit.TestServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.ArtifactsType;
import software.amazon.awssdk.services.codebuild.model.ComputeType;
import software.amazon.awssdk.services.codebuild.model.EnvironmentType;
import software.amazon.awssdk.services.codebuild.model.InvalidInputException;
import software.amazon.awssdk.services.codebuild.model.ResourceNotFoundException;
import software.amazon.awssdk.services.codebuild.model.SourceType;

/** Projects, without builds. */
class ProjectsTest {
    private final TestServer server = TestServer.with(CodeBuildService::new);
    private final CodeBuildClient codebuild = server.client(CodeBuildClient.class);

    @AfterEach
    void end() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    @BeforeEach
    void makeRole() {
        server.identities().role(TestServer.ACCOUNT, "build", "codebuild.amazonaws.com", TestIdentities.EVERYTHING);
        server.identities().role(TestServer.ACCOUNT, "other", "ec2.amazonaws.com", TestIdentities.EVERYTHING);
    }

    private String project() {
        return project("build");
    }

    private String project(String role) {
        return codebuild
                .createProject(r -> r.name("demo")
                        .source(s -> s.type(SourceType.NO_SOURCE).buildspec("version: 0.2"))
                        .artifacts(a -> a.type(ArtifactsType.NO_ARTIFACTS))
                        .environment(e -> e.type(EnvironmentType.LINUX_CONTAINER)
                                .image("aws/codebuild/standard:7.0")
                                .computeType(ComputeType.BUILD_GENERAL1_SMALL))
                        .serviceRole("arn:aws:iam::123456789012:role/" + role))
                .project()
                .arn();
    }

    @Test
    void theServiceRoleMustTrustCodeBuild() {
        for (String role : List.of("absent", "other")) {
            assertThatThrownBy(() -> project(role))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("CodeBuild is not authorized to perform: sts:AssumeRole on "
                            + "arn:aws:iam::123456789012:role/" + role);
        }
        project();
        assertThatThrownBy(() -> codebuild.updateProject(
                        r -> r.name("demo").serviceRole("arn:aws:iam::123456789012:role/other")))
                .isInstanceOf(InvalidInputException.class);
    }

    /** Terraform knows projects by their ARN alone. */
    @Test
    void aProjectIsReadChangedAndDeletedByItsArn() {
        String arn = project();
        codebuild.updateProject(r -> r.name(arn).description("changed"));
        codebuild.invalidateProjectCache(r -> r.projectName(arn));
        assertThat(codebuild.batchGetProjects(r -> r.names(arn, "demo", "absent")))
                .satisfies(found -> assertThat(found.projects())
                        .hasSize(2)
                        .allMatch(project -> project.name().equals("demo")
                                && project.arn().equals(arn)
                                && project.description().equals("changed")))
                .satisfies(found -> assertThat(found.projectsNotFound()).containsExactly("absent"));

        String elsewhere = arn.replace(TestServer.REGION, "eu-west-1");
        codebuild.deleteProject(r -> r.name(elsewhere));
        assertThat(codebuild.batchGetProjects(r -> r.names(elsewhere)).projectsNotFound())
                .containsExactly(elsewhere);
        assertThatThrownBy(() -> codebuild.startBuild(r -> r.projectName(elsewhere)))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining(elsewhere);
        assertThat(codebuild.listProjects(r -> {}).projects()).containsExactly("demo");

        codebuild.deleteProject(r -> r.name(arn));
        assertThat(codebuild.listProjects(r -> {}).projects()).isEmpty();
        codebuild.deleteProject(r -> r.name(arn));
    }
}

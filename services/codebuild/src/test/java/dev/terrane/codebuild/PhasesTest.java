package dev.terrane.codebuild;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.codebuild.model.*;

/** What the phases of a specification do, and what follows when one fails. */
final class PhasesTest {
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

    private static List<String> phases(Build build) {
        return build.phases().stream()
                .filter(phase -> phase.endTime() != null)
                .map(phase -> phase.phaseTypeAsString() + " " + phase.phaseStatusAsString())
                .filter(phase -> phase.matches("(INSTALL|PRE_BUILD|BUILD|POST_BUILD|UPLOAD_ARTIFACTS) .*"))
                .toList();
    }

    @Test
    void aFailedPhaseEndsTheBuildUnlessItIsBuildItself() {
        workshop.project("early", """
                        version: 0.2
                        phases:
                          pre_build: { commands: [ 'false' ], finally: [ 'echo tidied up' ] }
                          build: { commands: [ 'echo built' ] }
                        """);
        Build build = workshop.build("early");
        assertThat(build.buildStatus()).isEqualTo(StatusType.FAILED);
        assertThat(phases(build)).containsExactly("INSTALL SUCCEEDED", "PRE_BUILD FAILED");
        assertThat(workshop.log(build)).contains("tidied up\n").doesNotContain("built\n");
    }

    @Test
    void onFailureAbortsOrContinues() {
        workshop.project("abort", """
                        version: 0.2
                        phases:
                          build: { on-failure: ABORT, commands: [ 'false' ] }
                          post_build: { commands: [ 'echo after' ] }
                        """);
        Build aborted = workshop.build("abort");
        assertThat(aborted.buildStatus()).isEqualTo(StatusType.FAILED);
        assertThat(phases(aborted)).containsExactly("INSTALL SUCCEEDED", "PRE_BUILD SUCCEEDED", "BUILD FAILED");

        workshop.project("continue", """
                        version: 0.2
                        phases:
                          install: { on-failure: CONTINUE, commands: [ 'false' ] }
                          build: { commands: [ 'echo built' ] }
                        """);
        Build continued = workshop.build("continue");
        assertThat(phases(continued))
                .startsWith("INSTALL FAILED", "PRE_BUILD SUCCEEDED", "BUILD SUCCEEDED", "POST_BUILD SUCCEEDED");
        assertThat(workshop.log(continued)).contains("built\n");
    }

    @Test
    void aFailingFinallyFailsItsPhase() {
        workshop.project("finally", """
                        version: 0.2
                        phases:
                          install: { commands: [ 'true' ], finally: [ 'exit 7' ] }
                        """);
        Build build = workshop.build("finally");
        assertThat(Workshop.why(build, BuildPhaseType.INSTALL))
                .isEqualTo("COMMAND_EXECUTION_ERROR: Error while executing command: exit 7. Reason: exit status 7");
    }

    @Test
    void commandsRunAsTheUserThatTheSpecificationOrThePhaseNames() {
        workshop.project("users", """
                        version: 0.2
                        run-as: nobody
                        phases:
                          install: { run-as: root, commands: [ 'echo "installs $(whoami)"' ] }
                          build: { commands: [ 'KEPT=yes', 'echo "builds $(whoami)"' ] }
                          post_build: { commands: [ 'echo "kept $KEPT by $(whoami)"' ] }
                        """);
        Build build = workshop.succeed("users");
        assertThat(workshop.log(build)).contains("installs root\n", "builds nobody\n", "kept yes by nobody\n");

        workshop.project("stranger", "version: 0.2\nrun-as: nobody-here\nphases: { build: { commands: [ 'true' ] } }");
        assertThat(workshop.build("stranger").buildStatus()).isEqualTo(StatusType.FAILED);
    }

    @Test
    void theShellIsTheOneThatIsAskedFor() {
        workshop.project("bash", """
                        version: 0.2
                        env: { shell: bash }
                        phases:
                          build:
                            commands:
                              - |
                                list=(one two)
                                greet() { echo "greets ${1^^}"; }
                              - greet "${list[1]}"
                        """);
        assertThat(workshop.log(workshop.succeed("bash"))).contains("greets TWO\n");
    }

    @Test
    void aSpecificationThatCannotBeReadEndsTheBuildAndSaysWhy() {
        workshop.project("spec", "version: 0.2\nphases: { build: { commands: [ 'true' ] } }");
        for (String[] wrong : new String[][] {
            {"version: 0.3\nphases: {}", "version 0.3 is not supported"},
            {"version: 0.2\n", "requires phases"},
            {"version: 0.2\nphases: { deploy: { commands: [ a ] } }", "Unknown phase: deploy"},
            {"version: 0.2\nphases: { build: { commands: [ { a: b } ] } }", "to be of string type"},
            {"version: 0.2\nphases: [\n", "YAML"},
            {"version: 0.2\na: &a [x,x]\nb: &b [*a,*a]\nc: [" + "*b,".repeat(40) + "]\nphases: {}", "lias"},
        }) {
            Build build = workshop.build("spec", r -> r.buildspecOverride(wrong[0]));
            assertThat(build.buildStatus()).isEqualTo(StatusType.FAILED);
            assertThat(Workshop.why(build, BuildPhaseType.DOWNLOAD_SOURCE))
                    .startsWith("YAML_FILE_ERROR")
                    .contains(wrong[1]);
        }
    }
}

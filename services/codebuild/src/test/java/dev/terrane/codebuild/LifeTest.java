package dev.terrane.codebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.testkit.TestServer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.codebuild.model.*;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterType;

/** How builds wait, run out of time, are stopped, and outlive the server. */
final class LifeTest {
    private static final String SLEEP = "version: 0.2\nphases: { build: { commands: [ 'sleep 600' ] } }";

    private Workshop workshop;

    @BeforeEach
    void start() {
        workshop = new Workshop();
    }

    @AfterEach
    void stop() {
        workshop.close();
    }

    private Build stopped(Build build) {
        workshop.codebuild.stopBuild(r -> r.id(build.id()));
        return workshop.finished(build);
    }

    @Test
    void aBuildThatTakesTooLongIsEnded() {
        workshop.project("slow", SLEEP, p -> p.timeoutInMinutes(5));
        Build build = workshop.start("slow");
        workshop.awaitPhase(build, BuildPhaseType.BUILD);
        workshop.server.advance(Duration.ofMinutes(4));
        assertThat(workshop.get(build).buildStatus()).isEqualTo(StatusType.IN_PROGRESS);
        workshop.server.advance(Duration.ofMinutes(2));
        Build ended = workshop.finished(build);
        assertThat(ended.buildStatus()).isEqualTo(StatusType.TIMED_OUT);
        assertThat(Workshop.phase(ended, BuildPhaseType.BUILD).phaseStatus()).isEqualTo(StatusType.TIMED_OUT);
        assertThat(Workshop.why(ended, BuildPhaseType.BUILD)).isEqualTo("BUILD_TIMED_OUT: Build has timed out. ");
        assertThat(ended.phases()).extracting(BuildPhase::phaseType).doesNotContain(BuildPhaseType.UPLOAD_ARTIFACTS);
    }

    @Test
    void buildsBeyondTheNumberThatRunAtOnceWaitTheirTurnOrTheirTime() {
        workshop.project("crowd", SLEEP, p -> p.queuedTimeoutInMinutes(5));
        Build first = workshop.start("crowd");
        Build second = workshop.start("crowd");
        workshop.awaitPhase(first, BuildPhaseType.BUILD);
        workshop.awaitPhase(second, BuildPhaseType.BUILD);
        Build late = workshop.start("crowd");
        Build unwanted = workshop.start("crowd");
        Build patient = workshop.start("crowd", r -> r.queuedTimeoutInMinutesOverride(60));
        assertThat(stopped(unwanted).buildStatus()).isEqualTo(StatusType.STOPPED);

        workshop.server.advance(Duration.ofMinutes(6));
        Build ended = workshop.finished(late);
        assertThat(ended.buildStatus()).isEqualTo(StatusType.TIMED_OUT);
        assertThat(Workshop.phase(ended, BuildPhaseType.QUEUED).phaseStatus()).isEqualTo(StatusType.TIMED_OUT);
        assertThat(workshop.get(patient).currentPhase()).isEqualTo("QUEUED");

        stopped(first);
        workshop.awaitPhase(patient, BuildPhaseType.BUILD);
        stopped(second);
        stopped(patient);
    }

    @Test
    void aBuildIsStoppedWhateverItDoes() {
        CountDownLatch end = new CountDownLatch(1);
        workshop.server
                .platform()
                .compute()
                .listen(new InetSocketAddress("169.254.170.99", 80), (workload, connection) -> end.await());
        workshop.project(
                "stop",
                SLEEP,
                p -> p.artifacts(
                        a -> a.type(ArtifactsType.S3).location(Workshop.BUCKET).overrideArtifactName(true)));
        Build downloads = workshop.start(
                "stop",
                r -> r.sourceTypeOverride(SourceType.GITHUB)
                        .sourceLocationOverride("http://169.254.170.99/never/answers.git"));
        workshop.awaitPhase(downloads, BuildPhaseType.DOWNLOAD_SOURCE);
        Build uploads = workshop.start("stop", r -> r.buildspecOverride("""
                version: 0.2
                phases: { build: { commands: [ 'touch made' ] } }
                artifacts: { files: [ made ], name: "$(sleep 600)" }
                """));
        workshop.awaitPhase(uploads, BuildPhaseType.UPLOAD_ARTIFACTS);
        for (Build build : new Build[] {downloads, uploads}) {
            Build ended = stopped(build);
            assertThat(ended.buildStatus()).isEqualTo(StatusType.STOPPED);
            assertThat(ended.currentPhase()).isEqualTo("COMPLETED");
            assertThat(ended.phases()).allSatisfy(phase -> {
                if (phase.phaseType() != BuildPhaseType.COMPLETED) {
                    assertThat(phase.endTime()).isNotNull();
                }
            });
        }
        end.countDown();
        Build tidies = workshop.start("stop", r -> r.buildspecOverride("""
                version: 0.2
                phases: { install: { commands: [ 'false' ], finally: [ 'sleep 600' ] } }
                """));
        workshop.awaitPhase(tidies, BuildPhaseType.INSTALL);
        assertThat(stopped(tidies).buildStatus()).isEqualTo(StatusType.STOPPED);
        assertThat(workshop.codebuild.stopBuild(r -> r.id(tidies.id())).build().buildStatus())
                .as("a build that has ended stays as it is")
                .isEqualTo(StatusType.STOPPED);
        assertThatThrownBy(() -> workshop.codebuild.stopBuild(r -> r.id("stop:none")))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void aBuildBeginsAnewWhenTheServerEndedWithinIt() {
        mode("sleep 600");
        workshop.project("again", """
                        version: 0.2
                        env: { parameter-store: { MODE: /mode } }
                        phases: { build: { commands: [ '$MODE', 'echo went on' ] } }
                        """);
        Build running = workshop.start("again");
        workshop.awaitPhase(running, BuildPhaseType.BUILD);
        Build other = workshop.start("again");
        workshop.awaitPhase(other, BuildPhaseType.BUILD);
        Build waiting = workshop.start("again");
        mode("true");

        workshop.restart();

        for (Build build : new Build[] {running, other, waiting}) {
            Build ended = workshop.finished(build);
            assertThat(ended.buildStatus()).as(workshop.log(ended)).isEqualTo(StatusType.SUCCEEDED);
            assertThat(ended.phases())
                    .filteredOn(phase -> phase.phaseType() == BuildPhaseType.BUILD)
                    .hasSize(1);
        }
        assertThat(workshop.log(running)).contains("it begins anew, attempt 2", "went on\n");
        assertThat(workshop.log(waiting)).doesNotContain("begins anew");
    }

    private void mode(String command) {
        workshop.server
                .client(SsmClient.class)
                .putParameter(r -> r.name("/mode")
                        .value(command)
                        .type(ParameterType.STRING)
                        .overwrite(true));
    }

    @Test
    void aTokenStartsOnceAndARetryStartsTheSameAgain() {
        workshop.project(
                "retry",
                "version: 0.2\nphases: { build: { commands: [ 'echo \"says $WORD\"' ] } }",
                p -> p.concurrentBuildLimit(1));
        Build first = workshop.start(
                "retry",
                r -> r.idempotencyToken("once")
                        .environmentVariablesOverride(EnvironmentVariable.builder()
                                .name("WORD")
                                .value("hello")
                                .build()));
        assertThat(workshop.start("retry", r -> r.idempotencyToken("once")).id())
                .isEqualTo(first.id());
        workshop.finished(first);
        Build again = workshop.finished(
                workshop.codebuild.retryBuild(r -> r.id(first.id())).build());
        assertThat(again.id()).isNotEqualTo(first.id());
        assertThat(again.buildNumber()).isEqualTo(2);
        assertThat(workshop.log(again)).contains("says hello\n");

        Build active = workshop.start("retry", r -> r.buildspecOverride(SLEEP));
        assertThatThrownBy(() -> workshop.start("retry"))
                .isInstanceOf(AccountLimitExceededException.class)
                .hasMessageContaining("Cannot have more than 1 active builds for the project");
        stopped(active);
        TestServer.await(() -> workshop.get(active).buildComplete());
    }
}

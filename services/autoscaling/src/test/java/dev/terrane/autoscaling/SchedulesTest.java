package dev.terrane.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.cloudwatch.CloudWatchService;
import dev.terrane.ec2.Ec2Service;
import dev.terrane.elasticloadbalancingv2.ElasticLoadBalancingService;
import dev.terrane.iam.IamService;
import dev.terrane.sts.StsService;
import dev.terrane.testkit.MemoryCompute;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.*;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** Scheduled actions change a group when their time comes. */
class SchedulesTest {
    private final MemoryCompute compute = new MemoryCompute();
    private final TestServer server = TestServer.withCompute(
            (data, threads) -> compute,
            IamService::new,
            StsService::new,
            CloudWatchService::new,
            ElasticLoadBalancingService::new,
            Ec2Service::new,
            AutoScalingService::new);
    private AutoScalingClient scaling = server.client(AutoScalingClient.class);

    @BeforeEach
    void makeGroup() {
        Ec2Client ec2 = server.client(Ec2Client.class);
        String image =
                ec2.describeImages(r -> r.owners("amazon")).images().getFirst().imageId();
        ec2.createLaunchTemplate(r -> r.launchTemplateName("web")
                .launchTemplateData(d -> d.imageId(image).instanceType("t3.micro")));
        scaling.createAutoScalingGroup(r -> r.autoScalingGroupName("web")
                .launchTemplate(t -> t.launchTemplateName("web"))
                .minSize(0)
                .maxSize(2)
                .availabilityZones("us-east-1a"));
    }

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private AutoScalingGroup group() {
        return scaling.describeAutoScalingGroups(r -> r.autoScalingGroupNames("web"))
                .autoScalingGroups()
                .getFirst();
    }

    private void put(String name, Consumer<PutScheduledUpdateGroupActionRequest.Builder> more) {
        scaling.putScheduledUpdateGroupAction(
                r -> more.accept(r.autoScalingGroupName("web").scheduledActionName(name)));
    }

    private List<ScheduledUpdateGroupAction> actions() {
        return scaling.describeScheduledActions(r -> r.autoScalingGroupName("web"))
                .scheduledUpdateGroupActions();
    }

    private void awaitMost(int maxSize) {
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(1));
            return group().maxSize() == maxSize;
        });
    }

    @Test
    void anActionOfOneTimeIsCarriedOutAndGone() {
        Instant start = server.clock().instant().plusSeconds(3_600);
        put("once", r -> r.startTime(start).minSize(1).maxSize(4).desiredCapacity(3));
        assertThat(actions().getFirst().startTime()).isEqualTo(start);
        assertThat(actions().getFirst().scheduledActionARN())
                .contains(":autoScalingGroupName/web:scheduledActionName/once");
        server.advance(Duration.ofSeconds(3_500));
        assertThat(group().desiredCapacity()).isZero();
        server.advance(Duration.ofSeconds(101));
        awaitMost(4);
        assertThat(group().minSize()).isEqualTo(1);
        assertThat(group().desiredCapacity()).isEqualTo(3);
        assertThat(actions()).isEmpty();
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(1));
            return scaling.describeScalingActivities(r -> r.autoScalingGroupName("web")).activities().stream()
                    .anyMatch(
                            activity -> activity.cause()
                                    .contains(
                                            "a scheduled action update of AutoScalingGroup constraints to min: 1, max: 4, desired: 3 changing the desired capacity from 0 to 3."));
        });
    }

    @Test
    void anActionThatRecursComesAgainUntilItsEndAlsoAfterARestart() {
        Instant now = server.clock().instant();
        LocalTime next = now.plusSeconds(7_200).atZone(ZoneId.of("Asia/Tokyo")).toLocalTime();
        put(
                "daily",
                r -> r.recurrence(next.getMinute() + " " + next.getHour() + " * * *")
                        .timeZone("Asia/Tokyo")
                        .endTime(now.plus(Duration.ofHours(30)))
                        .maxSize(5));
        Instant first = actions().getFirst().startTime();
        assertThat(first).isAfter(now.plusSeconds(7_000)).isBeforeOrEqualTo(now.plusSeconds(7_200));
        server.restart();
        scaling = server.client(AutoScalingClient.class);
        server.advance(Duration.between(server.clock().instant(), first).plusSeconds(1));
        awaitMost(5);
        assertThat(actions().getFirst().startTime()).isEqualTo(first.plus(Duration.ofDays(1)));
        scaling.updateAutoScalingGroup(r -> r.autoScalingGroupName("web").maxSize(2));
        scaling.suspendProcesses(r -> r.autoScalingGroupName("web").scalingProcesses("ScheduledActions"));
        server.advance(Duration.ofDays(1));
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(1));
            return actions().isEmpty();
        });
        assertThat(group().maxSize()).as("scheduled actions were suspended").isEqualTo(2);
    }

    @Test
    void recurrencesAreCron() {
        Instant now = server.clock().instant();
        int year = now.atOffset(ZoneOffset.UTC).getYear() + 1;
        put("newYear", r -> r.recurrence("0 0 1 1 *").maxSize(3));
        put("leap", r -> r.recurrence("15,45 */6 29 2 *").maxSize(3));
        put("work", r -> r.recurrence("30 8 * * MON-FRI").maxSize(3));
        assertThat(actions().stream()
                        .filter(a -> a.scheduledActionName().equals("newYear"))
                        .map(ScheduledUpdateGroupAction::startTime))
                .containsExactly(Instant.parse(year + "-01-01T00:00:00Z"));
        assertThat(actions().stream()
                        .filter(a -> a.scheduledActionName().equals("leap"))
                        .map(a -> a.startTime().toString().substring(5)))
                .containsExactly("02-29T00:15:00Z");
        for (String wrong : List.of("* * * *", "60 * * * *", "0 0 0 1 *", "a * * * *", "0 0 * * 8", "5-1 * * * *")) {
            assertThatThrownBy(() -> put("wrong", r -> r.recurrence(wrong).maxSize(3)))
                    .hasMessageContaining("Given recurrence string: " + wrong + " is invalid");
        }
        assertThatThrownBy(() -> put("never", r -> r.recurrence("0 0 31 2 *").maxSize(3)))
                .hasMessageContaining("never comes");
    }

    @Test
    void whatAnActionCannotBeIsRefused() {
        Instant soon = server.clock().instant().plusSeconds(3_600);
        assertThatThrownBy(() -> put("a", r -> r.startTime(soon))).hasMessageContaining("At least one of");
        assertThatThrownBy(() -> put("a", r -> r.maxSize(1))).hasMessageContaining("StartTime or Recurrence");
        assertThatThrownBy(() ->
                        put("a", r -> r.startTime(soon.minusSeconds(7_200)).maxSize(1)))
                .hasMessageContaining("Given start time is in the past");
        assertThatThrownBy(() -> put("a", r -> r.startTime(soon).endTime(soon).maxSize(1)))
                .hasMessageContaining("End time");
        assertThatThrownBy(() -> put("a", r -> r.startTime(soon).minSize(3).maxSize(1)))
                .hasMessageContaining("MaxSize");
        assertThatThrownBy(() -> put(
                        "a",
                        r -> r.recurrence("0 0 * * *").timeZone("Mars/Olympus").maxSize(1)))
                .hasMessageContaining("Invalid time zone: Mars/Olympus");
        put("a", r -> r.startTime(soon).maxSize(3));
        assertThatThrownBy(() -> put("b", r -> r.startTime(soon).maxSize(3)))
                .isInstanceOf(AlreadyExistsException.class);
        BatchPutScheduledUpdateGroupActionResponse batch =
                scaling.batchPutScheduledUpdateGroupAction(r -> r.autoScalingGroupName("web")
                        .scheduledUpdateGroupActions(
                                ScheduledUpdateGroupActionRequest.builder()
                                        .scheduledActionName("b")
                                        .startTime(soon)
                                        .maxSize(3)
                                        .build(),
                                ScheduledUpdateGroupActionRequest.builder()
                                        .scheduledActionName("c")
                                        .startTime(soon.plusSeconds(1))
                                        .maxSize(3)
                                        .build()));
        assertThat(batch.failedScheduledUpdateGroupActions()).singleElement().satisfies(failed -> {
            assertThat(failed.scheduledActionName()).isEqualTo("b");
            assertThat(failed.errorCode()).isEqualTo("AlreadyExists");
        });
        assertThat(scaling.batchDeleteScheduledAction(
                                r -> r.autoScalingGroupName("web").scheduledActionNames("a", "b", "c"))
                        .failedScheduledActions())
                .singleElement()
                .matches(failed -> failed.scheduledActionName().equals("b"));
        assertThat(actions()).isEmpty();
    }
}

package dev.terrane.cloudwatch;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.error.AwsErrors;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sns.SnsClient;

/** Does what alarms ask for when their state changes: publishes to SNS topics and carries scaling policies out, as CloudWatch's own service principal. */
final class AlarmActions {
    private static final int ATTEMPTS = 4;
    private static final int BATCH = 100;

    private final CloudWatchTables tables;
    private final Clients clients;
    private final ScalingActions scaling;
    private final Clock clock;

    AlarmActions(CloudWatchTables tables, Clients clients, ScalingActions scaling, Clock clock) {
        this.tables = tables;
        this.clients = clients;
        this.scaling = scaling;
        this.clock = clock;
    }

    /** Refuses actions that could not be done. */
    static void check(List<String> targets, Scope scope) {
        for (String target : targets) {
            Arn arn = Arn.find(target).orElseThrow(() -> Errors.validation("Invalid arn syntax: " + target));
            if (ScalingActions.isPolicy(arn)) {
                requireHere(arn, scope);
            } else {
                checkTopic(arn);
            }
        }
    }

    private static void requireHere(Arn policy, Scope scope) {
        if (!policy.region().equals(scope.region())) {
            throw Errors.validation(
                    "Invalid region " + policy.region() + " specified. Only " + scope.region() + " is supported.");
        }
        if (!policy.account().equals(scope.account())) {
            throw Errors.validation("Invalid account " + policy.account()
                    + " specified: a scaling policy belongs to its alarm's account.");
        }
    }

    /** Refuses what is no topic. */
    static void checkTopic(Arn arn) {
        if (!arn.service().equals("sns")) {
            throw Errors.validation("Actions of " + arn.service()
                    + " are not supported by Terrane yet, only SNS topics and scaling policies: " + arn);
        }
    }

    /** Does what is due. Called every few seconds. */
    void tick() {
        Instant now = clock.instant();
        for (ActionRecord action : tables.actions(BATCH)) {
            if (!action.due().isAfter(now)) {
                perform(action);
            }
        }
    }

    private void perform(ActionRecord action) {
        try {
            if (Arn.find(action.target()).filter(ScalingActions::isPolicy).isPresent()) {
                scaling.perform(
                        action.scope(), action.alarmArn(), action.target(), action.metricValue(), action.threshold());
            } else {
                publish(action);
            }
            done(action, "Succeeded", "Successfully executed action " + action.target());
        } catch (SdkException e) {
            String error = e instanceof AwsServiceException a ? AwsErrors.message(a) : String.valueOf(e.getMessage());
            if (action.attempts() + 1 < ATTEMPTS) {
                Instant later = clock.instant().plus(Duration.ofSeconds(10L << action.attempts()));
                tables.put(action.again(later));
            } else {
                done(
                        action,
                        "Failed",
                        "Failed to execute action " + action.target() + ". Received error: \"" + error + "\"");
            }
        }
    }

    private void publish(ActionRecord action) {
        Arn topic = Arn.parse(action.target());
        Actor actor = new Actor.Service("cloudwatch.amazonaws.com", action.scope(), action.alarmArn());
        clients.client(SnsClient.class, actor, topic.region())
                .publish(r ->
                        r.topicArn(action.target()).subject(action.subject()).message(action.message()));
    }

    private void done(ActionRecord action, String state, String summary) {
        tables.transact(() -> {
            tables.delete(action);
            tables.put(action.scope(), AlarmHistory.action(action, state, summary, clock.instant()));
        });
    }
}

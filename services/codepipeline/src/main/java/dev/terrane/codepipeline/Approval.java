package dev.terrane.codepipeline;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.kernel.workflow.Steps;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.codepipeline.model.ApprovalStatus;
import software.amazon.awssdk.services.sns.SnsClient;

/**
 * A question to people, answered by {@code PutApprovalResult} within seven days or the time that the action sets.
 *
 * @see <a href="https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals.html">Manual approval</a>
 */
final class Approval implements ActionRun {
    /** The signal that brings the answer. */
    static final String ANSWER = "approval";

    private static final Duration DEFAULT_PATIENCE = Duration.ofDays(7);

    private final CodePipelineTables tables;
    private final Roles roles;
    private final Clock clock;

    Approval(CodePipelineTables tables, Roles roles, Clock clock) {
        this.tables = tables;
        this.roles = roles;
        this.clock = clock;
    }

    /** What was answered, and by whom. */
    record Answer(ApprovalStatus status, String summary, String by) {}

    @Override
    public ActionOutcome run(Steps steps, ActionRecord action) throws InterruptedException {
        Integer minutes = action.declaration().timeoutInMinutes();
        Duration patience = minutes == null ? DEFAULT_PATIENCE : Duration.ofMinutes(minutes);
        String token = steps.commit("ask", String.class, () -> ask(action));
        Optional<String> topic = action.setting("NotificationArn");
        if (topic.isPresent()) {
            steps.step("notify", () -> tell(action, topic.get(), token, patience));
        }
        Optional<Answer> answer = steps.await("answer", ANSWER, Answer.class, patience);
        if (answer.isEmpty()) {
            return ActionOutcome.failed(
                    ActionOutcome.JOB_FAILED, "The approval action expired: nobody answered within " + patience + ".");
        }
        return outcome(answer.get());
    }

    private static ActionOutcome outcome(Answer answer) {
        ActionOutcome outcome = answer.status() == ApprovalStatus.APPROVED
                ? ActionOutcome.succeeded(answer.summary(), List.of(), Map.of())
                : new ActionOutcome(
                        ActionOutcome.JOB_FAILED,
                        "Rejected by " + answer.by() + ": " + answer.summary(),
                        answer.summary(),
                        "",
                        List.of(),
                        List.of(),
                        Map.of());
        return outcome.by(answer.by());
    }

    private String ask(ActionRecord action) {
        String token = Ids.uuid();
        tables.action(Call.current().scope(), action.id())
                .ifPresent(now -> tables.put(Call.current().scope(), now.withToken(token, clock.instant())));
        return token;
    }

    private void tell(ActionRecord action, String topic, String token, Duration patience) {
        Instant expires = action.started().plus(patience).truncatedTo(ChronoUnit.MINUTES);
        String region = Call.current().region();
        String console = "https://console.aws.amazon.com/codesuite/codepipeline/pipelines/" + action.pipeline()
                + "/view?region=" + region;
        Map<String, Object> approval = new LinkedHashMap<>();
        approval.put("pipelineName", action.pipeline());
        approval.put("stageName", action.stage());
        approval.put("actionName", action.name());
        approval.put("token", token);
        approval.put("expires", expires.toString().replace(":00Z", "Z"));
        approval.put("externalEntityLink", action.setting("ExternalEntityLink").orElse(null));
        approval.put("approvalReviewLink", console + "#/" + action.stage() + "/" + action.name() + "/approve/" + token);
        approval.put("customData", action.setting("CustomData").orElse(null));
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("region", region);
        message.put("consoleLink", console);
        message.put("approval", approval);
        String subject = "APPROVAL NEEDED: AWS CodePipeline " + action.pipeline() + " for action " + action.name();
        roles.client(SnsClient.class, action)
                .publish(r -> r.topicArn(topic)
                        .subject(subject.length() > 99 ? subject.substring(0, 99) : subject)
                        .message(RecordCodec.json().writeValueAsString(message)));
    }
}

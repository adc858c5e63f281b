package dev.terrane.codepipeline;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.workflow.Steps;
import java.time.Duration;
import java.util.Optional;

/** What actions have started in other services, and the wait for its end. */
final class JobBoard {
    /** The signal with which a service's event wakes an action. */
    static final String CHANGED = "job-changed";

    private static final Duration SHORTEST = Duration.ofSeconds(15);
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final CodePipelineTables tables;
    private final Clock clock;

    JobBoard(CodePipelineTables tables, Clock clock) {
        this.tables = tables;
        this.clock = clock;
    }

    /** Looks at a job. */
    interface Look<T> {
        /** The job when it has ended; empty while it goes on. */
        Optional<T> ended() throws Exception;
    }

    /** Notes that a job is about to be started.
     *
     * @return whether that was so before: then the job may be there already, though its id is not known */
    boolean beginning(ActionRecord action) {
        return tables.transact(() -> {
            ActionRecord now =
                    tables.action(Call.current().scope(), action.id()).orElseThrow();
            boolean before = now.job().tried();
            ActionRecord.Job job = now.job();
            tables.put(
                    Call.current().scope(),
                    now.withJob(new ActionRecord.Job(true, job.id(), job.url(), job.summary()), clock.instant()));
            return before;
        });
    }

    /** Notes the job of an action, by whose id events find it. */
    void note(ActionRecord action, String id, String url, String summary) {
        tables.transact(() -> {
            tables.action(Call.current().scope(), action.id())
                    .ifPresent(now -> tables.put(
                            Call.current().scope(),
                            now.withJob(new ActionRecord.Job(true, id, url, summary), clock.instant())));
            return id;
        });
    }

    /** Waits until the one job of an action has ended. */
    <T extends Record> T await(Steps steps, Class<T> type, Look<T> look) throws InterruptedException {
        return await(steps, "", type, look);
    }

    /** Waits until a job has ended: by its service's event, and now and then by a look of one's own.
     *
     * @param job tells the steps of one job of an action from those of another */
    <T extends Record> T await(Steps steps, String job, Class<T> type, Look<T> look) throws InterruptedException {
        Duration pause = SHORTEST;
        for (int i = 0; ; i++) {
            Seen seen = steps.step(job + "look-" + i, Seen.class, () -> Seen.of(look.ended()));
            if (!seen.json().isEmpty()) {
                return dev.terrane.kernel.store.RecordCodec.json().readValue(seen.json(), type);
            }
            steps.await(job + "wait-" + i, CHANGED, String.class, pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : pause.multipliedBy(2);
        }
    }

    /** A look's result as it is stored. */
    record Seen(String json) {
        static Seen of(Optional<? extends Record> ended) {
            return new Seen(
                    ended.map(job -> dev.terrane.kernel.store.RecordCodec.json().writeValueAsString(job))
                            .orElse(""));
        }
    }
}

package dev.terrane.kernel.resource;

import dev.terrane.kernel.resource.ResourceType.Change;
import dev.terrane.kernel.workflow.Steps;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Has a handler make, change or delete a resource within a durable process, until that is settled. Steps are called {@code change} or {@code delete},
 * {@code pause N} and {@code look N}: one change a process, or names clash.
 */
public final class ResourceSteps {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final int MOST_LOOKS = 10_000;

    private ResourceSteps() {}

    /**
     * A handler and its work; looked up within each step, with the call of that step.
     *
     * @param settled the identifier that a resource has once it has settled, of that under which it was begun: some tell only then what they are
     */
    public record Handling(ResourceType type, ResourceWork work, UnaryOperator<String> settled) {}

    /**
     * How far a change has come.
     *
     * @param id the primary identifier
     * @param reference what {@code Ref} gives
     * @param state what was read at the end, as JSON; empty where it has not settled yet
     */
    public record Made(String id, String reference, String state) {
        public boolean settled() {
            return !state.isEmpty();
        }
    }

    /** Makes a resource.
     *
     * @return not settled where it did not in more than a day
     * @throws Steps.StepFailed when the handler, or what it began, failed */
    public static Made create(Steps steps, Supplier<Handling> handling) throws InterruptedException {
        Made made = steps.step("change", Made.class, () -> {
            Handling now = handling.get();
            return state(now, now.type().create(now.work()), Change.CREATE);
        });
        return settle(steps, handling, made, Change.CREATE);
    }

    /** Changes a resource; as {@link #create}. */
    public static Made update(Steps steps, String id, Supplier<Handling> handling) throws InterruptedException {
        Made made = steps.step("change", Made.class, () -> {
            Handling now = handling.get();
            now.type().update(now.work(), id);
            return state(now, id, Change.UPDATE);
        });
        return settle(steps, handling, made, Change.UPDATE);
    }

    /** Deletes a resource, and waits until it is gone. */
    public static void delete(Steps steps, String id, Supplier<Handling> handling) throws InterruptedException {
        delete(steps, "", id, handling);
    }

    /** The same beside another change, from whose steps' names those of this one differ by what they begin with. */
    public static void delete(Steps steps, String prefix, String id, Supplier<Handling> handling)
            throws InterruptedException {
        boolean gone = steps.step(prefix + "delete", Boolean.class, () -> {
            Handling now = handling.get();
            now.type().delete(now.work(), id);
            return now.type().settled(now.work(), id, Change.DELETE);
        });
        Duration pause = FIRST_PAUSE;
        for (int i = 1; !gone; i++) {
            steps.sleep(prefix + "pause " + i, pause);
            pause = longer(pause);
            gone = steps.step(prefix + "look " + i, Boolean.class, () -> {
                Handling now = handling.get();
                return now.type().settled(now.work(), id, Change.DELETE);
            });
        }
    }

    private static Made settle(Steps steps, Supplier<Handling> handling, Made made, Change change)
            throws InterruptedException {
        Made latest = made;
        Duration pause = FIRST_PAUSE;
        for (int i = 1; !latest.settled() && i < MOST_LOOKS; i++) {
            steps.sleep("pause " + i, pause);
            pause = longer(pause);
            latest = steps.step("look " + i, Made.class, () -> state(handling.get(), made.id(), change));
        }
        return latest;
    }

    private static Duration longer(Duration pause) {
        Duration next = pause.multipliedBy(3).dividedBy(2);
        return next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
    }

    private static Made state(Handling now, String begun, Change change) {
        ResourceType type = now.type();
        if (!type.settled(now.work(), begun, change)) {
            return new Made(begun, "", "");
        }
        String id = now.settled().apply(begun);
        Properties state = type.read(now.work(), id)
                .orElseThrow(() -> new IllegalStateException(type.name() + " " + id + " was made and is not there."));
        return new Made(id, type.ref(id, state), state.toString());
    }
}

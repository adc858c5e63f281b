package dev.terrane.codepipeline;

import dev.terrane.kernel.workflow.Steps;

/** How actions of one kind are done: part of a durable process, step by step. */
interface ActionRun {
    /**
     * Does an action.
     *
     * @param action with its configuration resolved
     * @return how it ended; a step that fails is a failure of the action, worded by {@link Failures}
     */
    ActionOutcome run(Steps steps, ActionRecord action) throws InterruptedException;

    /** Ends what was begun elsewhere, as far as it can be: the execution was stopped without waiting. */
    default void abandon(Steps steps, ActionRecord action) throws InterruptedException {
        // Most actions begin nothing elsewhere that goes on by itself.
    }
}

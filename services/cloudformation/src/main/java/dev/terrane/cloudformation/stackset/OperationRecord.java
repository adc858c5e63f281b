package dev.terrane.cloudformation.stackset;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.StackSetDriftDetectionDetails;
import software.amazon.awssdk.services.cloudformation.model.StackSetOperationAction;
import software.amazon.awssdk.services.cloudformation.model.StackSetOperationPreferences;
import software.amazon.awssdk.services.cloudformation.model.StackSetOperationStatus;

/**
 * An operation on a stack set.
 *
 * @param set the set's id
 * @param sequence which operation of its set: they are numbered from 1
 * @param asked what it is to do
 * @param digest of the request, by which the same one is known again
 * @param failed in how many places it failed
 */
record OperationRecord(
        String set,
        String id,
        int sequence,
        StackSetOperationStatus status,
        Asked asked,
        String administrationRole,
        String executionRole,
        String digest,
        Instant created,
        Optional<Instant> ended,
        int failed,
        Optional<StackSetDriftDetectionDetails> drift) {
    /**
     * What an operation is to do.
     *
     * @param targets where; empty for all instances
     * @param retain whether the stacks of instances that are deleted stay
     * @param overrides the values that are to override the set's; empty to leave those that do
     * @param becoming what the set is to become with it
     * @param imports the ARNs of stacks that are to become instances, by target
     */
    record Asked(
            StackSetOperationAction action,
            StackSetOperationPreferences preferences,
            List<Target> targets,
            boolean retain,
            Optional<List<Parameter>> overrides,
            Optional<StackSetRecord.Settings> becoming,
            Map<String, String> imports) {
        Asked {
            targets = List.copyOf(targets);
            imports = Map.copyOf(imports);
        }

        static Asked of(
                StackSetOperationAction action, StackSetOperationPreferences preferences, List<Target> targets) {
            return new Asked(action, preferences, targets, false, Optional.empty(), Optional.empty(), Map.of());
        }

        Asked retaining(boolean stacks) {
            return new Asked(action, preferences, targets, stacks, overrides, becoming, imports);
        }

        Asked overriding(Optional<List<Parameter>> values) {
            return new Asked(action, preferences, targets, retain, values, becoming, imports);
        }

        Asked becoming(Optional<StackSetRecord.Settings> next) {
            return new Asked(action, preferences, targets, retain, overrides, next, imports);
        }

        Asked importing(Map<String, String> stacks) {
            return new Asked(action, preferences, targets, retain, overrides, becoming, stacks);
        }
    }

    static String key(String set, String id) {
        return set + "/" + id;
    }

    String key() {
        return key(set, id);
    }

    /** Orders the operations of a set. */
    String order() {
        return set + "/" + "%010d".formatted(sequence);
    }

    boolean over() {
        return ended.isPresent();
    }

    OperationRecord in(StackSetOperationStatus now) {
        return new OperationRecord(
                set,
                id,
                sequence,
                now,
                asked,
                administrationRole,
                executionRole,
                digest,
                created,
                ended,
                failed,
                drift);
    }

    /** Its turn has come: the set is what it was to become. */
    OperationRecord begun(String administration, String execution) {
        return new OperationRecord(
                set,
                id,
                sequence,
                StackSetOperationStatus.RUNNING,
                asked.becoming(Optional.empty()),
                administration,
                execution,
                digest,
                created,
                ended,
                failed,
                drift);
    }

    OperationRecord ended(StackSetOperationStatus now, int failures, Instant time) {
        return new OperationRecord(
                set,
                id,
                sequence,
                now,
                asked,
                administrationRole,
                executionRole,
                digest,
                created,
                Optional.of(time),
                failures,
                drift);
    }

    OperationRecord drifted(StackSetDriftDetectionDetails found) {
        return new OperationRecord(
                set,
                id,
                sequence,
                status,
                asked,
                administrationRole,
                executionRole,
                digest,
                created,
                ended,
                failed,
                Optional.of(found));
    }
}

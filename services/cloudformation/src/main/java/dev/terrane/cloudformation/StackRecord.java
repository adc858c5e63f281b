package dev.terrane.cloudformation;

import dev.terrane.kernel.call.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.cloudformation.model.Output;
import software.amazon.awssdk.services.cloudformation.model.RollbackConfiguration;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;

/**
 * A stack. A deleted one is kept, under its id, for as long as {@code DescribeStacks} shows it.
 *
 * @param id the unique part of its ARN
 * @param settings what it is made of; while an update goes on, what it is to become
 * @param before what it was made of before the update that goes on, to which a rollback goes back
 * @param policy the stack policy, empty where there is none
 * @param parent the ARN of the stack that it is nested in, or empty
 * @param changeSet the ARN of the change set that was executed last, or empty
 * @param operation what is done to it, or was last
 * @param timeline when something was last done to it
 */
record StackRecord(
        String id,
        String arn,
        String name,
        StackStatus status,
        String reason,
        Settings settings,
        Optional<Settings> before,
        boolean terminationProtection,
        String policy,
        List<Output> outputs,
        String parent,
        String root,
        String changeSet,
        Operation operation,
        Timeline timeline,
        Drift drift) {
    StackRecord {
        outputs = List.copyOf(outputs);
    }

    /**
     * What a stack is made of.
     *
     * @param template the text as it was given
     * @param expanded what its transforms have made of it; empty where it asks for none
     * @param role the service role's ARN, or empty for the rights of the caller
     */
    record Settings(
            String template,
            String expanded,
            List<Parameter> parameters,
            List<String> capabilities,
            String role,
            List<String> notifications,
            Map<String, String> tags,
            RollbackConfiguration rollback) {
        Settings {
            parameters = List.copyOf(parameters);
            capabilities = List.copyOf(capabilities);
            notifications = List.copyOf(notifications);
        }

        Settings expandedTo(String processed) {
            return new Settings(template, processed, parameters, capabilities, role, notifications, tags, rollback);
        }

        static final Settings NONE = new Settings(
                "",
                "",
                List.of(),
                List.of(),
                "",
                List.of(),
                Map.of(),
                RollbackConfiguration.builder().build());
    }

    /**
     * A parameter.
     *
     * @param resolved what an SSM parameter type stands for, or empty
     */
    record Parameter(String key, String value, String resolved, boolean secret) {
        String effective() {
            return resolved.isEmpty() ? value : resolved;
        }
    }

    /**
     * Something that is done to a stack.
     *
     * @param id unique; the durable process's id
     * @param caller with whose rights, where there is no service role
     * @param onFailure what becomes of a stack whose creation fails
     * @param timeoutMinutes how long a creation may take; 0 for as long as it takes
     * @param keep logical ids that a deletion leaves alone, or a continued rollback skips
     * @param token the client's request token, or empty
     * @param then what is to follow when it was cancelled
     */
    record Operation(
            String id,
            Kind kind,
            Optional<Principal> caller,
            OnFailure onFailure,
            int timeoutMinutes,
            List<String> keep,
            String token,
            Then then) {
        Operation {
            keep = List.copyOf(keep);
        }

        static final Operation NONE =
                new Operation("", Kind.CREATE, Optional.empty(), OnFailure.ROLLBACK, 0, List.of(), "", Then.NOTHING);

        Operation then(Then next) {
            return new Operation(id, kind, caller, onFailure, timeoutMinutes, keep, token, next);
        }
    }

    /** What is done. */
    enum Kind {
        CREATE,
        UPDATE,
        DELETE,
        /** Goes back from a failure that was left as it was. */
        ROLL_BACK,
        /** Goes on with the rollback of an update, which has failed. */
        CONTINUE_ROLLBACK
    }

    /** What becomes of resources when something fails. */
    enum OnFailure {
        ROLLBACK,
        DELETE,
        /** All stays as it is. */
        DO_NOTHING
    }

    /** Why a process was cancelled. */
    enum Then {
        NOTHING,
        ROLL_BACK,
        DELETE
    }

    /** When something happened. */
    record Timeline(Instant created, Optional<Instant> updated, Optional<Instant> deleted) {}

    /** What drift detection found last. */
    record Drift(String status, Optional<Instant> checked) {
        static final Drift UNCHECKED = new Drift("NOT_CHECKED", Optional.empty());
    }

    boolean deleted() {
        return timeline.deleted().isPresent();
    }

    /** Whether something is done to it right now. */
    boolean busy() {
        return status.toString().endsWith("_IN_PROGRESS") && status != StackStatus.REVIEW_IN_PROGRESS;
    }

    StackRecord in(StackStatus now, String why) {
        return new StackRecord(
                id,
                arn,
                name,
                now,
                why,
                settings,
                before,
                terminationProtection,
                policy,
                outputs,
                parent,
                root,
                changeSet,
                operation,
                timeline,
                drift);
    }

    StackRecord with(Operation next) {
        return new StackRecord(
                id,
                arn,
                name,
                status,
                reason,
                settings,
                before,
                terminationProtection,
                policy,
                outputs,
                parent,
                root,
                changeSet,
                next,
                timeline,
                drift);
    }

    /** Is to become something else; what it was is kept until that is done. */
    StackRecord becoming(Settings next) {
        return new StackRecord(
                id,
                arn,
                name,
                status,
                reason,
                next,
                Optional.of(settings),
                terminationProtection,
                policy,
                outputs,
                parent,
                root,
                changeSet,
                operation,
                timeline,
                drift);
    }

    StackRecord withBefore(Settings was) {
        return new StackRecord(
                id,
                arn,
                name,
                status,
                reason,
                settings,
                Optional.of(was),
                terminationProtection,
                policy,
                outputs,
                parent,
                root,
                changeSet,
                operation,
                timeline,
                drift);
    }

    /** Is worked on with another service role from now on. */
    StackRecord underRole(String role) {
        Settings s = settings;
        Settings changed = new Settings(
                s.template(),
                s.expanded(),
                s.parameters(),
                s.capabilities(),
                role,
                s.notifications(),
                s.tags(),
                s.rollback());
        return new StackRecord(
                id,
                arn,
                name,
                status,
                reason,
                changed,
                before,
                terminationProtection,
                policy,
                outputs,
                parent,
                root,
                changeSet,
                operation,
                timeline,
                drift);
    }

    /** Has become what it was to. */
    StackRecord settled(List<Output> now) {
        return new StackRecord(
                id,
                arn,
                name,
                status,
                reason,
                settings,
                Optional.empty(),
                terminationProtection,
                policy,
                now,
                parent,
                root,
                changeSet,
                operation,
                timeline,
                drift);
    }

    /** Is again what it was before. */
    StackRecord restored() {
        return new StackRecord(
                id,
                arn,
                name,
                status,
                reason,
                before.orElse(settings),
                Optional.empty(),
                terminationProtection,
                policy,
                outputs,
                parent,
                root,
                changeSet,
                operation,
                timeline,
                drift);
    }

    StackRecord touched(Instant time) {
        return at(new Timeline(timeline.created(), Optional.of(time), timeline.deleted()));
    }

    StackRecord deletedAt(Instant time) {
        return at(new Timeline(timeline.created(), timeline.updated(), Optional.of(time)));
    }

    private StackRecord at(Timeline times) {
        return new StackRecord(
                id,
                arn,
                name,
                status,
                reason,
                settings,
                before,
                terminationProtection,
                policy,
                outputs,
                parent,
                root,
                changeSet,
                operation,
                times,
                drift);
    }

    StackRecord executing(String changeSetArn) {
        return new StackRecord(
                id,
                arn,
                name,
                status,
                reason,
                settings,
                before,
                terminationProtection,
                policy,
                outputs,
                parent,
                root,
                changeSetArn,
                operation,
                timeline,
                drift);
    }

    StackRecord guarded(boolean terminationProtected) {
        return new StackRecord(
                id,
                arn,
                name,
                status,
                reason,
                settings,
                before,
                terminationProtected,
                policy,
                outputs,
                parent,
                root,
                changeSet,
                operation,
                timeline,
                drift);
    }

    StackRecord underPolicy(String document) {
        return new StackRecord(
                id,
                arn,
                name,
                status,
                reason,
                settings,
                before,
                terminationProtection,
                document,
                outputs,
                parent,
                root,
                changeSet,
                operation,
                timeline,
                drift);
    }

    StackRecord drifted(Drift found) {
        return new StackRecord(
                id,
                arn,
                name,
                status,
                reason,
                settings,
                before,
                terminationProtection,
                policy,
                outputs,
                parent,
                root,
                changeSet,
                operation,
                timeline,
                found);
    }
}

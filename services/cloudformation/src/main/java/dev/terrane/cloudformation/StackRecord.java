package dev.terrane.cloudformation;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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

        /** Whether an update from the one to the other would change nothing. */
        boolean makesSame(Settings other) {
            return template.equals(other.template)
                    && parameters.equals(other.parameters)
                    && role.equals(other.role)
                    && notifications.equals(other.notifications)
                    && tags.equals(other.tags);
        }

        Settings acknowledging(List<String> acknowledged) {
            return new Settings(template, expanded, parameters, acknowledged, role, notifications, tags, rollback);
        }

        Settings under(String serviceRole) {
            return new Settings(
                    template, expanded, parameters, capabilities, serviceRole, notifications, tags, rollback);
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
     * @param imports the primary identifiers of what is to be imported, by logical ids
     * @param token the client's request token, or empty
     * @param then what is to follow when it was cancelled
     * @param changeSet the ARN of the change set that it carries out together with those of nested stacks, or empty
     * @param fleeting whether a rollback also deletes what it made whose deletion policy is Retain
     * @param policy the stack policy in the place of the stack's own while it lasts, or empty
     */
    record Operation(
            String id,
            Kind kind,
            Optional<Principal> caller,
            OnFailure onFailure,
            int timeoutMinutes,
            List<String> keep,
            Map<String, String> imports,
            String token,
            Then then,
            String changeSet,
            boolean fleeting,
            String policy) {
        Operation {
            keep = List.copyOf(keep);
            // One that was stored before there were any has none.
            imports = Map.copyOf(Objects.requireNonNullElse(imports, Map.of()));
            changeSet = Objects.requireNonNullElse(changeSet, "");
            policy = Objects.requireNonNullElse(policy, "");
        }

        static final Operation NONE = of("", Kind.CREATE, Optional.empty(), OnFailure.ROLLBACK, 0, List.of(), "");

        static Operation of(
                String id,
                Kind kind,
                Optional<Principal> caller,
                OnFailure onFailure,
                int timeoutMinutes,
                List<String> keep,
                String token) {
            return new Operation(
                    id, kind, caller, onFailure, timeoutMinutes, keep, Map.of(), token, Then.NOTHING, "", false, "");
        }

        Operation then(Then next) {
            return but(imports, next, changeSet, fleeting, policy);
        }

        Operation importing(Map<String, String> identifiers) {
            return but(identifiers, then, changeSet, fleeting, policy);
        }

        Operation carrying(String changeSetArn) {
            return but(imports, then, changeSetArn, fleeting, policy);
        }

        /** @param retainExceptOnCreate as requests name it */
        Operation fleeting(@Nullable Boolean retainExceptOnCreate) {
            return but(imports, then, changeSet, Boolean.TRUE.equals(retainExceptOnCreate), policy);
        }

        Operation under(String stackPolicy) {
            return but(imports, then, changeSet, fleeting, stackPolicy);
        }

        private Operation but(
                Map<String, String> imported, Then next, String set, boolean retainExceptOnCreate, String document) {
            return new Operation(
                    id,
                    kind,
                    caller,
                    onFailure,
                    timeoutMinutes,
                    keep,
                    imported,
                    token,
                    next,
                    set,
                    retainExceptOnCreate,
                    document);
        }
    }

    /** What is done. */
    enum Kind {
        CREATE,
        UPDATE,
        DELETE,
        /** Takes resources that are there already. */
        IMPORT,
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

    /** The stack policy that an update is held against, or empty. */
    String policyInForce() {
        return operation.policy().isEmpty() ? policy : operation.policy();
    }

    /** Whether something is done to it right now. */
    boolean busy() {
        return status.toString().endsWith("_IN_PROGRESS") && status != StackStatus.REVIEW_IN_PROGRESS;
    }

    /** With whose rights it is worked on: its service role's, or of whoever began what is done to it. */
    Actor actor(Scope scope) {
        return settings.role().isEmpty()
                ? new Actor.Delegated(operation.caller().orElseThrow(), scope, CloudFormationService.PRINCIPAL)
                : new Actor.Role(settings.role(), CloudFormationService.PRINCIPAL, "AWSCloudFormation");
    }

    StackRecord in(StackStatus now, String why) {
        return but(d -> {
            d.status = now;
            d.reason = why;
        });
    }

    StackRecord with(Operation next) {
        return but(d -> d.operation = next);
    }

    /** Is to become something else; what it was is kept until that is done. An update that failed is nothing to go back to. */
    StackRecord becoming(Settings next) {
        return but(d -> {
            d.settings = next;
            d.before = before.or(() -> Optional.of(settings));
        });
    }

    /** Is worked on with another service role from now on. */
    StackRecord underRole(String role) {
        return but(d -> d.settings = settings.under(role));
    }

    /** Has become what it was to. */
    StackRecord settled(List<Output> now) {
        return but(d -> {
            d.before = Optional.empty();
            d.outputs = now;
        });
    }

    /** Is again what it was before. */
    StackRecord restored() {
        return but(d -> {
            d.settings = before.orElse(settings);
            d.before = Optional.empty();
        });
    }

    StackRecord touched(Instant time) {
        return but(d -> d.timeline = new Timeline(timeline.created(), Optional.of(time), timeline.deleted()));
    }

    StackRecord deletedAt(Instant time) {
        return but(d -> d.timeline = new Timeline(timeline.created(), timeline.updated(), Optional.of(time)));
    }

    StackRecord executing(String changeSetArn) {
        return but(d -> d.changeSet = changeSetArn);
    }

    StackRecord guarded(boolean terminationProtected) {
        return but(d -> d.terminationProtection = terminationProtected);
    }

    StackRecord underPolicy(String document) {
        return but(d -> d.policy = document);
    }

    StackRecord drifted(Drift found) {
        return but(d -> d.drift = found);
    }

    StackRecord nestedIn(String parentArn, String rootArn) {
        return but(d -> {
            d.parent = parentArn;
            d.root = rootArn;
        });
    }

    private StackRecord but(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.done();
    }

    /** A copy of which parts may be changed. */
    private static final class Draft {
        private final StackRecord of;
        private StackStatus status;
        private String reason;
        private Settings settings;
        private Optional<Settings> before;
        private boolean terminationProtection;
        private String policy;
        private List<Output> outputs;
        private String parent;
        private String root;
        private String changeSet;
        private Operation operation;
        private Timeline timeline;
        private Drift drift;

        Draft(StackRecord of) {
            this.of = of;
            status = of.status;
            reason = of.reason;
            settings = of.settings;
            before = of.before;
            terminationProtection = of.terminationProtection;
            policy = of.policy;
            outputs = of.outputs;
            parent = of.parent;
            root = of.root;
            changeSet = of.changeSet;
            operation = of.operation;
            timeline = of.timeline;
            drift = of.drift;
        }

        StackRecord done() {
            return new StackRecord(
                    of.id,
                    of.arn,
                    of.name,
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
                    drift);
        }
    }
}

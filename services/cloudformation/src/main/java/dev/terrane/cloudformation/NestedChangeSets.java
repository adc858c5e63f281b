package dev.terrane.cloudformation;

import dev.terrane.cloudformation.ChangeSetRecord.Nesting;
import dev.terrane.cloudformation.StackRecord.OnFailure;
import dev.terrane.cloudformation.StackRecord.Settings;
import dev.terrane.cloudformation.template.Unknown;
import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.resource.GeneratedName;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.service.Platform;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.model.Change;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetStatus;
import software.amazon.awssdk.services.cloudformation.model.ExecutionStatus;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;

/**
 * Makes the change sets of the stacks in a stack, together with that of the stack.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/change-sets-for-nested-stacks.html">Change sets for nested stacks</a>
 */
final class NestedChangeSets {
    private static final String FROM_ROOT = "Only executable from the root change set.";
    private static final int LONGEST_NAME = 128;
    /** More than anybody nests, and an end to a template that nests itself. */
    private static final int MOST = 200;

    private final Platform platform;
    private final CloudFormationTables tables;
    private final Stacks stacks;
    private final Requests requests;
    private final Progress progress;
    private final Preview preview;

    NestedChangeSets(
            Platform platform,
            CloudFormationTables tables,
            Stacks stacks,
            Requests requests,
            Progress progress,
            Preview preview) {
        this.platform = platform;
        this.tables = tables;
        this.stacks = stacks;
        this.requests = requests;
        this.progress = progress;
        this.preview = preview;
    }

    /** A new change set's id and ARN. */
    record Named(String id, String arn, String name) {
        static Named of(Scope scope, String name) {
            String id = Ids.uuid();
            return new Named(
                    id,
                    Arn.of("cloudformation", scope.region(), scope.account(), "changeSet/" + name + "/" + id)
                            .toString(),
                    name);
        }
    }

    /** Looks at the stacks in a stack, for its change set. */
    Level level(StackRecord stack, Settings settings, Named changeSet) {
        Scope scope = Call.current().scope();
        Actor actor = settings.role().isEmpty()
                ? new Actor.Forwarded(CloudFormationService.PRINCIPAL)
                : new Actor.Role(settings.role(), CloudFormationService.PRINCIPAL, "AWSCloudFormation");
        return new Level(scope, actor, new AtomicInteger(), stack, settings, changeSet, changeSet.arn());
    }

    /** The stacks in one stack. */
    final class Level implements Preview.Inner {
        private final Scope scope;
        private final Actor actor;
        private final AtomicInteger count;
        private final StackRecord stack;
        private final Settings settings;
        private final Named changeSet;
        private final String root;
        private final Map<String, String> nested = new LinkedHashMap<>();
        private String failure = "";

        private Level(
                Scope scope,
                Actor actor,
                AtomicInteger count,
                StackRecord stack,
                Settings settings,
                Named changeSet,
                String root) {
            this.scope = scope;
            this.actor = actor;
            this.count = count;
            this.stack = stack;
            this.settings = settings;
            this.changeSet = changeSet;
            this.root = root;
        }

        /** The ARNs of the change sets that were made, by logical ids. */
        Map<String, String> nested() {
            return nested;
        }

        /** Why the change set of the stack fails for one of a nested stack; empty where it does not. */
        String failure() {
            return failure;
        }

        @Override
        public Optional<Preview.Nested> look(String logicalId, String properties, Optional<ResourceRecord> there) {
            Optional<StackRecord> before =
                    there.flatMap(r -> tables.find(scope, r.physical().id())).filter(found -> !found.deleted());
            if (there.isPresent() && before.isEmpty()) {
                return Optional.empty();
            }
            StackRecord child = before.orElseGet(() -> added(logicalId));
            Named named =
                    Named.of(scope, GeneratedName.of(changeSet.name() + "-" + logicalId, Ids.uuid(), LONGEST_NAME));
            nested.put(logicalId, named.arn());
            Made made = made(child, before.isPresent(), named, Properties.parse(properties));
            boolean fine = made.reason().isEmpty();
            tables.put(scope, record(child, before, named, made));
            if (!fine && !made.reason().equals(ChangeSets.NO_CHANGES) && failure.isEmpty()) {
                failure = "Nested change set " + named.arn() + " was not successfully created: Currently in FAILED.";
            }
            return Optional.of(new Preview.Nested(named.arn(), fine, made.outputs()));
        }

        /** A stack that is yet to be made. */
        private StackRecord added(String logicalId) {
            String name = GeneratedName.of(stack.name() + "-" + logicalId, Ids.uuid(), LONGEST_NAME);
            StackRecord child = stacks.add(scope, name, Settings.NONE, StackStatus.REVIEW_IN_PROGRESS, false)
                    .nestedIn(stack.arn(), stack.root().isEmpty() ? stack.arn() : stack.root());
            return progress.stack(scope, child, StackStatus.REVIEW_IN_PROGRESS, Reasons.USER_INITIATED);
        }

        private Made made(StackRecord child, boolean there, Named named, Properties desired) {
            Settings next = Settings.NONE;
            List<Change> changes = List.of();
            Map<String, String> inner = Map.of();
            try {
                refuse(child, there);
                next = requests.preview(template(desired), asked(desired), child, there);
                Level level = new Level(scope, actor, count, child, next, named, root);
                Preview.Seen seen = preview.look(scope, child, next, level);
                changes = seen.changes();
                inner = level.nested();
                if (!level.failure().isEmpty()) {
                    return new Made(next, changes, inner, level.failure(), Map.of());
                }
                if (there && changes.isEmpty() && preview.sameBeside(scope, child, next)) {
                    return new Made(next, changes, inner, ChangeSets.NO_CHANGES, Map.of());
                }
                return new Made(next, changes, inner, "", seen.outputs());
            } catch (AwsServiceException e) {
                return new Made(next, changes, inner, AwsErrors.message(e), Map.of());
            }
        }

        private void refuse(StackRecord child, boolean there) {
            if (count.incrementAndGet() > MOST) {
                throw Refusals.invalid("More than " + MOST + " change sets of nested stacks");
            }
            platform.authorizer()
                    .authorize(
                            platform.clients().callAs(actor, scope.region()),
                            "cloudformation:CreateChangeSet",
                            child.arn(),
                            Map.of());
            if (there && !Stacks.UPDATABLE.contains(child.status())) {
                throw Refusals.invalid(
                        "Stack:" + child.arn() + " is in " + child.status() + " state and can not be updated.");
            }
        }

        private String template(Properties desired) {
            String url = desired.text("TemplateURL").orElse("");
            if (later(url)) {
                throw Refusals.invalid("TemplateURL must be known when a change set is created.");
            }
            return requests.fetch(url, actor);
        }

        private Requests.Asked asked(Properties desired) {
            Map<String, String> tags = new LinkedHashMap<>(settings.tags());
            tags.putAll(desired.tags("Tags"));
            return new Requests.Asked(
                    null,
                    null,
                    false,
                    NestedStack.parameters(desired).stream().map(Level::early).toList(),
                    NestedStack.CAPABILITIES,
                    null,
                    desired.has("NotificationARNs") ? desired.texts("NotificationARNs") : null,
                    NestedStack.tags(tags),
                    null);
        }

        /** What is not wholly known is not known. */
        private static Parameter early(Parameter parameter) {
            return later(parameter.parameterValue())
                    ? parameter.toBuilder().parameterValue(Unknown.TEXT).build()
                    : parameter;
        }

        private static boolean later(String text) {
            return text.contains(Unknown.TEXT) || text.contains("{{resolve:");
        }

        private ChangeSetRecord record(StackRecord child, Optional<StackRecord> before, Named named, Made made) {
            boolean fine = made.reason().isEmpty();
            return new ChangeSetRecord(
                    named.id(),
                    named.arn(),
                    named.name(),
                    child.id(),
                    before.isPresent() ? "UPDATE" : "CREATE",
                    "",
                    fine ? ChangeSetStatus.CREATE_COMPLETE : ChangeSetStatus.FAILED,
                    ExecutionStatus.UNAVAILABLE,
                    fine ? FROM_ROOT : made.reason(),
                    made.settings(),
                    OnFailure.ROLLBACK,
                    made.changes(),
                    Map.of(),
                    Set.of(),
                    new Nesting(
                            true,
                            changeSet.arn(),
                            root,
                            made.nested(),
                            before.map(stackBefore -> stackBefore.settings().template())
                                    .orElse(""),
                            "",
                            ""),
                    progress.now());
        }
    }

    /**
     * What a change set says.
     *
     * @param reason why it failed, or empty
     */
    private record Made(
            Settings settings,
            List<Change> changes,
            Map<String, String> nested,
            String reason,
            Map<String, String> outputs) {}
}

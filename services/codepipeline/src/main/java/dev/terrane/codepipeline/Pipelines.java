package dev.terrane.codepipeline;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.codepipeline.model.*;

/** Pipelines: made, changed, shown and deleted. */
final class Pipelines {
    private static final int PAGE = 1000;

    private final CodePipelineTables tables;
    private final CustomActions customActions;
    private final Launch launch;
    private final Progress progress;
    private final Clients clients;
    private final PageTokens pages;
    private final Clock clock;

    Pipelines(
            CodePipelineTables tables,
            CustomActions customActions,
            Launch launch,
            Progress progress,
            Clients clients,
            PageTokens pages,
            Clock clock) {
        this.tables = tables;
        this.customActions = customActions;
        this.launch = launch;
        this.progress = progress;
        this.clients = clients;
        this.pages = pages;
        this.clock = clock;
    }

    /** A pipeline of the caller's account and region.
     *
     * @throws PipelineNotFoundException when there is none of that name */
    PipelineRecord require(@Nullable String name) {
        return Optional.ofNullable(name)
                .flatMap(n -> tables.pipeline(Call.current().scope(), n))
                .orElseThrow(() -> notFound(name));
    }

    static PipelineNotFoundException notFound(@Nullable String name) {
        return PipelineNotFoundException.builder()
                .message("Account '" + Call.current().account() + "' does not have a pipeline with name '" + name + "'")
                .build();
    }

    CreatePipelineResponse create(CreatePipelineRequest request) {
        Scope scope = Call.current().scope();
        PipelineDeclaration structure = Structure.checked(request.pipeline(), 1, scope.region(), customActions::form);
        requireRoles(structure, scope);
        var tags = Tags.checked(request.tags());
        return tables.transact(() -> {
            if (tables.pipeline(scope, structure.name()).isPresent()) {
                throw PipelineNameInUseException.builder()
                        .message("A pipeline with the name '" + structure.name() + "' already exists in account '"
                                + scope.account() + "'")
                        .build();
            }
            Instant now = clock.instant();
            PipelineRecord made = new PipelineRecord(structure, now, now, tags);
            tables.put(scope, made);
            tables.put(scope, new VersionRecord(structure, now));
            if (startsByItself(structure)) {
                launch.start(
                        scope,
                        made,
                        Launch.Cause.of(
                                TriggerType.CREATE_PIPELINE,
                                Call.current().principal().arn(),
                                ""));
            }
            return CreatePipelineResponse.builder()
                    .pipeline(structure)
                    .tags(request.tags())
                    .build();
        });
    }

    /** A new pipeline runs at once, unless a variable has no value yet. */
    private static boolean startsByItself(PipelineDeclaration structure) {
        return structure.variables().stream().allMatch(variable -> variable.defaultValue() != null);
    }

    /** CodePipeline must be able to assume the pipeline's role, and that one its actions' roles. */
    private void requireRoles(PipelineDeclaration structure, Scope scope) {
        String role = structure.roleArn();
        requireAssumable(Roles.actor(scope, role, structure.name()), "CodePipeline", role, scope);
        for (StageDeclaration stage : structure.stages()) {
            for (ActionDeclaration action : stage.actions()) {
                if (action.roleArn() != null) {
                    requireAssumable(Roles.actor(scope, role, action, structure.name()), role, action.roleArn(), scope);
                }
            }
        }
    }

    private void requireAssumable(Actor actor, String who, String role, Scope scope) {
        try {
            clients.callAs(actor, scope.region());
        } catch (AwsServiceException e) {
            throw InvalidStructureException.builder()
                    .message(who + " is not authorized to perform AssumeRole on role " + role)
                    .cause(e)
                    .build();
        }
    }

    UpdatePipelineResponse update(UpdatePipelineRequest request) {
        Scope scope = Call.current().scope();
        String name = request.pipeline().name();
        return tables.transact(() -> {
            PipelineRecord old = require(name);
            PipelineDeclaration structure = Structure.checked(
                    request.pipeline(), old.declaration().version() + 1, scope.region(), customActions::form);
            requireRoles(structure, scope);
            Instant now = clock.instant();
            tables.put(scope, old.withDeclaration(structure, now));
            tables.put(scope, new VersionRecord(structure, now));
            return UpdatePipelineResponse.builder().pipeline(structure).build();
        });
    }

    GetPipelineResponse get(GetPipelineRequest request) {
        Scope scope = Call.current().scope();
        PipelineRecord pipeline = require(request.name());
        Integer wanted = request.version();
        VersionRecord version = tables.version(
                        scope,
                        pipeline.name(),
                        wanted == null ? pipeline.declaration().version() : wanted)
                .orElseThrow(() -> PipelineVersionNotFoundException.builder()
                        .message("Account '%s' does not have a pipeline with name '%s' and version '%s'"
                                .formatted(scope.account(), request.name(), wanted))
                        .build());
        return GetPipelineResponse.builder()
                .pipeline(version.declaration())
                .metadata(PipelineMetadata.builder()
                        .pipelineArn(CodePipelineEvents.arn(scope, pipeline.name()))
                        .created(pipeline.created())
                        .updated(version.created())
                        .build())
                .build();
    }

    ListPipelinesResponse list(ListPipelinesRequest request) {
        Scope scope = Call.current().scope();
        String listing = "codepipeline/pipelines/" + scope;
        int most = request.maxResults() == null ? PAGE : request.maxResults();
        Page<PipelineRecord> page =
                tables.pipelines(scope, Query.all().limit(most).after(cursor(pages, listing, request.nextToken())));
        return ListPipelinesResponse.builder()
                .pipelines(page.values().stream().map(Pipelines::summarize).toList())
                .nextToken(
                        page.next().map(cursor -> pages.encode(listing, cursor)).orElse(null))
                .build();
    }

    private static PipelineSummary summarize(PipelineRecord pipeline) {
        PipelineDeclaration structure = pipeline.declaration();
        return PipelineSummary.builder()
                .name(pipeline.name())
                .version(structure.version())
                .pipelineType(structure.pipelineType())
                .executionMode(structure.executionMode())
                .created(pipeline.created())
                .updated(pipeline.updated())
                .build();
    }

    /** Where a page of a listing begins.
     *
     * @throws InvalidNextTokenException when the token is not one of this listing */
    static Optional<String> cursor(PageTokens pages, String listing, @Nullable String token) {
        if (token == null) {
            return Optional.empty();
        }
        return Optional.of(pages.decode(listing, token)
                .orElseThrow(() -> InvalidNextTokenException.builder()
                        .message("The next token '" + token + "' is not valid")
                        .build()));
    }

    DeletePipelineResponse delete(DeletePipelineRequest request) {
        Scope scope = Call.current().scope();
        tables.transact(() -> {
            tables.pipeline(scope, request.name()).ifPresent(pipeline -> {
                for (ExecutionRecord execution : tables.active(scope, pipeline.name())) {
                    progress.abandon(scope, execution, execution.place().stage());
                }
                tables.remove(scope, pipeline.name());
            });
            return request.name();
        });
        return DeletePipelineResponse.builder().build();
    }

    ListActionTypesResponse actionTypes(ListActionTypesRequest request) {
        if (request.nextToken() != null) {
            throw InvalidNextTokenException.builder()
                    .message("The next token '" + request.nextToken() + "' is not valid")
                    .build();
        }
        boolean here = request.regionFilter() == null
                || request.regionFilter().equals(Call.current().region());
        ActionOwner owner = request.actionOwnerFilter();
        List<ActionType> types = new ArrayList<>();
        if (here && (owner == null || owner == ActionOwner.AWS)) {
            Arrays.stream(ActionKind.values()).map(ActionKind::describe).forEach(types::add);
        }
        if (here && (owner == null || owner == ActionOwner.CUSTOM)) {
            types.addAll(customActions.all());
        }
        return ListActionTypesResponse.builder().actionTypes(types).build();
    }

    ListTagsForResourceResponse tags(ListTagsForResourceRequest request) {
        if (request.nextToken() != null) {
            throw InvalidNextTokenException.builder()
                    .message("The next token '" + request.nextToken() + "' is not valid")
                    .build();
        }
        return ListTagsForResourceResponse.builder()
                .tags(Tags.listed(byArn(request.resourceArn()).tags()))
                .build();
    }

    TagResourceResponse tag(TagResourceRequest request) {
        Tagged found = byArn(request.resourceArn());
        found.put().accept(Tags.added(found.tags(), request.tags()));
        return TagResourceResponse.builder().build();
    }

    UntagResourceResponse untag(UntagResourceRequest request) {
        Tagged found = byArn(request.resourceArn());
        found.put().accept(Tags.removed(found.tags(), request.tagKeys()));
        return UntagResourceResponse.builder().build();
    }

    /** A pipeline, a webhook or a custom action type, as far as its tags go. */
    private record Tagged(Map<String, String> tags, Consumer<Map<String, String>> put) {}

    private Tagged byArn(String text) {
        Arn arn = Arn.find(text)
                .filter(found -> found.service().equals("codepipeline"))
                .orElseThrow(() -> InvalidArnException.builder()
                        .message("Invalid ARN: " + text)
                        .build());
        Scope scope = Call.current().scope();
        boolean own = arn.account().equals(scope.account()) && arn.region().equals(scope.region());
        return Optional.of(arn)
                .filter(found -> own)
                .flatMap(found -> switch (found.type()) {
                    case "webhook" -> webhook(scope, found.name());
                    case "actiontype" -> actionType(scope, found);
                    default -> pipeline(scope, found);
                })
                .orElseThrow(() -> ResourceNotFoundException.builder()
                        .message("The resource " + text + " was not found")
                        .build());
    }

    private Optional<Tagged> pipeline(Scope scope, Arn arn) {
        return tables.pipeline(scope, arn.resource())
                .map(found -> new Tagged(found.tags(), tags -> tables.put(scope, found.withTags(tags))));
    }

    private Optional<Tagged> actionType(Scope scope, Arn arn) {
        return tables.customAction(scope, arn.resource().substring(arn.type().length() + 1))
                .filter(found -> !found.deleted())
                .map(found -> new Tagged(found.tags(), tags -> tables.put(scope, found.withTags(tags))));
    }

    private Optional<Tagged> webhook(Scope scope, String name) {
        return tables.webhook(scope, name)
                .map(found -> new Tagged(found.tags(), tags -> tables.put(scope, found.withTags(tags))));
    }

    /** The stage of a pipeline's structure.
     *
     * @throws StageNotFoundException when there is none of that name */
    static StageDeclaration stage(PipelineRecord pipeline, String name) {
        return pipeline.declaration().stages().stream()
                .filter(stage -> stage.name().equals(name))
                .findFirst()
                .orElseThrow(() -> StageNotFoundException.builder()
                        .message("Pipeline '" + pipeline.name() + "' does not have a stage with name '" + name + "'")
                        .build());
    }

    static AwsServiceException validation(String message) {
        return AwsErrors.validation(message);
    }
}

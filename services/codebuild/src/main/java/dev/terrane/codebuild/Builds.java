package dev.terrane.codebuild;

import static dev.terrane.codebuild.Refusals.invalid;
import static dev.terrane.codebuild.Refusals.noProject;
import static dev.terrane.codebuild.Refusals.notFound;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.store.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codebuild.model.*;

/** Builds: starting, stopping, telling of them. */
final class Builds {
    private static final int PAGE = 100;
    private static final Duration TOKEN_KEPT = Duration.ofMinutes(5);

    private final Platform platform;
    private final CodeBuildTables tables;
    private final PageTokens pages;
    private final NewBuilds newBuilds;
    private final BuildQueue queue;
    private final BuildWorkflow workflow;
    private final BuildEvents events;

    Builds(Platform platform, CodeBuildTables tables, BuildQueue queue, BuildWorkflow workflow, BuildEvents events) {
        this.platform = platform;
        this.tables = tables;
        this.pages = platform.pages();
        this.queue = queue;
        this.workflow = workflow;
        this.events = events;
        newBuilds = new NewBuilds();
    }

    StartBuildResponse start(StartBuildRequest request) {
        Scope scope = Call.current().scope();
        Optional<Build> before = byToken(scope, request.idempotencyToken());
        if (before.isPresent()) {
            return StartBuildResponse.builder().build(before.get()).build();
        }
        return StartBuildResponse.builder().build(begin(scope, request)).build();
    }

    private Optional<Build> byToken(Scope scope, @Nullable String token) {
        return Optional.ofNullable(token)
                .flatMap(given -> tables.token(scope, given))
                .filter(known ->
                        known.time().plus(TOKEN_KEPT).isAfter(Call.current().time()))
                .flatMap(known -> tables.build(scope, known.buildId()))
                .map(BuildRecord::build);
    }

    private Build begin(Scope scope, StartBuildRequest request) {
        String name = Projects.name(scope, request.projectName());
        ProjectRecord project = tables.project(scope, name).orElseThrow(() -> noProject(Projects.arn(scope, name)));
        checkLimit(scope, project);
        BuildRecord build = newBuilds.of(scope, project, request);
        tables.put(scope, new ProjectRecord(project.project(), project.builds() + 1));
        tables.put(scope, build);
        if (request.idempotencyToken() != null) {
            tables.put(
                    scope,
                    new TokenRecord(
                            request.idempotencyToken(),
                            build.id(),
                            Call.current().time()));
        }
        queue.add(BuildWorkflow.processId(scope, build.id()));
        events.stateChanged(build.build());
        platform.workflows()
                .start(
                        workflow,
                        scope,
                        BuildWorkflow.processId(scope, build.id()),
                        new BuildWorkflow.Input(scope.account(), scope.region(), build.id()));
        return build.build();
    }

    private void checkLimit(Scope scope, ProjectRecord project) {
        Integer limit = project.project().concurrentBuildLimit();
        if (limit == null) {
            return;
        }
        long active = tables.builds(scope, project.name(), true, Optional.empty(), 10 * limit + PAGE).values().stream()
                .filter(build -> !build.build().buildComplete())
                .count();
        if (active >= limit) {
            throw AccountLimitExceededException.builder()
                    .message("Cannot have more than " + limit + " active builds for the project")
                    .build();
        }
    }

    RetryBuildResponse retry(RetryBuildRequest request) {
        Scope scope = Call.current().scope();
        Optional<Build> before = byToken(scope, request.idempotencyToken());
        if (before.isPresent()) {
            return RetryBuildResponse.builder().build(before.get()).build();
        }
        if (request.id() == null) {
            throw invalid("A build id is required.");
        }
        BuildRecord old = require(scope, request.id());
        if (!old.build().buildComplete()) {
            throw invalid("The build " + request.id() + " is still in progress.");
        }
        StartBuildRequest again = old.request().toBuilder()
                .idempotencyToken(request.idempotencyToken())
                .build();
        return RetryBuildResponse.builder().build(begin(scope, again)).build();
    }

    StopBuildResponse stop(StopBuildRequest request) {
        Scope scope = Call.current().scope();
        BuildRecord build = require(scope, request.id());
        if (build.build().buildComplete()) {
            return StopBuildResponse.builder().build(build.build()).build();
        }
        platform.workflows().cancel(workflow, BuildWorkflow.processId(scope, build.id()), "StopBuild");
        return StopBuildResponse.builder()
                .build(build.build().toBuilder().buildStatus(StatusType.STOPPED).build())
                .build();
    }

    BatchGetBuildsResponse get(BatchGetBuildsRequest request) {
        Scope scope = Call.current().scope();
        List<Build> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String id : request.ids()) {
            tables.build(scope, plainId(id))
                    .ifPresentOrElse(record -> found.add(record.build()), () -> missing.add(id));
        }
        return BatchGetBuildsResponse.builder()
                .builds(found)
                .buildsNotFound(missing)
                .build();
    }

    ListBuildsResponse list(ListBuildsRequest request) {
        Scope scope = Call.current().scope();
        boolean descending = !"ASCENDING".equals(request.sortOrderAsString());
        String listing = "ListBuilds" + scope + descending;
        Page<BuildRecord> page =
                tables.builds(scope, descending, Paging.cursor(pages, listing, request.nextToken()), PAGE);
        return ListBuildsResponse.builder()
                .ids(page.values().stream().map(BuildRecord::id).toList())
                .nextToken(page.next().map(at -> pages.encode(listing, at)).orElse(null))
                .build();
    }

    ListBuildsForProjectResponse list(ListBuildsForProjectRequest request) {
        Scope scope = Call.current().scope();
        String name = Projects.name(scope, request.projectName());
        if (tables.project(scope, name).isEmpty()) {
            throw noProject(Projects.arn(scope, name));
        }
        boolean descending = !"ASCENDING".equals(request.sortOrderAsString());
        String listing = "ListBuildsForProject" + scope + name + descending;
        Page<BuildRecord> page =
                tables.builds(scope, name, descending, Paging.cursor(pages, listing, request.nextToken()), PAGE);
        return ListBuildsForProjectResponse.builder()
                .ids(page.values().stream().map(BuildRecord::id).toList())
                .nextToken(page.next().map(at -> pages.encode(listing, at)).orElse(null))
                .build();
    }

    BatchDeleteBuildsResponse delete(BatchDeleteBuildsRequest request) {
        Scope scope = Call.current().scope();
        List<String> deleted = new ArrayList<>();
        List<BuildNotDeleted> kept = new ArrayList<>();
        for (String id : request.ids()) {
            Optional<BuildRecord> build = tables.build(scope, plainId(id));
            if (build.isPresent() && !build.get().build().buildComplete()) {
                kept.add(BuildNotDeleted.builder()
                        .id(id)
                        .statusCode("BUILD_IN_PROGRESS")
                        .build());
            } else {
                build.ifPresent(record -> {
                    tables.deleteBuild(scope, record.id());
                    deleted.add(record.build().arn());
                });
            }
        }
        return BatchDeleteBuildsResponse.builder()
                .buildsDeleted(deleted)
                .buildsNotDeleted(kept)
                .build();
    }

    private BuildRecord require(Scope scope, String id) {
        return tables.build(scope, plainId(id)).orElseThrow(() -> notFound("Build cannot be found: " + id));
    }

    /** {@code PROJECT:ID} of an id or an ARN. */
    private static String plainId(String id) {
        return Arn.find(id)
                .map(arn -> arn.resource().substring(arn.resource().indexOf('/') + 1))
                .orElse(id);
    }
}

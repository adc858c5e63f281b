package dev.terrane.codebuild;

import static dev.terrane.codebuild.Refusals.invalid;
import static dev.terrane.codebuild.Refusals.noProject;
import static dev.terrane.codebuild.Refusals.unsupported;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.codebuild.model.*;

/** Build projects. */
final class Projects {
    private static final int PAGE = 100;
    private static final int TIMEOUT_MINUTES = 60;
    private static final int QUEUED_TIMEOUT_MINUTES = 480;

    private final CodeBuildTables tables;
    private final PageTokens pages;
    private final Clients clients;

    Projects(CodeBuildTables tables, PageTokens pages, Clients clients) {
        this.tables = tables;
        this.pages = pages;
        this.clients = clients;
    }

    CreateProjectResponse create(CreateProjectRequest request) {
        Scope scope = Call.current().scope();
        if (tables.project(scope, request.name()).isPresent()) {
            throw ResourceAlreadyExistsException.builder()
                    .message("Project already exists: " + arn(scope, request.name()))
                    .build();
        }
        refuse(
                request.badgeEnabled(),
                request.vpcConfig(),
                request.hasFileSystemLocations(),
                request.buildBatchConfig());
        if (request.autoRetryLimit() != null && request.autoRetryLimit() > 0) {
            throw unsupported("autoRetryLimit");
        }
        Project project = checked(Project.builder()
                .name(request.name())
                .arn(arn(scope, request.name()))
                .description(request.description())
                .source(request.source())
                .secondarySources(request.secondarySources())
                .sourceVersion(request.sourceVersion())
                .secondarySourceVersions(request.secondarySourceVersions())
                .artifacts(request.artifacts())
                .secondaryArtifacts(request.secondaryArtifacts())
                .cache(request.cache() == null ? noCache() : request.cache())
                .environment(request.environment())
                .serviceRole(request.serviceRole())
                .timeoutInMinutes(request.timeoutInMinutes() == null ? TIMEOUT_MINUTES : request.timeoutInMinutes())
                .queuedTimeoutInMinutes(
                        request.queuedTimeoutInMinutes() == null
                                ? QUEUED_TIMEOUT_MINUTES
                                : request.queuedTimeoutInMinutes())
                .encryptionKey(orDefaultKey(scope, request.encryptionKey()))
                .tags(request.tags())
                .created(Call.current().time())
                .lastModified(Call.current().time())
                .badge(ProjectBadge.builder().badgeEnabled(false).build())
                .logsConfig(request.logsConfig())
                .concurrentBuildLimit(request.concurrentBuildLimit())
                .projectVisibility(ProjectVisibilityType.PRIVATE)
                .build());
        tables.put(scope, new ProjectRecord(project, 0));
        return CreateProjectResponse.builder().project(project).build();
    }

    private static ProjectCache noCache() {
        return ProjectCache.builder().type(CacheType.NO_CACHE).build();
    }

    /** AWS shows the key that S3 uses by itself where none was given. */
    static String defaultKey(Scope scope) {
        return Arn.of("kms", scope.region(), scope.account(), "alias/aws/s3").toString();
    }

    private static String orDefaultKey(Scope scope, @Nullable String key) {
        return key == null || key.isEmpty() ? defaultKey(scope) : key;
    }

    private static void refuse(
            @Nullable Boolean badge,
            @Nullable VpcConfig vpc,
            boolean fileSystems,
            @Nullable ProjectBuildBatchConfig batch) {
        if (Boolean.TRUE.equals(badge)) {
            throw unsupported("A build badge");
        }
        if (vpc != null && vpc.vpcId() != null && !vpc.vpcId().isEmpty()) {
            throw unsupported("vpcConfig");
        }
        if (fileSystems) {
            throw unsupported("fileSystemLocations");
        }
        if (batch != null) {
            throw unsupported("buildBatchConfig");
        }
    }

    private Project checked(Project project) {
        ProjectRules.source(project.source(), false);
        project.secondarySources().forEach(source -> ProjectRules.source(source, true));
        ProjectRules.artifacts(project.artifacts(), false);
        project.secondaryArtifacts().forEach(artifacts -> ProjectRules.artifacts(artifacts, true));
        ProjectRules.environment(project.environment());
        ProjectRules.role(project.serviceRole());
        ProjectRules.tags(project.tags());
        if (project.cache() != null) {
            ProjectRules.cache(project.cache());
        }
        if (project.logsConfig() != null) {
            ProjectRules.logs(project.logsConfig());
        }
        boolean fromPipeline = project.source().type() == SourceType.CODEPIPELINE;
        boolean toPipeline = project.artifacts().type() == ArtifactsType.CODEPIPELINE;
        if (fromPipeline != toPipeline) {
            throw invalid("Invalid project: source and artifacts must both be of type CODEPIPELINE, or neither.");
        }
        requireRole(project);
        return project;
    }

    /** CodeBuild must be able to assume the role, as AWS finds out by doing it. */
    private void requireRole(Project project) {
        Scope scope = Call.current().scope();
        Actor.Role role = new Actor.Role(
                project.serviceRole(), ContainerCredentials.SERVICE, "AWSCodeBuild", arn(scope, project.name()));
        try {
            clients.callAs(role, scope.region());
        } catch (AwsServiceException e) {
            throw invalid("CodeBuild is not authorized to perform: sts:AssumeRole on " + project.serviceRole());
        }
    }

    UpdateProjectResponse update(UpdateProjectRequest request) {
        Scope scope = Call.current().scope();
        ProjectRecord record = require(scope, request.name());
        refuse(
                request.badgeEnabled(),
                request.vpcConfig(),
                request.hasFileSystemLocations(),
                request.buildBatchConfig());
        if (request.autoRetryLimit() != null && request.autoRetryLimit() > 0) {
            throw unsupported("autoRetryLimit");
        }
        Project old = record.project();
        Project.Builder changed = old.toBuilder().lastModified(Call.current().time());
        set(request.description(), changed::description);
        set(request.source(), changed::source);
        set(request.sourceVersion(), changed::sourceVersion);
        set(request.artifacts(), changed::artifacts);
        set(request.cache(), changed::cache);
        set(request.environment(), changed::environment);
        set(request.serviceRole(), changed::serviceRole);
        set(request.timeoutInMinutes(), changed::timeoutInMinutes);
        set(request.queuedTimeoutInMinutes(), changed::queuedTimeoutInMinutes);
        set(request.encryptionKey(), key -> changed.encryptionKey(orDefaultKey(scope, key)));
        set(request.logsConfig(), changed::logsConfig);
        set(request.concurrentBuildLimit(), limit -> changed.concurrentBuildLimit(limit < 0 ? null : limit));
        if (request.hasSecondarySources()) {
            changed.secondarySources(request.secondarySources());
        }
        if (request.hasSecondarySourceVersions()) {
            changed.secondarySourceVersions(request.secondarySourceVersions());
        }
        if (request.hasSecondaryArtifacts()) {
            changed.secondaryArtifacts(request.secondaryArtifacts());
        }
        if (request.hasTags()) {
            changed.tags(request.tags());
        }
        Project project = checked(changed.build());
        tables.put(scope, new ProjectRecord(project, record.builds()));
        return UpdateProjectResponse.builder().project(project).build();
    }

    private static <T> void set(@Nullable T value, java.util.function.Consumer<T> member) {
        if (value != null) {
            member.accept(value);
        }
    }

    DeleteProjectResponse delete(DeleteProjectRequest request) {
        Scope scope = Call.current().scope();
        // Deleting a project that is not there is no error in AWS.
        find(scope, request.name()).ifPresent(project -> {
            tables.deleteProject(scope, project.name());
            tables.deleteCache(scope, project.name());
        });
        return DeleteProjectResponse.builder().build();
    }

    BatchGetProjectsResponse get(BatchGetProjectsRequest request) {
        Scope scope = Call.current().scope();
        List<Project> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String name : request.names()) {
            find(scope, name).ifPresentOrElse(record -> found.add(record.project()), () -> missing.add(name));
        }
        return BatchGetProjectsResponse.builder()
                .projects(found)
                .projectsNotFound(missing)
                .build();
    }

    ListProjectsResponse list(ListProjectsRequest request) {
        Scope scope = Call.current().scope();
        String by = request.sortByAsString() == null ? "NAME" : request.sortByAsString();
        Comparator<Project> order = by.equals("CREATED_TIME")
                ? Comparator.comparing(Project::created)
                : by.equals("LAST_MODIFIED_TIME")
                        ? Comparator.comparing(Project::lastModified)
                        : Comparator.comparing(Project::name);
        boolean descending = "DESCENDING".equals(request.sortOrderAsString());
        List<String> names = tables.projects(scope).stream()
                .map(ProjectRecord::project)
                .sorted(descending ? order.reversed() : order)
                .map(Project::name)
                .toList();
        Page<String> page =
                Paging.slice(pages, "ListProjects" + scope + by + descending, names, request.nextToken(), PAGE);
        return ListProjectsResponse.builder()
                .projects(page.values())
                .nextToken(page.next().orElse(null))
                .build();
    }

    InvalidateProjectCacheResponse forgetCache(InvalidateProjectCacheRequest request) {
        Scope scope = Call.current().scope();
        ProjectRecord project = require(scope, request.projectName());
        if (project.project().cache().type() == CacheType.S3) {
            throw unsupported("Invalidating a cache in S3 (delete its object instead)");
        }
        tables.deleteCache(scope, project.name());
        return InvalidateProjectCacheResponse.builder().build();
    }

    ProjectRecord require(Scope scope, String nameOrArn) {
        return find(scope, nameOrArn).orElseThrow(() -> noProject(arn(scope, nameOrArn)));
    }

    Optional<ProjectRecord> find(Scope scope, String nameOrArn) {
        return tables.project(scope, name(scope, nameOrArn));
    }

    /** The name of a project that a request means: each may have an ARN for it, and that of another region or account means none here. */
    static String name(Scope scope, String nameOrArn) {
        return Arn.find(nameOrArn)
                .map(Arn::name)
                .filter(name -> arn(scope, name).equals(nameOrArn))
                .orElse(nameOrArn);
    }

    static String arn(Scope scope, String nameOrArn) {
        return Arn.isArn(nameOrArn)
                ? nameOrArn
                : Arn.of("codebuild", scope.region(), scope.account(), "project/" + nameOrArn)
                        .toString();
    }
}

package dev.terrane.codedeploy;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codedeploy.model.*;

/** Applications: made, listed, described, renamed, deleted. */
final class Applications {
    private static final String LISTING = "applications";

    private final CodeDeployTables tables;
    private final Paging paging;
    private final Clock clock;

    Applications(CodeDeployTables tables, Paging paging, Clock clock) {
        this.tables = tables;
        this.paging = paging;
        this.clock = clock;
    }

    /** The application of the call's account and region that has a name. */
    ApplicationRecord require(@Nullable String name) {
        if (name == null || name.isEmpty()) {
            throw ApplicationNameRequiredException.builder()
                    .message("Application name is missing")
                    .build();
        }
        return tables.application(Call.current().scope(), name)
                .orElseThrow(() -> ApplicationDoesNotExistException.builder()
                        .message("No application found for name: " + name)
                        .build());
    }

    static InvalidComputePlatformException unsupportedPlatform() {
        return InvalidComputePlatformException.builder()
                .message("This platform supports the compute platform Server only")
                .build();
    }

    CreateApplicationResponse create(CreateApplicationRequest request) {
        Scope scope = Call.current().scope();
        if (request.computePlatform() != null && request.computePlatform() != ComputePlatform.SERVER) {
            throw unsupportedPlatform();
        }
        refuseExisting(scope, request.applicationName());
        ApplicationRecord application =
                new ApplicationRecord(request.applicationName(), Ids.uuid(), clock.instant(), Tags.of(request.tags()));
        tables.put(scope, application);
        return CreateApplicationResponse.builder()
                .applicationId(application.id())
                .build();
    }

    private void refuseExisting(Scope scope, String name) {
        if (tables.application(scope, name).isPresent()) {
            throw ApplicationAlreadyExistsException.builder()
                    .message("Application already exists: " + name)
                    .build();
        }
    }

    GetApplicationResponse get(GetApplicationRequest request) {
        return GetApplicationResponse.builder()
                .application(info(require(request.applicationName())))
                .build();
    }

    BatchGetApplicationsResponse batchGet(BatchGetApplicationsRequest request) {
        if (request.applicationNames().size() > 100) {
            throw BatchLimitExceededException.builder()
                    .message("The maximum number of names or IDs allowed for this request (100) was exceeded")
                    .build();
        }
        return BatchGetApplicationsResponse.builder()
                .applicationsInfo(request.applicationNames().stream()
                        .map(name -> info(require(name)))
                        .toList())
                .build();
    }

    private static ApplicationInfo info(ApplicationRecord application) {
        return ApplicationInfo.builder()
                .applicationId(application.id())
                .applicationName(application.name())
                .createTime(application.created())
                .linkedToGitHub(false)
                .computePlatform(ComputePlatform.SERVER)
                .build();
    }

    ListApplicationsResponse list(ListApplicationsRequest request) {
        Page<ApplicationRecord> page = tables.applications(
                Call.current().scope(),
                Query.all().limit(Paging.SIZE).after(paging.cursor(LISTING, request.nextToken())));
        return ListApplicationsResponse.builder()
                .applications(
                        page.values().stream().map(ApplicationRecord::name).toList())
                .nextToken(paging.token(LISTING, page.next()))
                .build();
    }

    UpdateApplicationResponse update(UpdateApplicationRequest request) {
        Scope scope = Call.current().scope();
        ApplicationRecord application = require(request.applicationName());
        String name = request.newApplicationName();
        if (name != null && !name.equals(application.name())) {
            refuseExisting(scope, name);
            tables.deleteApplication(scope, application.name());
            tables.put(scope, application.named(name));
            for (GroupRecord group : groups(scope, application)) {
                tables.put(
                        scope,
                        group.with(
                                group.info().toBuilder().applicationName(name).build()));
            }
        }
        return UpdateApplicationResponse.builder().build();
    }

    /** Deletes an application that may be there no more, with its groups and revisions; its deployments stay. */
    DeleteApplicationResponse delete(DeleteApplicationRequest request, DeploymentGroups groups) {
        Scope scope = Call.current().scope();
        tables.application(scope, request.applicationName()).ifPresent(application -> {
            groups(scope, application).forEach(groups::remove);
            tables.revisions(scope, application.id()).forEach(revision -> tables.delete(scope, revision));
            tables.deleteApplication(scope, application.name());
        });
        return DeleteApplicationResponse.builder().build();
    }

    private List<GroupRecord> groups(Scope scope, ApplicationRecord application) {
        return tables.groups(scope, application.id(), java.util.Optional.empty(), Query.DEFAULT_LIMIT)
                .values();
    }
}

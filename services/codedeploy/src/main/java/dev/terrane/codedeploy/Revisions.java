package dev.terrane.codedeploy;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codedeploy.model.*;

/** Revisions of applications: bundles in S3. */
final class Revisions {
    private static final int BATCH = 25;

    private final CodeDeployTables tables;
    private final Applications applications;
    private final Paging paging;
    private final Clock clock;

    Revisions(CodeDeployTables tables, Applications applications, Paging paging, Clock clock) {
        this.tables = tables;
        this.applications = applications;
        this.paging = paging;
        this.clock = clock;
    }

    /** A revision that can be deployed here.
     *
     * @throws InvalidRevisionException when it is none
     */
    static RevisionLocation require(@Nullable RevisionLocation revision) {
        if (revision == null) {
            throw RevisionRequiredException.builder()
                    .message("Revision is missing")
                    .build();
        }
        if (revision.gitHubLocation() != null || revision.revisionType() == RevisionLocationType.GIT_HUB) {
            throw invalid("Revisions in GitHub are not supported by this platform: put a bundle into S3");
        }
        S3Location s3 = revision.s3Location();
        if (revision.string() != null || revision.appSpecContent() != null || s3 == null) {
            throw invalid("The revision of a deployment to servers is a bundle in S3: s3Location is required");
        }
        if (isEmpty(s3.bucket()) || isEmpty(s3.key())) {
            throw invalid("The S3 location requires a bucket and a key");
        }
        if (s3.bundleType() == null
                || !List.of(BundleType.ZIP, BundleType.TAR, BundleType.TGZ).contains(s3.bundleType())) {
            throw invalid("The bundle type of the S3 location must be zip, tar or tgz");
        }
        return revision.toBuilder().revisionType(RevisionLocationType.S3).build();
    }

    private static boolean isEmpty(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    private static InvalidRevisionException invalid(String message) {
        return InvalidRevisionException.builder().message(message).build();
    }

    RegisterApplicationRevisionResponse register(RegisterApplicationRevisionRequest request) {
        Scope scope = Call.current().scope();
        ApplicationRecord application = applications.require(request.applicationName());
        RevisionLocation location = require(request.revision());
        GenericRevisionInfo.Builder info = tables.revision(scope, application.id(), location)
                .map(known -> known.info().toBuilder())
                .orElseGet(() -> GenericRevisionInfo.builder().deploymentGroups(List.of()));
        if (request.description() != null) {
            info.description(request.description());
        }
        tables.put(
                scope,
                new RevisionRecord(
                        application.id(),
                        location,
                        info.registerTime(clock.instant()).build()));
        return RegisterApplicationRevisionResponse.builder().build();
    }

    /** Notes that a revision is deployed to a group. */
    void used(Scope scope, String applicationId, RevisionLocation location, String groupName) {
        Instant now = clock.instant();
        GenericRevisionInfo known = tables.revision(scope, applicationId, location)
                .map(RevisionRecord::info)
                .orElseGet(() -> GenericRevisionInfo.builder().registerTime(now).build());
        List<String> groups = Stream.concat(known.deploymentGroups().stream(), Stream.of(groupName))
                .distinct()
                .toList();
        tables.put(
                scope,
                new RevisionRecord(
                        applicationId,
                        location,
                        known.toBuilder()
                                .deploymentGroups(groups)
                                .firstUsedTime(known.firstUsedTime() == null ? now : known.firstUsedTime())
                                .lastUsedTime(now)
                                .build()));
    }

    private RevisionRecord find(ApplicationRecord application, RevisionLocation location) {
        return tables.revision(Call.current().scope(), application.id(), location)
                .orElseThrow(() -> RevisionDoesNotExistException.builder()
                        .message("No revision found for the given location in application: " + application.name())
                        .build());
    }

    GetApplicationRevisionResponse get(GetApplicationRevisionRequest request) {
        RevisionRecord revision = find(applications.require(request.applicationName()), require(request.revision()));
        return GetApplicationRevisionResponse.builder()
                .applicationName(request.applicationName())
                .revision(revision.location())
                .revisionInfo(revision.info())
                .build();
    }

    BatchGetApplicationRevisionsResponse batchGet(BatchGetApplicationRevisionsRequest request) {
        ApplicationRecord application = applications.require(request.applicationName());
        if (request.revisions().size() > BATCH) {
            throw BatchLimitExceededException.builder()
                    .message("The maximum number of revisions allowed for this request (25) was exceeded")
                    .build();
        }
        return BatchGetApplicationRevisionsResponse.builder()
                .applicationName(application.name())
                .revisions(request.revisions().stream()
                        .map(location -> find(application, require(location)))
                        .map(revision -> RevisionInfo.builder()
                                .revisionLocation(revision.location())
                                .genericRevisionInfo(revision.info())
                                .build())
                        .toList())
                .build();
    }

    ListApplicationRevisionsResponse list(ListApplicationRevisionsRequest request) {
        Scope scope = Call.current().scope();
        ApplicationRecord application = applications.require(request.applicationName());
        if (request.s3KeyPrefix() != null && request.s3Bucket() == null) {
            throw BucketNameFilterRequiredException.builder()
                    .message("A bucket name is required, but was not provided")
                    .build();
        }
        List<RevisionLocation> all = tables.revisions(scope, application.id()).stream()
                .filter(revision -> isWanted(scope, revision, application, request))
                .sorted(order(request))
                .map(RevisionRecord::location)
                .toList();
        String listing = "revisions/" + application.id() + "/" + request.s3Bucket() + "/" + request.s3KeyPrefix() + "/"
                + request.deployedAsString() + "/" + request.sortByAsString() + "/" + request.sortOrderAsString();
        Paging.Slice<RevisionLocation> slice = paging.slice(listing, all, request.nextToken());
        return ListApplicationRevisionsResponse.builder()
                .revisions(slice.values())
                .nextToken(slice.token())
                .build();
    }

    private boolean isWanted(
            Scope scope,
            RevisionRecord revision,
            ApplicationRecord application,
            ListApplicationRevisionsRequest request) {
        S3Location s3 = revision.location().s3Location();
        if ((request.s3Bucket() != null && !request.s3Bucket().equals(s3.bucket()))
                || (request.s3KeyPrefix() != null && !s3.key().startsWith(request.s3KeyPrefix()))) {
            return false;
        }
        if (request.deployed() == null || request.deployed() == ListStateFilterAction.IGNORE) {
            return true;
        }
        boolean deployed = tables.groups(scope, application.id(), Optional.empty(), 10_000).values().stream()
                .map(group -> group.info().targetRevision())
                .anyMatch(target -> target != null
                        && RevisionRecord.identity(target).equals(RevisionRecord.identity(revision.location())));
        return deployed == (request.deployed() == ListStateFilterAction.INCLUDE);
    }

    private static Comparator<RevisionRecord> order(ListApplicationRevisionsRequest request) {
        if (request.sortBy() == null) {
            return Comparator.comparing(RevisionRecord::key);
        }
        Function<GenericRevisionInfo, @Nullable Instant> time = switch (request.sortBy()) {
            case FIRST_USED_TIME -> GenericRevisionInfo::firstUsedTime;
            case LAST_USED_TIME -> GenericRevisionInfo::lastUsedTime;
            case REGISTER_TIME, UNKNOWN_TO_SDK_VERSION -> GenericRevisionInfo::registerTime;
        };
        Comparator<RevisionRecord> ascending = Comparator.comparing(revision -> {
            Instant at = time.apply(revision.info());
            return at == null ? Instant.EPOCH : at;
        });
        return request.sortOrder() == SortOrder.DESCENDING ? ascending.reversed() : ascending;
    }
}

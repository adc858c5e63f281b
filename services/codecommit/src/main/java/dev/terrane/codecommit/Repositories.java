package dev.terrane.codecommit;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.service.Platform.Endpoint;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codecommit.model.*;

/** Repositories as such: made, listed, described, renamed, deleted. */
final class Repositories {
    private static final int LIST_PAGE = 1_000;
    private static final int BATCH = 100;

    private final CodeCommitTables tables;
    private final DataKeys keys;
    private final Upkeep upkeep;
    private final PageTokens pages;
    private final Clock clock;
    private final Endpoint endpoint;

    Repositories(
            CodeCommitTables tables, DataKeys keys, Upkeep upkeep, PageTokens pages, Clock clock, Endpoint endpoint) {
        this.tables = tables;
        this.keys = keys;
        this.upkeep = upkeep;
        this.pages = pages;
        this.clock = clock;
        this.endpoint = endpoint;
    }

    /** A repository's ARN. */
    static String arn(Scope scope, String name) {
        return Arn.of("codecommit", scope.region(), scope.account(), name).toString();
    }

    /** The repository of the current call's account and region that has a name. */
    RepositoryRecord require(@Nullable String name) {
        String checked = Names.repository(name);
        return tables.repository(Call.current().scope(), checked).orElseThrow(() -> missing(checked));
    }

    static RepositoryDoesNotExistException missing(String name) {
        return RepositoryDoesNotExistException.builder()
                .message(name + " does not exist")
                .build();
    }

    CreateRepositoryResponse create(CreateRepositoryRequest request) {
        Scope scope = Call.current().scope();
        String name = Names.repository(request.repositoryName());
        String description = Names.description(request.repositoryDescription());
        Tags.check(request.tags(), request.tags());
        return tables.transact(() -> {
            requireFree(scope, name);
            String id = Ids.uuid();
            Instant now = clock.instant();
            DataKey key = keys.generate(scope, name, id, keyId(request.kmsKeyId()));
            RepositoryRecord made = new RepositoryRecord(id, name, description, "", key, now, now, request.tags());
            tables.put(scope, made);
            return CreateRepositoryResponse.builder()
                    .repositoryMetadata(describe(scope, made))
                    .build();
        });
    }

    private static String keyId(@Nullable String named) {
        return named == null || named.isEmpty() ? DataKeys.DEFAULT : named;
    }

    private void requireFree(Scope scope, String name) {
        if (tables.repository(scope, name).isPresent()) {
            throw RepositoryNameExistsException.builder()
                    .message("Repository named " + name + " already exists")
                    .build();
        }
    }

    GetRepositoryResponse get(GetRepositoryRequest request) {
        return GetRepositoryResponse.builder()
                .repositoryMetadata(describe(Call.current().scope(), require(request.repositoryName())))
                .build();
    }

    BatchGetRepositoriesResponse batchGet(BatchGetRepositoriesRequest request) {
        List<String> names = request.repositoryNames();
        if (names.isEmpty()) {
            throw RepositoryNamesRequiredException.builder()
                    .message("At least one repository name is required")
                    .build();
        }
        if (names.size() > BATCH) {
            throw MaximumRepositoryNamesExceededException.builder()
                    .message("At most " + BATCH + " repository names are allowed")
                    .build();
        }
        Scope scope = Call.current().scope();
        List<RepositoryMetadata> found = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        for (String name : names) {
            tables.repository(scope, Names.repository(name))
                    .ifPresentOrElse(repository -> found.add(describe(scope, repository)), () -> absent.add(name));
        }
        return BatchGetRepositoriesResponse.builder()
                .repositories(found)
                .repositoriesNotFound(absent)
                .errors(List.of())
                .build();
    }

    ListRepositoriesResponse list(ListRepositoriesRequest request) {
        if (request.sortBy() == SortByEnum.UNKNOWN_TO_SDK_VERSION) {
            throw InvalidSortByException.builder()
                    .message("sortBy is repositoryName or lastModifiedDate")
                    .build();
        }
        if (request.order() == OrderEnum.UNKNOWN_TO_SDK_VERSION) {
            throw InvalidOrderException.builder()
                    .message("order is ascending or descending")
                    .build();
        }
        Scope scope = Call.current().scope();
        boolean byDate = request.sortBy() == SortByEnum.LAST_MODIFIED_DATE;
        boolean descending = request.order() == OrderEnum.DESCENDING;
        String listing = "repositories/" + scope + "/" + byDate + "/" + descending;
        Query query = (byDate ? Query.index("modified") : Query.all())
                .limit(LIST_PAGE)
                .after(cursor(listing, request.nextToken()));
        Page<RepositoryRecord> page = tables.repositories(scope, descending ? query.reversed() : query);
        return ListRepositoriesResponse.builder()
                .repositories(page.values().stream()
                        .map(r -> RepositoryNameIdPair.builder()
                                .repositoryName(r.name())
                                .repositoryId(r.repositoryId())
                                .build())
                        .toList())
                .nextToken(
                        page.next().map(cursor -> pages.encode(listing, cursor)).orElse(null))
                .build();
    }

    /** Where a page begins.
     *
     * @throws InvalidContinuationTokenException when the token is not one of this listing */
    Optional<String> cursor(String listing, @Nullable String token) {
        if (token == null) {
            return Optional.empty();
        }
        return Optional.of(pages.decode(listing, token)
                .orElseThrow(() -> InvalidContinuationTokenException.builder()
                        .message("The continuation token is not valid")
                        .build()));
    }

    /** The token with which a listing goes on. */
    @Nullable
    String token(String listing, Optional<String> cursor) {
        return cursor.map(at -> pages.encode(listing, at)).orElse(null);
    }

    DeleteRepositoryResponse delete(DeleteRepositoryRequest request) {
        Scope scope = Call.current().scope();
        String name = Names.repository(request.repositoryName());
        return tables.transact(() -> {
            Optional<RepositoryRecord> found = tables.repository(scope, name);
            found.ifPresent(repository -> remove(scope, repository));
            return DeleteRepositoryResponse.builder()
                    .repositoryId(found.map(RepositoryRecord::repositoryId).orElse(null))
                    .build();
        });
    }

    private void remove(Scope scope, RepositoryRecord repository) {
        tables.remove(scope, repository.name());
        tables.refs(scope, repository.repositoryId(), "")
                .forEach(ref -> tables.deleteRef(scope, repository.repositoryId(), ref.name()));
        tables.packs(scope, repository.repositoryId()).forEach(pack -> tables.retire(scope, pack, clock.instant()));
    }

    UpdateRepositoryNameResponse rename(UpdateRepositoryNameRequest request) {
        Scope scope = Call.current().scope();
        String newName = Names.repository(request.newName());
        tables.transact(() -> {
            RepositoryRecord repository = require(request.oldName());
            requireFree(scope, newName);
            tables.remove(scope, repository.name());
            tables.put(scope, repository.withName(newName, clock.instant()));
            return newName;
        });
        return UpdateRepositoryNameResponse.builder().build();
    }

    UpdateRepositoryDescriptionResponse describeAs(UpdateRepositoryDescriptionRequest request) {
        String description = Names.description(request.repositoryDescription());
        tables.transact(() -> {
            RepositoryRecord repository = require(request.repositoryName());
            tables.update(Call.current().scope(), repository.withDescription(description, clock.instant()));
            return description;
        });
        return UpdateRepositoryDescriptionResponse.builder().build();
    }

    UpdateRepositoryEncryptionKeyResponse changeKey(UpdateRepositoryEncryptionKeyRequest request) {
        Call caller = Call.current();
        Scope scope = caller.scope();
        if (request.kmsKeyId() == null || request.kmsKeyId().isEmpty()) {
            throw EncryptionKeyRequiredException.builder()
                    .message("A KMS encryption key ID is required")
                    .build();
        }
        return tables.transact(() -> {
            RepositoryRecord repository = require(request.repositoryName());
            DataKey key = keys.generate(scope, repository.name(), repository.repositoryId(), request.kmsKeyId());
            tables.update(scope, repository.withKey(key, clock.instant()));
            tables.afterCommit(() -> upkeep.repackSoon(caller, scope, repository.name()));
            return UpdateRepositoryEncryptionKeyResponse.builder()
                    .repositoryId(repository.repositoryId())
                    .kmsKeyId(key.kmsKeyId())
                    .originalKmsKeyId(repository.key().kmsKeyId())
                    .build();
        });
    }

    /** A repository's triggers: none, for none can be put yet. */
    GetRepositoryTriggersResponse triggers(GetRepositoryTriggersRequest request) {
        require(request.repositoryName());
        return GetRepositoryTriggersResponse.builder().triggers(List.of()).build();
    }

    private RepositoryMetadata describe(Scope scope, RepositoryRecord repository) {
        return RepositoryMetadata.builder()
                .accountId(scope.account())
                .repositoryId(repository.repositoryId())
                .repositoryName(repository.name())
                .repositoryDescription(repository.description().isEmpty() ? null : repository.description())
                .defaultBranch(repository.defaultBranch().isEmpty() ? null : repository.defaultBranch())
                .creationDate(repository.created())
                .lastModifiedDate(repository.modified())
                .cloneUrlHttp(endpoint.url() + GitPath.PREFIX + repository.name())
                .arn(arn(scope, repository.name()))
                .kmsKeyId(repository.key().kmsKeyId())
                .build();
    }
}

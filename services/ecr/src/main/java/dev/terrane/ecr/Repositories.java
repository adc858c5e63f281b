package dev.terrane.ecr;

import dev.terrane.ecr.EcrTables.Placed;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecr.model.*;

/** Repositories as such. */
final class Repositories {
    private static final int PAGE = 100;

    private final EcrTables tables;
    private final RepositoryKeys keys;
    private final PageTokens pages;

    Repositories(EcrTables tables, RepositoryKeys keys, PageTokens pages) {
        this.tables = tables;
        this.keys = keys;
        this.pages = pages;
    }

    CreateRepositoryResponse create(CreateRepositoryRequest request) {
        Scope scope = EcrTables.scope(request.registryId());
        String name = request.repositoryName();
        if (tables.find(scope, name).isPresent()) {
            throw Refusals.exists(scope.account(), name);
        }
        ImageSettings.TagMutability mutability = ImageSettings.mutability(
                request.imageTagMutabilityAsString(), request.imageTagMutabilityExclusionFilters());
        EncryptionConfiguration encryption = keys.checked(scope, request.encryptionConfiguration());
        RepositoryRecord repository = new RepositoryRecord(
                name,
                Call.current().time(),
                mutability.mutability(),
                mutability.exclusions(),
                ImageSettings.scanOnPush(request.imageScanningConfiguration()),
                encryption.encryptionTypeAsString(),
                encryption.kmsKey() == null ? "" : encryption.kmsKey(),
                RepositoryTags.of(request.tags()),
                Optional.empty(),
                Optional.empty());
        tables.put(scope, repository);
        return CreateRepositoryResponse.builder()
                .repository(shown(scope, repository))
                .build();
    }

    DescribeRepositoriesResponse describe(DescribeRepositoriesRequest request) {
        Scope scope = EcrTables.scope(request.registryId());
        if (request.hasRepositoryNames()) {
            if (request.nextToken() != null || request.maxResults() != null) {
                throw Refusals.parameter(
                        "repositoryNames", "nextToken and maxResults cannot be used together with repositoryNames");
            }
            return DescribeRepositoriesResponse.builder()
                    .repositories(request.repositoryNames().stream()
                            .distinct()
                            .map(name ->
                                    shown(scope, tables.require(scope, name).repository()))
                            .toList())
                    .build();
        }
        String listing = "DescribeRepositories " + scope;
        Optional<String> after = Optional.ofNullable(request.nextToken())
                .map(token -> pages.decode(listing, token).orElseThrow(() -> invalidToken()));
        Page<RepositoryRecord> page = tables.list(
                scope, Query.all().after(after).limit(request.maxResults() == null ? PAGE : request.maxResults()));
        return DescribeRepositoriesResponse.builder()
                .repositories(page.values().stream()
                        .map(repository -> shown(scope, repository))
                        .toList())
                .nextToken(page.next().map(next -> pages.encode(listing, next)).orElse(null))
                .build();
    }

    static RuntimeException invalidToken() {
        return Refusals.parameter("nextToken", "Invalid token provided");
    }

    /** Without {@code force} only an empty repository is deleted: as long as images cannot be pushed, each is. */
    DeleteRepositoryResponse delete(DeleteRepositoryRequest request) {
        Placed found = tables.require(request.registryId(), request.repositoryName());
        tables.delete(found);
        return DeleteRepositoryResponse.builder()
                .repository(shown(found.scope(), found.repository()))
                .build();
    }

    private static Repository shown(Scope scope, RepositoryRecord repository) {
        List<ImageTagMutabilityExclusionFilter> exclusions = ImageSettings.filters(repository.exclusions());
        return Repository.builder()
                .repositoryArn(RepositoryRecord.arn(scope, repository.name()).toString())
                .registryId(scope.account())
                .repositoryName(repository.name())
                .repositoryUri(Registry.host(scope) + "/" + repository.name())
                .createdAt(repository.created())
                .imageTagMutability(repository.mutability())
                .imageTagMutabilityExclusionFilters(exclusions.isEmpty() ? null : exclusions)
                .imageScanningConfiguration(c -> c.scanOnPush(repository.scanOnPush()))
                .encryptionConfiguration(c -> c.encryptionType(repository.encryptionType())
                        .kmsKey(repository.kmsKey().isEmpty() ? null : repository.kmsKey()))
                .build();
    }
}

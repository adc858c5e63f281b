package dev.terrane.secretsmanager;

import dev.terrane.kernel.call.Authorizer;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.page.PageTokens;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.secretsmanager.model.*;

/** Listings of secrets, of versions, and of several values at once. */
final class SecretListings {
    private final SecretTables tables;
    private final Lookup lookup;
    private final SecretVersions versions;
    private final Authorizer authorizer;
    private final PageTokens tokens;

    SecretListings(
            SecretTables tables, Lookup lookup, SecretVersions versions, Authorizer authorizer, PageTokens tokens) {
        this.tables = tables;
        this.lookup = lookup;
        this.versions = versions;
        this.authorizer = authorizer;
        this.tokens = tokens;
    }

    private record Slice<T>(List<T> items, @Nullable String next) {}

    ListSecretsResponse list(ListSecretsRequest request) {
        boolean deleted = Boolean.TRUE.equals(request.includePlannedDeletion());
        boolean ascending = request.sortOrder() == SortOrderType.ASC;
        Comparator<SecretRecord> order =
                Comparator.comparing(SecretRecord::created).thenComparing(SecretRecord::name);
        Slice<SecretRecord> slice = slice(
                "ListSecrets|" + deleted + ascending + request.filters(),
                request.nextToken(),
                request.maxResults(),
                100,
                tables.secrets(Call.current().scope()).stream()
                        .filter(secret -> deleted || !secret.isDeleted())
                        .filter(SecretFilters.of(request.filters()))
                        .sorted(ascending ? order : order.reversed()),
                SecretRecord::name);
        return ListSecretsResponse.builder()
                .secretList(slice.items().stream().map(SecretListings::entry).toList())
                .nextToken(slice.next())
                .build();
    }

    private static SecretListEntry entry(SecretRecord secret) {
        return SecretListEntry.builder()
                .arn(secret.arn())
                .name(secret.name())
                .description(secret.description().isEmpty() ? null : secret.description())
                .kmsKeyId(secret.kmsKeyId().isEmpty() ? null : secret.kmsKeyId())
                .createdDate(secret.created())
                .lastChangedDate(secret.changed())
                .lastAccessedDate(secret.accessed().orElse(null))
                .deletedDate(secret.deleted().orElse(null))
                .tags(SecretTags.list(secret.tags()))
                .secretVersionsToStages(SecretLifecycle.stages(secret))
                .build();
    }

    ListSecretVersionIdsResponse versions(ListSecretVersionIdsRequest request) {
        SecretTables.Placed found = lookup.any(request.secretId());
        SecretRecord secret = found.secret();
        boolean all = Boolean.TRUE.equals(request.includeDeprecated());
        Slice<VersionRecord> slice = slice(
                "ListSecretVersionIds|" + secret.arn() + all,
                request.nextToken(),
                request.maxResults(),
                100,
                tables.versions(found.scope(), secret.arn()).stream()
                        .filter(version -> all || secret.stages().containsValue(version.versionId())),
                VersionRecord::versionId);
        return ListSecretVersionIdsResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .versions(slice.items().stream()
                        .map(version -> SecretVersionsListEntry.builder()
                                .versionId(version.versionId())
                                .versionStages(secret.stagesOf(version.versionId()))
                                .createdDate(version.created())
                                .kmsKeyIds(version.kmsKey())
                                .build())
                        .toList())
                .nextToken(slice.next())
                .build();
    }

    BatchGetSecretValueResponse values(BatchGetSecretValueRequest request) {
        if (request.secretIdList().isEmpty() == request.filters().isEmpty()) {
            throw Refusals.parameter("You must include either SecretIdList or Filters, but not both.");
        }
        Slice<String> slice = slice(
                "BatchGetSecretValue|" + request.secretIdList() + request.filters(),
                request.nextToken(),
                request.maxResults(),
                20,
                request.secretIdList().isEmpty()
                        ? tables.secrets(Call.current().scope()).stream()
                                .filter(secret -> !secret.isDeleted())
                                .filter(SecretFilters.of(request.filters()))
                                .map(SecretRecord::arn)
                        : request.secretIdList().stream().distinct(),
                id -> id);
        List<SecretValueEntry> found = new ArrayList<>();
        List<APIErrorType> errors = new ArrayList<>();
        for (String id : slice.items()) {
            try {
                found.add(value(id));
            } catch (AwsServiceException e) {
                errors.add(APIErrorType.builder()
                        .secretId(id)
                        .errorCode(code(e))
                        .message(AwsErrors.message(e))
                        .build());
            }
        }
        return BatchGetSecretValueResponse.builder()
                .secretValues(found)
                .errors(errors)
                .nextToken(slice.next())
                .build();
    }

    private static String code(AwsServiceException e) {
        if (e.awsErrorDetails() != null && e.awsErrorDetails().errorCode() != null) {
            return e.awsErrorDetails().errorCode();
        }
        return e.getClass().getSimpleName();
    }

    /** One value, which the caller may read if it may read that secret. */
    private SecretValueEntry value(String id) {
        Scope scope = Call.current().scope();
        String arn = lookup.find(scope, id).map(found -> found.secret().arn()).orElseThrow(Refusals::missing);
        authorizer.authorize(Call.current(), "secretsmanager:GetSecretValue", arn, Map.of());
        GetSecretValueResponse value =
                versions.get(GetSecretValueRequest.builder().secretId(arn).build());
        return SecretValueEntry.builder()
                .arn(value.arn())
                .name(value.name())
                .versionId(value.versionId())
                .secretString(value.secretString())
                .secretBinary(value.secretBinary())
                .versionStages(value.versionStages())
                .createdDate(value.createdDate())
                .build();
    }

    /** One page: what comes after the item that the token names. */
    private <T> Slice<T> slice(
            String listing,
            @Nullable String token,
            @Nullable Integer asked,
            int most,
            Stream<T> all,
            Function<T, String> name) {
        String bound = Call.current().scope() + "|" + listing;
        List<T> items = all.toList();
        int from = 0;
        if (token != null) {
            String after = tokens.decode(bound, token)
                    .orElseThrow(() -> InvalidNextTokenException.builder()
                            .message("The NextToken value is invalid.")
                            .build());
            from = items.stream().map(name).toList().indexOf(after) + 1;
        }
        int to = Math.min(items.size(), from + (asked == null ? most : Math.min(asked, most)));
        return new Slice<>(
                items.subList(from, to),
                to < items.size() ? tokens.encode(bound, name.apply(items.get(to - 1))) : null);
    }
}

package dev.terrane.ssm;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Query;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.model.*;

/** Listings: by path, by description, by version. */
final class ParameterListings {
    private final SsmTables tables;
    private final PublicParameters known;
    private final ParameterReads reads;
    private final PageTokens tokens;

    ParameterListings(SsmTables tables, PublicParameters known, ParameterReads reads, PageTokens tokens) {
        this.tables = tables;
        this.known = known;
        this.reads = reads;
        this.tokens = tokens;
    }

    private record Slice<T>(List<T> items, @Nullable String next) {}

    GetParametersByPathResponse byPath(GetParametersByPathRequest request) {
        String path = request.path();
        if (!path.startsWith("/")) {
            throw AwsErrors.validation("The parameter doesn't meet the parameter name requirements. The parameter name"
                    + " must begin with a forward slash \"/\". It can't be prefixed with \"aws\" or \"ssm\""
                    + " (case-insensitive). It must use only letters, numbers, or the following symbols: . (period),"
                    + " - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified,"
                    + " must use the forward slash symbol \"/\". Valid example: /get/parameters2-/by1./path0_.");
        }
        Scope scope = Call.current().scope();
        String below = path.endsWith("/") ? path : path + "/";
        boolean recursive = Boolean.TRUE.equals(request.recursive());
        Predicate<ParameterRecord> wanted = ParameterFilters.byPath(request.parameterFilters());
        Slice<VersionRecord> slice = slice(
                "GetParametersByPath|" + path + "|" + recursive + "|" + request.parameterFilters(),
                request.nextToken(),
                request.maxResults(),
                10,
                under(scope, below)
                        .filter(parameter -> recursive || parameter.name().indexOf('/', below.length()) < 0)
                        .filter(wanted)
                        .map(ParameterRecord::current),
                VersionRecord::name);
        return GetParametersByPathResponse.builder()
                .parameters(slice.items().stream()
                        .map(version -> reads.shown(version, "", request.withDecryption()))
                        .toList())
                .nextToken(slice.next())
                .build();
    }

    private Stream<ParameterRecord> under(Scope scope, String prefix) {
        if (PublicParameters.isPublic(prefix)) {
            return known.all(scope).stream()
                    .filter(version -> version.name().startsWith(prefix))
                    .map(version -> new ParameterRecord(version, java.util.Map.of(), java.util.Map.of()));
        }
        return tables.parameters(scope, Query.prefix(prefix)).values().stream();
    }

    DescribeParametersResponse describe(DescribeParametersRequest request) {
        if (Boolean.TRUE.equals(request.shared())) {
            throw AwsErrors.validation("Parameters are not shared between accounts here.");
        }
        Predicate<ParameterRecord> wanted =
                ParameterFilters.describing(request.parameterFilters()).and(ParameterFilters.older(request.filters()));
        Slice<VersionRecord> slice = slice(
                "DescribeParameters|" + request.parameterFilters() + request.filters(),
                request.nextToken(),
                request.maxResults(),
                50,
                tables.parameters(Call.current().scope(), Query.all()).values().stream()
                        .filter(wanted)
                        .map(ParameterRecord::current),
                VersionRecord::name);
        return DescribeParametersResponse.builder()
                .parameters(
                        slice.items().stream().map(ParameterListings::metadata).toList())
                .nextToken(slice.next())
                .build();
    }

    private static ParameterMetadata metadata(VersionRecord version) {
        return ParameterMetadata.builder()
                .name(version.name())
                .arn(ParameterName.arn(Call.current().scope(), version.name()))
                .type(version.type())
                .keyId(orNull(version.keyId()))
                .lastModifiedDate(version.modified())
                .lastModifiedUser(version.modifiedBy())
                .description(orNull(version.description()))
                .allowedPattern(orNull(version.allowedPattern()))
                .version(version.version())
                .tier(version.tier())
                .policies(List.of())
                .dataType(version.dataType())
                .build();
    }

    GetParameterHistoryResponse history(GetParameterHistoryRequest request) {
        Scope scope = Call.current().scope();
        ParameterRecord parameter = tables.parameter(
                        scope, ParameterName.of(scope, request.name()).name())
                .orElseThrow(() -> ParameterNotFoundException.builder().build());
        Slice<VersionRecord> slice = slice(
                "GetParameterHistory|" + parameter.name(),
                request.nextToken(),
                request.maxResults(),
                50,
                tables.versions(scope, parameter.name()).stream(),
                version -> VersionRecord.key(version.name(), version.version()));
        return GetParameterHistoryResponse.builder()
                .parameters(slice.items().stream()
                        .map(version -> ParameterHistory.builder()
                                .name(version.name())
                                .type(version.type())
                                .keyId(orNull(version.keyId()))
                                .lastModifiedDate(version.modified())
                                .lastModifiedUser(version.modifiedBy())
                                .description(orNull(version.description()))
                                .value(reads.value(version, request.withDecryption()))
                                .allowedPattern(orNull(version.allowedPattern()))
                                .version(version.version())
                                .labels(parameter.labelsOf(version.version()))
                                .tier(version.tier())
                                .policies(List.of())
                                .dataType(version.dataType())
                                .build())
                        .toList())
                .nextToken(slice.next())
                .build();
    }

    /** One page of what comes ordered by a cursor. */
    private <T> Slice<T> slice(
            String listing,
            @Nullable String token,
            @Nullable Integer asked,
            int most,
            Stream<T> all,
            Function<T, String> cursor) {
        String bound = Call.current().scope() + "|" + listing;
        String after = token == null
                ? ""
                : tokens.decode(bound, token)
                        .orElseThrow(() -> InvalidNextTokenException.builder()
                                .message("The specified token is not valid.")
                                .build());
        int limit = asked == null ? most : Math.min(asked, most);
        List<T> found = all.filter(item -> cursor.apply(item).compareTo(after) > 0)
                .limit(limit + 1L)
                .toList();
        List<T> page = found.subList(0, Math.min(limit, found.size()));
        return new Slice<>(page, found.size() > limit ? tokens.encode(bound, cursor.apply(page.getLast())) : null);
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}

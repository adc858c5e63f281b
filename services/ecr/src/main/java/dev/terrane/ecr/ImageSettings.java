package dev.terrane.ecr;

import dev.terrane.ecr.EcrTables.Placed;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecr.model.*;

/** What a repository does with images: whether their tags can be moved, whether they are scanned when they are pushed. */
final class ImageSettings {
    private static final int MOST_WILDCARDS = 2;

    private final EcrTables tables;

    ImageSettings(EcrTables tables) {
        this.tables = tables;
    }

    /** Whether tags can be moved, and the patterns of those for which the opposite holds. */
    record TagMutability(String mutability, List<String> exclusions) {}

    /**
     * What a request says of mutability.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html">Image tag mutability</a>
     */
    static TagMutability mutability(@Nullable String asked, @Nullable List<ImageTagMutabilityExclusionFilter> filters) {
        String mutability = asked == null ? ImageTagMutability.MUTABLE.toString() : asked;
        List<String> exclusions = filters == null
                ? List.of()
                : filters.stream()
                        .map(ImageTagMutabilityExclusionFilter::filter)
                        .toList();
        if (mutability.endsWith("_WITH_EXCLUSION") == exclusions.isEmpty()) {
            throw Refusals.parameter(
                    "imageTagMutabilityExclusionFilters",
                    exclusions.isEmpty()
                            ? "must be specified when imageTagMutability is " + mutability
                            : "must not be specified when imageTagMutability is " + mutability);
        }
        for (String filter : exclusions) {
            if (filter.chars().filter(c -> c == '*').count() > MOST_WILDCARDS) {
                throw Refusals.parameter(
                        "imageTagMutabilityExclusionFilters",
                        "filter '" + filter + "' must not contain more than " + MOST_WILDCARDS + " wildcards");
            }
        }
        return new TagMutability(mutability, exclusions);
    }

    static List<ImageTagMutabilityExclusionFilter> filters(List<String> exclusions) {
        return exclusions.stream()
                .map(filter -> ImageTagMutabilityExclusionFilter.builder()
                        .filterType(ImageTagMutabilityExclusionFilterType.WILDCARD)
                        .filter(filter)
                        .build())
                .toList();
    }

    static boolean scanOnPush(@Nullable ImageScanningConfiguration configuration) {
        return configuration != null && Boolean.TRUE.equals(configuration.scanOnPush());
    }

    PutImageTagMutabilityResponse putTagMutability(PutImageTagMutabilityRequest request) {
        Placed found = tables.require(request.registryId(), request.repositoryName());
        TagMutability set =
                mutability(request.imageTagMutabilityAsString(), request.imageTagMutabilityExclusionFilters());
        tables.put(found.scope(), found.repository().withMutability(set.mutability(), set.exclusions()));
        return PutImageTagMutabilityResponse.builder()
                .registryId(found.registry())
                .repositoryName(found.name())
                .imageTagMutability(set.mutability())
                .imageTagMutabilityExclusionFilters(set.exclusions().isEmpty() ? null : filters(set.exclusions()))
                .build();
    }

    PutImageScanningConfigurationResponse putScanning(PutImageScanningConfigurationRequest request) {
        Placed found = tables.require(request.registryId(), request.repositoryName());
        boolean scanOnPush = scanOnPush(request.imageScanningConfiguration());
        tables.put(found.scope(), found.repository().withScanOnPush(scanOnPush));
        return PutImageScanningConfigurationResponse.builder()
                .registryId(found.registry())
                .repositoryName(found.name())
                .imageScanningConfiguration(c -> c.scanOnPush(scanOnPush))
                .build();
    }
}

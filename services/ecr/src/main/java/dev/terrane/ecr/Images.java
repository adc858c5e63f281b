package dev.terrane.ecr;

import dev.terrane.ecr.EcrTables.Placed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ecr.model.*;

/** Images of repositories: none, as long as nothing can be pushed. What is asked for by name is therefore not found. */
final class Images {
    private static final String DIGEST = "[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+";
    private static final Pattern DIGESTS = Pattern.compile(DIGEST);

    private final EcrTables tables;

    Images(EcrTables tables) {
        this.tables = tables;
    }

    ListImagesResponse list(ListImagesRequest request) {
        tables.require(request.registryId(), request.repositoryName());
        if (request.nextToken() != null) {
            throw Repositories.invalidToken();
        }
        return ListImagesResponse.builder().imageIds(List.of()).build();
    }

    DescribeImagesResponse describe(DescribeImagesRequest request) {
        Placed found = tables.require(request.registryId(), request.repositoryName());
        if (request.hasImageIds()) {
            if (request.nextToken() != null || request.maxResults() != null) {
                throw Refusals.parameter("imageIds", "nextToken and maxResults cannot be used together with imageIds");
            }
            ImageIdentifier first = request.imageIds().getFirst();
            throw ImageNotFoundException.builder()
                    .message(
                            ("The image with imageId {imageDigest:'%s', imageTag:'%s'} does not exist within the repository"
                                            + " with name '%s' in the registry with id '%s'")
                                    .formatted(first.imageDigest(), first.imageTag(), found.name(), found.registry()))
                    .build();
        }
        if (request.nextToken() != null) {
            throw Repositories.invalidToken();
        }
        return DescribeImagesResponse.builder().imageDetails(List.of()).build();
    }

    BatchGetImageResponse get(BatchGetImageRequest request) {
        tables.require(request.registryId(), request.repositoryName());
        return BatchGetImageResponse.builder()
                .images(List.of())
                .failures(failures(request.imageIds()))
                .build();
    }

    BatchDeleteImageResponse delete(BatchDeleteImageRequest request) {
        tables.require(request.registryId(), request.repositoryName());
        return BatchDeleteImageResponse.builder()
                .imageIds(List.of())
                .failures(failures(request.imageIds()))
                .build();
    }

    private static List<ImageFailure> failures(List<ImageIdentifier> images) {
        return images.stream().map(Images::failure).toList();
    }

    private static ImageFailure failure(ImageIdentifier image) {
        ImageFailure.Builder failure = ImageFailure.builder().imageId(image);
        if (image.imageDigest() == null && image.imageTag() == null) {
            return failure.failureCode(ImageFailureCode.MISSING_DIGEST_AND_TAG)
                    .failureReason("Invalid request parameters: both tag and digest cannot be null")
                    .build();
        }
        if (image.imageDigest() != null && !DIGESTS.matcher(image.imageDigest()).matches()) {
            return failure.failureCode(ImageFailureCode.INVALID_IMAGE_DIGEST)
                    .failureReason("Invalid request parameters: image digest should satisfy the regex '" + DIGEST + "'")
                    .build();
        }
        return failure.failureCode(ImageFailureCode.IMAGE_NOT_FOUND)
                .failureReason("Requested image not found")
                .build();
    }

    BatchCheckLayerAvailabilityResponse checkLayers(BatchCheckLayerAvailabilityRequest request) {
        tables.require(request.registryId(), request.repositoryName());
        List<Layer> layers = new ArrayList<>();
        List<LayerFailure> failures = new ArrayList<>();
        for (String digest : request.layerDigests()) {
            Optional<LayerFailureCode> wrong = wrong(digest);
            if (wrong.isPresent()) {
                failures.add(LayerFailure.builder()
                        .layerDigest(digest)
                        .failureCode(wrong.get())
                        .failureReason(
                                "Invalid request parameters: layer digest should satisfy the regex '" + DIGEST + "'")
                        .build());
            } else {
                layers.add(Layer.builder()
                        .layerDigest(digest)
                        .layerAvailability(LayerAvailability.UNAVAILABLE)
                        .build());
            }
        }
        return BatchCheckLayerAvailabilityResponse.builder()
                .layers(layers)
                .failures(failures)
                .build();
    }

    private static Optional<LayerFailureCode> wrong(String digest) {
        if (digest.isEmpty()) {
            return Optional.of(LayerFailureCode.MISSING_LAYER_DIGEST);
        }
        return DIGESTS.matcher(digest).matches()
                ? Optional.empty()
                : Optional.of(LayerFailureCode.INVALID_LAYER_DIGEST);
    }
}

package dev.terrane.codebuild;

import java.util.List;
import software.amazon.awssdk.services.codebuild.model.EnvironmentImage;
import software.amazon.awssdk.services.codebuild.model.EnvironmentLanguage;
import software.amazon.awssdk.services.codebuild.model.EnvironmentPlatform;
import software.amazon.awssdk.services.codebuild.model.LanguageType;
import software.amazon.awssdk.services.codebuild.model.ListCuratedEnvironmentImagesRequest;
import software.amazon.awssdk.services.codebuild.model.ListCuratedEnvironmentImagesResponse;
import software.amazon.awssdk.services.codebuild.model.PlatformType;

/** The names of AWS's images, which run here on the machine's own tool chains. */
final class CuratedImages {
    private CuratedImages() {}

    static ListCuratedEnvironmentImagesResponse list(ListCuratedEnvironmentImagesRequest request) {
        return ListCuratedEnvironmentImagesResponse.builder()
                .platforms(
                        platform(
                                PlatformType.AMAZON_LINUX,
                                "aws/codebuild/amazonlinux-x86_64-standard:5.0",
                                "aws/codebuild/amazonlinux2-x86_64-standard:5.0"),
                        platform(PlatformType.UBUNTU, "aws/codebuild/standard:7.0", "aws/codebuild/standard:6.0"))
                .build();
    }

    private static EnvironmentPlatform platform(PlatformType type, String... names) {
        return EnvironmentPlatform.builder()
                .platform(type)
                .languages(EnvironmentLanguage.builder()
                        .language(LanguageType.BASE)
                        .images(List.of(names).stream()
                                .map(name -> EnvironmentImage.builder()
                                        .name(name)
                                        .description(name.substring(name.indexOf('/') + 1)
                                                + ", on the tool chains of the server's machine")
                                        .versions(name)
                                        .build())
                                .toList())
                        .build())
                .build();
    }
}

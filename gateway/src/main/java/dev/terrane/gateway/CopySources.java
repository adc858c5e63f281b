package dev.terrane.gateway;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;

/** S3's copies, whose source the SDK's clients are given in parts and send as one: a call from inside is to look like that too. */
final class CopySources {
    private CopySources() {}

    static @Nullable SdkRequest asSent(@Nullable SdkRequest request) {
        Optional<String> bucket = request == null ? Optional.empty() : text(request, "SourceBucket");
        if (request == null || bucket.isEmpty() || text(request, "CopySource").isPresent()) {
            return request;
        }
        String source =
                encode(bucket.get()) + "/" + encode(text(request, "SourceKey").orElse(""))
                        + text(request, "SourceVersionId")
                                .map(id -> "?versionId=" + encode(id))
                                .orElse("");
        SdkRequest.Builder sent = request.toBuilder();
        for (SdkField<?> field : request.sdkFields()) {
            switch (field.memberName()) {
                case "CopySource" -> field.set(sent, source);
                case "SourceBucket", "SourceKey", "SourceVersionId" -> field.set(sent, null);
                default -> {}
            }
        }
        return sent.build();
    }

    private static Optional<String> text(SdkRequest request, String member) {
        return request.sdkFields().stream()
                .filter(field -> field.memberName().equals(member))
                .findFirst()
                .map(field -> (String) field.getValueOrDefault((SdkPojo) request));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }
}

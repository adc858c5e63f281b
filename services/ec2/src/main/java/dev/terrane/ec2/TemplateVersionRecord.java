package dev.terrane.ec2;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.ResponseLaunchTemplateData;

/**
 * One version of a launch template; versions do not change.
 *
 * @param clientToken of the request that made it, or null
 */
record TemplateVersionRecord(
        String templateId,
        long version,
        String description,
        String createdBy,
        Instant created,
        ResponseLaunchTemplateData data,
        @Nullable String clientToken) {
    static String key(String templateId, long version) {
        return "%s/%012d".formatted(templateId, version);
    }
}

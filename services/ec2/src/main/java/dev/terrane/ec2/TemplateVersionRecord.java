package dev.terrane.ec2;

import java.time.Instant;
import software.amazon.awssdk.services.ec2.model.ResponseLaunchTemplateData;

/** One version of a launch template; versions do not change. */
record TemplateVersionRecord(
        String templateId,
        long version,
        String description,
        String createdBy,
        Instant created,
        ResponseLaunchTemplateData data) {
    static String key(String templateId, long version) {
        return "%s/%012d".formatted(templateId, version);
    }
}

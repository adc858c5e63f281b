package dev.terrane.kernel.audit;

import dev.terrane.kernel.call.Principal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call in the trail, with what CloudTrail's record needs. See "CloudTrail record contents".
 *
 * @param eventSource such as {@code codecommit.amazonaws.com}
 * @param eventName the operation
 * @param readOnly whether it changes nothing
 * @param sessionBegun when the credentials were issued, or null for long-term ones
 * @param requestParameters JSON, without secrets, or null
 * @param responseElements JSON for calls that change something, or null
 * @param errorCode null when the call succeeded
 * @param denial why it was denied, as {@code DecodeAuthorizationMessage} reads it, or null
 * @param resources ARNs that it was authorized on
 */
public record AuditRecord(
        String eventId,
        String requestId,
        Instant time,
        String account,
        String region,
        String eventSource,
        String eventName,
        boolean readOnly,
        Principal principal,
        String accessKeyId,
        boolean mfa,
        @Nullable Instant sessionBegun,
        String sourceAddress,
        String userAgent,
        @Nullable String requestParameters,
        @Nullable String responseElements,
        @Nullable String errorCode,
        @Nullable String errorMessage,
        @Nullable String denial,
        List<String> resources) {
    public AuditRecord {
        resources = List.copyOf(resources);
    }
}

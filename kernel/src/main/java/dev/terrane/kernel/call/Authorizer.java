package dev.terrane.kernel.call;

import java.util.List;
import java.util.Map;

/**
 * Decides whether a call may do something, for what is not an operation of an AWS API, such as a Git push. Operations are authorized
 * before a service sees them.
 */
public interface Authorizer {
    /**
     * Returns when the call's principal may do it.
     *
     * @param action such as {@code codecommit:GitPush}
     * @param conditions service-specific condition keys, such as {@code codecommit:References}
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException AccessDenied, with AWS's wording of why
     */
    void authorize(Call call, String action, String resourceArn, Map<String, List<String>> conditions);

    /** Records such an act in the trail.
     *
     * @param parameters what Jackson writes as a JSON object
     */
    void record(
            Call call,
            String eventSource,
            String eventName,
            boolean readOnly,
            List<String> resources,
            Object parameters);
}

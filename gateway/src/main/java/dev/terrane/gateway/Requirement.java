package dev.terrane.gateway;

import java.util.List;
import java.util.Map;

/**
 * What a call needs to be allowed.
 *
 * @param action such as {@code sqs:SendMessage}
 * @param resources ARNs, each of which must be allowed; {@code *} alone for an action without resources
 * @param conditions the action's condition keys with the request's values
 */
public record Requirement(String action, List<String> resources, Map<String, List<String>> conditions) {
    /** What knows the requirements of an operation. */
    @FunctionalInterface
    public interface Source {
        /** All that must be allowed, the operation's own action first. */
        List<Requirement> of(
                dev.terrane.kernel.contract.BoundOperation operation,
                software.amazon.awssdk.core.SdkRequest request,
                dev.terrane.kernel.call.Call call);
    }
}

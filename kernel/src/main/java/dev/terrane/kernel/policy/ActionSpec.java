package dev.terrane.kernel.policy;

import java.util.List;

/**
 * {@code Action} or {@code NotAction}. Actions match without regard to case; {@code *} and {@code ?} are wildcards
 * ("IAM JSON policy elements: Action").
 *
 * @param inverted whether this is {@code NotAction}
 * @param actions as written, such as {@code s3:Get*}
 */
public record ActionSpec(boolean inverted, List<Pattern> actions) {
    public ActionSpec {
        actions = List.copyOf(actions);
    }

    /** Whether an action in lower case matches. */
    boolean matches(String action, AuthorizationRequest request) {
        for (Pattern pattern : actions) {
            if (pattern.matches(action, request)) {
                return !inverted;
            }
        }
        return inverted;
    }
}

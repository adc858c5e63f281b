package dev.terrane.kernel.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is to be decided: who wants to do what with which resources, in which circumstances.
 *
 * @param action such as {@code sqs:SendMessage}
 * @param resources ARNs, each of which must be allowed; {@code *} alone for an action without a resource
 * @param resourceAccount the account that owns the resources
 * @param context condition keys and their values; a key without a value is an absent key. Keys are without regard to case
 *     and are kept in lower case
 */
public record AuthorizationRequest(
        PolicyPrincipal principal,
        String action,
        List<String> resources,
        String resourceAccount,
        Map<String, List<String>> context) {
    public AuthorizationRequest {
        if (action.indexOf(':') <= 0) {
            throw new IllegalArgumentException("Not an action: " + action);
        }
        resources = resources.isEmpty() ? List.of("*") : List.copyOf(resources);
        Map<String, List<String>> folded = HashMap.newHashMap(context.size());
        context.forEach((key, values) -> folded.put(fold(key), List.copyOf(values)));
        context = folded;
    }

    /** The values of a key in lower case; empty when it is absent. */
    List<String> values(String foldedKey) {
        List<String> values = context.get(foldedKey);
        return values == null ? List.of() : values;
    }

    String foldedAction() {
        return fold(action);
    }

    /** Lower case without allocation where nothing changes; one character stays one character. */
    static String fold(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.toLowerCase(text.charAt(i)) != text.charAt(i)) {
                String folded = text.toLowerCase(Locale.ROOT);
                if (folded.length() == text.length()) {
                    return folded;
                }
                char[] chars = text.toCharArray();
                for (int j = 0; j < chars.length; j++) {
                    chars[j] = Character.toLowerCase(chars[j]);
                }
                return new String(chars);
            }
        }
        return text;
    }
}

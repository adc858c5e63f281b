package dev.terrane.kernel.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * What is to be decided: who wants to do what with which resources, in which circumstances.
 *
 * @param action such as {@code sqs:SendMessage}
 * @param resources ARNs, each of which must be allowed; {@code *} alone for an action without a resource
 * @param resourceAccount the account that owns the resources
 * @param context condition keys and their values; a key without a value is an absent key. Keys are without regard to case
 *     and are kept in lower case
 * @param late more of them, which cost something to find out: asked for once, when a policy names a key that is not in the context
 */
public record AuthorizationRequest(
        PolicyPrincipal principal,
        String action,
        List<String> resources,
        String resourceAccount,
        Map<String, List<String>> context,
        Supplier<Map<String, List<String>>> late) {
    public AuthorizationRequest(
            PolicyPrincipal principal,
            String action,
            List<String> resources,
            String resourceAccount,
            Map<String, List<String>> context) {
        this(principal, action, resources, resourceAccount, context, Map::of);
    }

    public AuthorizationRequest {
        if (action.indexOf(':') <= 0) {
            throw new IllegalArgumentException("Not an action: " + action);
        }
        resources = resources.isEmpty() ? List.of("*") : List.copyOf(resources);
        context = folded(context);
        late = once(late);
    }

    private static Map<String, List<String>> folded(Map<String, List<String>> context) {
        Map<String, List<String>> folded = HashMap.newHashMap(context.size());
        context.forEach((key, values) -> folded.put(fold(key), List.copyOf(values)));
        return folded;
    }

    private static Supplier<Map<String, List<String>>> once(Supplier<Map<String, List<String>>> late) {
        AtomicReference<Map<String, List<String>>> found = new AtomicReference<>();
        return () -> found.updateAndGet(known -> known == null ? folded(late.get()) : known);
    }

    /** The values of a key in lower case; empty when it is absent. */
    List<String> values(String foldedKey) {
        List<String> values = context.get(foldedKey);
        if (values == null) {
            values = late.get().get(foldedKey);
        }
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

package dev.terrane.iam;

import dev.terrane.kernel.policy.ActionSpec;
import dev.terrane.kernel.policy.Effect;
import dev.terrane.kernel.policy.Pattern;
import dev.terrane.kernel.policy.PolicyDocument;
import java.util.List;
import java.util.Locale;

/** What a policy's statements that allow are about: as for access advisor, without regard to conditions, resources and other policies. */
final class GrantedActions {
    private final List<ActionSpec> allowed;

    private GrantedActions(List<ActionSpec> allowed) {
        this.allowed = allowed;
    }

    static GrantedActions of(String document) {
        return new GrantedActions(PolicyDocument.parse(document).statements().stream()
                .filter(statement -> statement.effect() == Effect.ALLOW)
                .map(statement -> statement.actions())
                .toList());
    }

    /** Whether some action of a service is allowed. */
    boolean anyOf(String namespace) {
        return allowed.stream()
                .anyMatch(spec -> spec.inverted()
                        ? spec.actions().stream().noneMatch(pattern -> isWhole(pattern, namespace))
                        : spec.actions().stream().anyMatch(pattern -> isOf(pattern, namespace)));
    }

    /** Whether an action, with its service before it, is allowed. */
    boolean contains(String action) {
        return allowed.stream()
                .anyMatch(spec -> spec.inverted()
                        != spec.actions().stream().anyMatch(pattern -> matches(pattern.text(), action)));
    }

    private static boolean isOf(Pattern pattern, String namespace) {
        int colon = pattern.text().indexOf(':');
        return colon < 0 ? pattern.text().equals("*") : matches(pattern.text().substring(0, colon), namespace);
    }

    private static boolean isWhole(Pattern pattern, String namespace) {
        int colon = pattern.text().indexOf(':');
        return pattern.text().equals("*")
                || (colon >= 0
                        && pattern.text().substring(colon + 1).equals("*")
                        && matches(pattern.text().substring(0, colon), namespace));
    }

    /** Whether a text matches, in any case, a pattern in which * stands for any characters and ? for one. */
    private static boolean matches(String pattern, String text) {
        String p = pattern.toLowerCase(Locale.ROOT);
        String t = text.toLowerCase(Locale.ROOT);
        int at = 0;
        int star = -1;
        int resume = 0;
        int i = 0;
        while (i < t.length()) {
            if (at < p.length() && p.charAt(at) == '*') {
                star = at++;
                resume = i;
            } else if (at < p.length() && (p.charAt(at) == '?' || p.charAt(at) == t.charAt(i))) {
                at++;
                i++;
            } else if (star >= 0) {
                at = star + 1;
                i = ++resume;
            } else {
                return false;
            }
        }
        while (at < p.length() && p.charAt(at) == '*') {
            at++;
        }
        return at == p.length();
    }
}

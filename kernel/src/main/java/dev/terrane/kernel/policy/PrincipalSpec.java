package dev.terrane.kernel.policy;

import dev.terrane.kernel.arn.Arn;
import java.util.List;

/**
 * {@code Principal} or {@code NotPrincipal} ("AWS JSON policy elements: Principal", "… NotPrincipal").
 *
 * @param inverted whether this is {@code NotPrincipal}
 */
public record PrincipalSpec(boolean inverted, List<Named> named) {
    public PrincipalSpec {
        named = List.copyOf(named);
    }

    /** One principal that a policy names. */
    public sealed interface Named {
        /** {@code "*"} or <code>{"AWS": "*"}</code>: everybody, signed in or not. */
        record Everyone() implements Named {}

        /** An account, by number or by its root ARN: all its principals, as far as their own policies allow. */
        record Account(String id) implements Named {}

        /** A user, role or session. */
        record Identity(String arn) implements Named {}

        /** The unique id that is left when a named user or role was deleted. */
        record UniqueId(String id) implements Named {}

        record Service(String name) implements Named {}

        record Federated(String provider) implements Named {}

        /** An account by S3's canonical user id. */
        record CanonicalUser(String id) implements Named {}
    }

    /**
     * How far a resource's policy reaches by naming a principal ("Policy evaluation logic": evaluating identity-based and
     * resource-based policies within a single account).
     */
    enum Reach {
        NONE,
        /** The account is trusted: its own policies must allow too. */
        ACCOUNT,
        /** The role, or a federated user's user: boundary and session policy must allow too. */
        ISSUER,
        /** The principal itself, or everyone: nothing else must allow. */
        DIRECT
    }

    /** How far the statement speaks for the principal of the request. */
    Reach reach(AuthorizationRequest request) {
        if (inverted) {
            return excludes(request) ? Reach.DIRECT : Reach.NONE;
        }
        Reach reach = Reach.NONE;
        for (Named name : named) {
            Reach one = reach(name, request);
            if (one.compareTo(reach) > 0) {
                reach = one;
            }
        }
        return reach;
    }

    private static Reach reach(Named name, AuthorizationRequest request) {
        PolicyPrincipal principal = request.principal();
        return switch (name) {
            case Named.Everyone() -> Reach.DIRECT;
            case Named.Account(String id) ->
                principal.hasIdentity() && principal.account().equals(id) ? Reach.ACCOUNT : Reach.NONE;
            case Named.Identity(String arn) -> {
                if (principal.arn().equals(arn)) {
                    yield Reach.DIRECT;
                }
                yield !principal.issuer().isEmpty() && principal.issuer().equals(arn) ? Reach.ISSUER : Reach.NONE;
            }
            case Named.UniqueId(String id) -> {
                if (!principal.uniqueId().equals(id)) {
                    yield Reach.NONE;
                }
                yield principal.type() == PolicyPrincipal.Type.USER ? Reach.DIRECT : Reach.ISSUER;
            }
            case Named.Service(String service) ->
                principal.type() == PolicyPrincipal.Type.SERVICE && isService(service, request)
                        ? Reach.DIRECT
                        : Reach.NONE;
            case Named.Federated(String provider) ->
                principal.type() == PolicyPrincipal.Type.FEDERATED
                                && principal.arn().equals(provider)
                        ? Reach.DIRECT
                        : Reach.NONE;
            case Named.CanonicalUser(String id) ->
                request.values("aws:principalcanonicalid").contains(id) ? Reach.ACCOUNT : Reach.NONE;
        };
    }

    /** A service may be named with the region of the request: {@code logs.eu-west-1.amazonaws.com}. */
    private static boolean isService(String written, AuthorizationRequest request) {
        String actual = request.principal().arn();
        if (written.equals(actual)) {
            return true;
        }
        int dot = actual.indexOf('.');
        List<String> regions = request.values("aws:requestedregion");
        return dot > 0
                && regions.size() == 1
                && written.equals(actual.substring(0, dot + 1) + regions.getFirst() + actual.substring(dot));
    }

    /**
     * Whether {@code NotPrincipal} leaves the principal out of its exceptions. To be excepted, a user must be listed with
     * its account, a session with its role and account.
     */
    private boolean excludes(AuthorizationRequest request) {
        PolicyPrincipal principal = request.principal();
        if (named.stream().anyMatch(Named.Everyone.class::isInstance)) {
            return false;
        }
        if (!principal.hasIdentity()) {
            return named.stream().noneMatch(name -> reach(name, request) == Reach.DIRECT);
        }
        boolean account = named.stream().anyMatch(name -> reach(name, request) == Reach.ACCOUNT);
        boolean itself = principal.type() == PolicyPrincipal.Type.ROOT || lists(principal.arn());
        boolean issuer = principal.issuer().isEmpty() || lists(principal.issuer());
        return !(account && itself && issuer);
    }

    private boolean lists(String arn) {
        return named.contains(new Named.Identity(arn));
    }

    /**
     * Reads one AWS principal.
     *
     * @throws IllegalArgumentException when it is none
     */
    static Named aws(String text) {
        if (text.equals("*")) {
            return new Named.Everyone();
        }
        if (text.length() == 12 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return new Named.Account(text);
        }
        if (text.matches("A(IDA|ROA)[A-Z0-9]{12,}")) {
            return new Named.UniqueId(text);
        }
        Arn arn = Arn.find(text)
                .filter(a -> (a.service().equals("iam") || a.service().equals("sts"))
                        && a.account().matches("[0-9]{12}")
                        && text.indexOf('*') < 0
                        && text.indexOf('?') < 0)
                .orElseThrow(
                        () -> new IllegalArgumentException("Invalid principal in policy: \"AWS\":\"" + text + "\""));
        return arn.service().equals("iam") && arn.resource().equals("root")
                ? new Named.Account(arn.account())
                : new Named.Identity(text);
    }
}

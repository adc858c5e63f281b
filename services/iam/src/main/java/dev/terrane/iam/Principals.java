package dev.terrane.iam;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.identity.Credential;
import dev.terrane.kernel.identity.Identities;
import dev.terrane.kernel.secret.MasterKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who callers are and what they may do, for every call of every service. Each answer is a few look-ups of cached records, so that a change
 * has its effect with the next call.
 */
final class Principals implements Identities {
    /** Stands in for a boundary that is not there any more: nothing is allowed. */
    private static final String NOTHING =
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}]}";

    private final IamTables tables;
    private final MasterKey.Sealer remembered = MasterKey.random().sealer("git-passwords");

    /**
     * Passwords that were right a moment ago, since the hash is slow by intention and Git asks several times a fetch: by hash, the password's
     * authentication code under a key of this process.
     */
    private final Cache<PasswordHash, byte[]> right = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofMinutes(5))
            .build();

    Principals(IamTables tables) {
        this.tables = tables;
    }

    @Override
    public Optional<Credential> accessKey(String accessKeyId) {
        return tables.accessKeys()
                .peek(Scope.INSTALLATION, accessKeyId)
                .filter(AccessKeyRecord::active)
                .flatMap(key -> user(key.account(), key.user())
                        .map(user -> new Credential(key.id(), key.secret(), principal(user))));
    }

    @Override
    public Optional<Principal> gitCredential(String userName, String password) {
        return tables.gitCredentials()
                .peek(Scope.INSTALLATION, userName)
                .filter(GitCredentialRecord::active)
                .filter(credential -> isRight(credential.password(), password))
                .flatMap(credential -> user(credential.account(), credential.user()))
                .map(Principals::principal);
    }

    private boolean isRight(PasswordHash hash, String password) {
        byte[] code = remembered.mac(password.getBytes(StandardCharsets.UTF_8));
        byte[] known = right.getIfPresent(hash);
        if (known != null && MessageDigest.isEqual(known, code)) {
            return true;
        }
        boolean matches = hash.matches(password);
        if (matches) {
            right.put(hash, code);
        }
        return matches;
    }

    private Optional<UserRecord> user(String account, String name) {
        return tables.users().peek(Scope.global(account), Names.key(name));
    }

    private static Principal principal(UserRecord user) {
        return new Principal.User(user.account(), user.id(), user.path(), user.name());
    }

    @Override
    public Grants grants(Principal principal) {
        return switch (principal) {
            case Principal.User user ->
                user(user.account(), user.name())
                        .filter(u -> u.id().equals(user.userId()))
                        .map(this::grants)
                        .orElse(Grants.NONE);
            case Principal.AssumedRole session ->
                tables.roles()
                        .peek(Scope.global(session.account()), Names.key(session.roleName()))
                        .filter(r -> r.id().equals(session.roleId()))
                        .map(this::grants)
                        .orElse(Grants.NONE);
            case Principal.FederatedUser session -> grants(session.issuer());
            case Principal.Federated user -> Grants.NONE;
            case Principal.Root root -> Grants.NONE;
            case Principal.Service service -> Grants.NONE;
            case Principal.Anonymous anonymous -> Grants.NONE;
        };
    }

    private Grants grants(UserRecord user) {
        List<Named> policies = new ArrayList<>();
        add(policies, user.permissions());
        for (String group : user.groups()) {
            tables.groups()
                    .peek(Scope.global(user.account()), Names.key(group))
                    .ifPresent(g -> add(policies, g.permissions()));
        }
        return new Grants(policies, boundary(user.permissions()), user.tags());
    }

    private Grants grants(RoleRecord role) {
        List<Named> policies = new ArrayList<>();
        add(policies, role.permissions());
        return new Grants(policies, boundary(role.permissions()), role.tags());
    }

    private void add(List<Named> policies, Permissions permissions) {
        for (Map.Entry<String, String> inline : permissions.inline().entrySet()) {
            policies.add(new Named(inline.getKey(), inline.getValue()));
        }
        for (String arn : permissions.attached()) {
            ManagedPolicies.peek(tables, arn).ifPresent(policy -> policies.add(new Named(arn, policy.document())));
        }
    }

    private Optional<String> boundary(Permissions permissions) {
        return permissions
                .boundary()
                .map(arn -> ManagedPolicies.peek(tables, arn)
                        .map(PolicyRecord::document)
                        .orElse(NOTHING));
    }

    @Override
    public Optional<Role> role(String roleArn) {
        return Arn.find(roleArn)
                .filter(arn -> arn.service().equals("iam") && arn.type().equals("role"))
                .flatMap(arn -> tables.roles().peek(Scope.global(arn.account()), Names.key(arn.name())))
                .filter(role -> role.arn().equals(roleArn))
                .map(role ->
                        new Role(role.account(), role.id(), role.path(), role.name(), role.trust(), role.maxSession()));
    }
}

package dev.terrane.testkit;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.identity.Credential;
import dev.terrane.kernel.identity.Identities;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Users and roles of a test of one service, held in memory, where IAM itself is not under test. */
public final class TestIdentities implements Identities {
    /** What everything is allowed with. */
    public static final String EVERYTHING =
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}";

    private final Map<String, Credential> keys = new ConcurrentHashMap<>();
    private final Map<String, Grants> grants = new ConcurrentHashMap<>();
    private final Map<String, Role> roles = new ConcurrentHashMap<>();
    private final Map<String, Credential> git = new ConcurrentHashMap<>();

    /** A new user with one policy, and an access key of its own. */
    public Credential user(String account, String name, String policy) {
        Principal.User user = new Principal.User(account, Ids.iam("AIDA"), "/", name);
        Credential credential = new Credential("AKIA" + Ids.iam("").substring(0, 16), Ids.alphanumeric(40), user);
        keys.put(credential.accessKeyId(), credential);
        grants.put(user.arn(), new Grants(List.of(new Named(name + "-policy", policy)), Optional.empty(), Map.of()));
        return credential;
    }

    /** A Git user name and password for a user. */
    public void gitCredential(String userName, String password, Principal principal) {
        git.put(userName, new Credential(userName, password, principal));
    }

    /** A role with one policy that a service may assume.
     *
     * @return its ARN
     */
    public String role(String account, String name, String service, String policy) {
        String trust = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\""
                + service + "\"},\"Action\":\"sts:AssumeRole\"}]}";
        String arn = Arn.iam(account, "role/" + name).toString();
        roles.put(arn, new Role(account, Ids.iam("AROA"), "/", name, trust, 3600));
        grants.put(arn, new Grants(List.of(new Named(name + "-policy", policy)), Optional.empty(), Map.of()));
        return arn;
    }

    /**
     * Trusts a service with a role only on behalf of some resources, as AWS advises against confused deputies.
     *
     * @param sourceArn a pattern of their ARNs
     */
    public void trust(String roleArn, String service, String sourceArn) {
        String account = Arn.parse(roleArn).account();
        String policy = """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"%s"},"Action":"sts:AssumeRole",
                 "Condition":{"ArnLike":{"aws:SourceArn":"%s"},"StringEquals":{"aws:SourceAccount":"%s"}}}]}""".formatted(service, sourceArn, account);
        roles.computeIfPresent(
                roleArn,
                (arn, role) -> new Role(
                        role.account(), role.roleId(), role.path(), role.name(), policy, role.maxSessionSeconds()));
    }

    /** Lets everybody in the role's own account assume it whose policies allow that, and nobody else. */
    public void trustAccount(String roleArn) {
        String policy = """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"%s"},"Action":"sts:AssumeRole"}]}""".formatted(Arn.parse(roleArn).account());
        roles.computeIfPresent(
                roleArn,
                (arn, role) -> new Role(
                        role.account(), role.roleId(), role.path(), role.name(), policy, role.maxSessionSeconds()));
    }

    @Override
    public Optional<Credential> accessKey(String accessKeyId) {
        return Optional.ofNullable(keys.get(accessKeyId));
    }

    @Override
    public Optional<Principal> gitCredential(String userName, String password) {
        return Optional.ofNullable(git.get(userName))
                .filter(known -> known.secret().equals(password))
                .map(Credential::principal);
    }

    @Override
    public Grants grants(Principal principal) {
        String arn = switch (principal) {
            case Principal.AssumedRole role -> role.roleArn();
            case Principal.FederatedUser session -> session.issuer().arn();
            default -> principal.arn();
        };
        return grants.getOrDefault(arn, Grants.NONE);
    }

    @Override
    public Optional<Role> role(String roleArn) {
        return Optional.ofNullable(roles.get(roleArn));
    }

    /** These users and roles, and beside them those of IAM, where IAM is among the services of a test. */
    Identities beside(Identities real) {
        TestIdentities own = this;
        return new Identities() {
            @Override
            public Optional<Credential> accessKey(String accessKeyId) {
                return own.accessKey(accessKeyId).or(() -> real.accessKey(accessKeyId));
            }

            @Override
            public void used(String accessKeyId, Instant time, String service, String region) {
                real.used(accessKeyId, time, service, region);
            }

            @Override
            public void tried(Principal principal, String action, String region, Instant time) {
                real.tried(principal, action, region, time);
            }

            @Override
            public Optional<Principal> gitCredential(String userName, String password) {
                return own.gitCredential(userName, password).or(() -> real.gitCredential(userName, password));
            }

            @Override
            public SecondFactor secondFactor(Principal principal, String serialNumber, String code, Instant time) {
                return real.secondFactor(principal, serialNumber, code, time);
            }

            @Override
            public Grants grants(Principal principal) {
                Grants known = own.grants(principal);
                return known.equals(Grants.NONE) ? real.grants(principal) : known;
            }

            @Override
            public Optional<Role> role(String roleArn) {
                return own.role(roleArn).or(() -> real.role(roleArn));
            }
        };
    }
}

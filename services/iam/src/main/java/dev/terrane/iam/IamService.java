package dev.terrane.iam;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.authorization.Requirement;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.identity.Credential;
import dev.terrane.kernel.identity.Identities;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.kernel.workflow.Workflow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.iam.IamClient;

/** AWS Identity and Access Management, and what the front door knows of callers. IAM is global: its records belong to no region. */
public final class IamService implements Service, Identities {
    private final IamTables tables;
    private final Principals principals;
    private final SecondFactors secondFactors;
    private final KeyUses uses;
    private final ServiceUses serviceUses;
    private final CredentialReports credentialReports;
    private final AccessWorkflow accessWorkflow;
    private final Threads threads;
    private final Iam iam;

    public IamService(Platform platform) {
        tables = new IamTables(platform.store());
        principals = new Principals(tables);
        secondFactors = new SecondFactors(platform.store(), tables);
        uses = new KeyUses(platform.store(), tables);
        threads = platform.threads();
        serviceUses = new ServiceUses(platform.store(), tables);
        credentialReports = new CredentialReports(tables, uses, platform.workflows());
        accessWorkflow = new AccessWorkflow(tables, serviceUses);
        Markers markers = new Markers(platform.pages());
        iam = new Iam(
                tables,
                uses,
                markers,
                credentialReports,
                new AccessAdvisor(tables, platform.workflows(), accessWorkflow, markers));
    }

    @Override
    public String name() {
        return "iam";
    }

    @Override
    public Class<IamClient> api() {
        return IamClient.class;
    }

    @Override
    public IamClient implementation() {
        return iam;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored")
    public void start() {
        threads.every("iam-key-uses", KeyUses.PERIOD, uses::flush);
        threads.every("iam-service-uses", KeyUses.PERIOD, serviceUses::flush);
    }

    @Override
    public Optional<Credential> accessKey(String accessKeyId) {
        return principals.accessKey(accessKeyId);
    }

    @Override
    public void used(String accessKeyId, Instant time, String service, String region) {
        uses.used(new AccessKeyUseRecord(accessKeyId, time, service, region));
    }

    @Override
    public void tried(Principal principal, String action, String region, Instant time) {
        serviceUses.tried(principal, action, region, time);
    }

    @Override
    public List<Workflow<?>> workflows() {
        return List.of(credentialReports, accessWorkflow);
    }

    @Override
    public Optional<Principal> gitCredential(String userName, String password) {
        return principals.gitCredential(userName, password);
    }

    @Override
    public SecondFactor secondFactor(Principal principal, String serialNumber, String code, Instant time) {
        return secondFactors.verify(principal, serialNumber, code, time);
    }

    @Override
    public Grants grants(Principal principal) {
        return principals.grants(principal);
    }

    @Override
    public Optional<Role> role(String roleArn) {
        return principals.role(roleArn);
    }

    @Override
    public Optional<String> resourceArn(Scope scope, String type, String name) {
        Scope account = Scope.global(scope.account());
        String key = Names.key(name);
        return switch (type) {
            case "user" -> tables.users().peek(account, key).map(Identity::arn);
            case "group" -> tables.groups().peek(account, key).map(Identity::arn);
            case "role" -> tables.roles().peek(account, key).map(Identity::arn);
            case "policy" -> tables.policies().peek(account, key).map(PolicyRecord::arn);
            case "instance-profile" -> tables.profiles().peek(account, key).map(InstanceProfileRecord::arn);
            case "server-certificate" ->
                tables.serverCertificates().peek(account, key).map(ServerCertificateRecord::arn);
            case "role-of-instance-profile" ->
                // Who launches with a profile passes the role that is in it, whatever its name.
                tables.profiles()
                        .peek(account, key)
                        .flatMap(InstanceProfileRecord::role)
                        .flatMap(role -> tables.roles().peek(account, Names.key(role)))
                        .map(Identity::arn);
            case "access-key" ->
                // What is done with a key is authorized on its user.
                tables.accessKeys()
                        .peek(Scope.INSTALLATION, name)
                        .filter(found -> found.account().equals(scope.account()))
                        .flatMap(found -> tables.users().peek(account, Names.key(found.user())))
                        .map(Identity::arn);
            default -> Optional.empty();
        };
    }

    @Override
    public List<ResourceType> resourceTypes() {
        return IamResources.ALL;
    }

    @Override
    public Map<String, String> resourceTags(String resourceArn) {
        return Arn.find(resourceArn).flatMap(this::tagged).map(Tagged::tags).orElse(Map.of());
    }

    /** The boundary that a user or role has: who may change only those that have one, cannot make himself more than it allows. */
    @Override
    public Map<String, List<String>> conditionKeys(String resourceArn, Requirement asked) {
        return Arn.find(resourceArn)
                .flatMap(this::bounded)
                .map(boundary -> Map.of("iam:PermissionsBoundary", List.of(boundary)))
                .orElse(Map.of());
    }

    private Optional<String> bounded(Arn arn) {
        Scope account = Scope.global(arn.account());
        String key = Names.key(arn.name());
        Optional<? extends Identity> holder = switch (arn.type()) {
            case "user" -> tables.users().peek(account, key);
            case "role" -> tables.roles().peek(account, key);
            default -> Optional.empty();
        };
        return holder.flatMap(found -> found.permissions().boundary());
    }

    private Optional<? extends Tagged> tagged(Arn arn) {
        Scope account = Scope.global(arn.account());
        String key = Names.key(arn.name());
        return switch (arn.type()) {
            case "user" -> tables.users().peek(account, key);
            case "role" -> tables.roles().peek(account, key);
            case "policy" -> tables.policies().peek(account, key);
            case "instance-profile" -> tables.profiles().peek(account, key);
            case "server-certificate" -> tables.serverCertificates().peek(account, key);
            case "mfa" ->
                MfaDeviceRecord.key(arn.account(), arn.toString())
                        .flatMap(found -> tables.mfaDevices().peek(account, found));
            case "saml-provider" -> tables.samlProviders().peek(account, key);
            case "oidc-provider" ->
                tables.oidcProviders().peek(account, arn.resource().substring(OidcProviderRecord.TYPE.length()));
            default -> Optional.empty();
        };
    }
}

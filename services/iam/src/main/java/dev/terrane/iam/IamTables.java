package dev.terrane.iam;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;

/** IAM's records. Users, groups, roles, profiles and policies belong to an account; keys are looked up before the account is known. */
final class IamTables {
    private static final Table<UserRecord> USERS = Table.of("iam.user", UserRecord.class, UserRecord::key);
    private static final Table<GroupRecord> GROUPS = Table.of("iam.group", GroupRecord.class, GroupRecord::key);
    private static final Table<RoleRecord> ROLES = Table.of("iam.role", RoleRecord.class, RoleRecord::key);
    private static final Table<InstanceProfileRecord> PROFILES =
            Table.of("iam.instance-profile", InstanceProfileRecord.class, p -> Names.key(p.name()));
    private static final Table<PolicyRecord> POLICIES =
            Table.of("iam.policy", PolicyRecord.class, p -> Names.key(p.name()));
    private static final Table<PolicyUseRecord> POLICY_USES =
            Table.of("iam.policy-use", PolicyUseRecord.class, PolicyUseRecord::arn);
    private static final Table<AttachmentRecord> ATTACHMENTS =
            Table.of("iam.attachment", AttachmentRecord.class, AttachmentRecord::key);
    private static final Table<MembershipRecord> MEMBERSHIPS =
            Table.of("iam.membership", MembershipRecord.class, MembershipRecord::key);
    private static final Table<AccessKeyRecord> ACCESS_KEYS =
            Table.of("iam.access-key", AccessKeyRecord.class, AccessKeyRecord::id);
    private static final Table<AccessKeyUseRecord> ACCESS_KEY_USES =
            Table.of("iam.access-key-use", AccessKeyUseRecord.class, AccessKeyUseRecord::id);
    private static final Table<GitCredentialRecord> GIT_CREDENTIALS =
            Table.of("iam.git-credential", GitCredentialRecord.class, GitCredentialRecord::serviceUserName);
    private static final Table<UserCredentialsRecord> USER_CREDENTIALS =
            Table.of("iam.user-credentials", UserCredentialsRecord.class, UserCredentialsRecord::userId);
    private static final Table<CredentialReportRecord> CREDENTIAL_REPORTS = Table.of(
                    "iam.credential-report", CredentialReportRecord.class, CredentialReportRecord::account)
            .uncached();
    private static final Table<ServiceUseRecord> SERVICE_USES = Table.of(
                    "iam.service-use", ServiceUseRecord.class, ServiceUseRecord::key)
            .uncached();
    private static final Table<AccessReportRecord> ACCESS_REPORTS = Table.of(
                    "iam.access-report", AccessReportRecord.class, AccessReportRecord::jobId)
            .uncached();
    private static final Table<MfaDeviceRecord> MFA_DEVICES =
            Table.of("iam.mfa-device", MfaDeviceRecord.class, MfaDeviceRecord::key);
    private static final Table<ServerCertificateRecord> SERVER_CERTIFICATES =
            Table.of("iam.server-certificate", ServerCertificateRecord.class, ServerCertificateRecord::key);
    private static final Table<LoginProfileRecord> LOGIN_PROFILES =
            Table.of("iam.login-profile", LoginProfileRecord.class, LoginProfileRecord::key);
    private static final Table<PasswordPolicyRecord> PASSWORD_POLICIES =
            Table.of("iam.password-policy", PasswordPolicyRecord.class, PasswordPolicyRecord::account);
    private static final Table<AccountRecord> ACCOUNTS =
            Table.of("iam.account", AccountRecord.class, AccountRecord::account);
    private static final Table<AliasRecord> ALIASES = Table.of("iam.alias", AliasRecord.class, AliasRecord::alias);
    private static final Table<OidcProviderRecord> OIDC_PROVIDERS =
            Table.of("iam.oidc-provider", OidcProviderRecord.class, OidcProviderRecord::url);
    private static final Table<SamlProviderRecord> SAML_PROVIDERS =
            Table.of("iam.saml-provider", SamlProviderRecord.class, p -> Names.key(p.name()));
    private static final Table<RoleDeletionRecord> ROLE_DELETIONS =
            Table.of("iam.role-deletion", RoleDeletionRecord.class, RoleDeletionRecord::taskId);

    private final Rows<UserRecord> users;
    private final Rows<GroupRecord> groups;
    private final Rows<RoleRecord> roles;
    private final Rows<InstanceProfileRecord> profiles;
    private final Rows<PolicyRecord> policies;
    private final Rows<PolicyUseRecord> policyUses;
    private final Rows<AttachmentRecord> attachments;
    private final Rows<MembershipRecord> memberships;
    private final Rows<AccessKeyRecord> accessKeys;
    private final Rows<AccessKeyUseRecord> accessKeyUses;
    private final Rows<GitCredentialRecord> gitCredentials;
    private final Rows<UserCredentialsRecord> userCredentials;
    private final Rows<CredentialReportRecord> credentialReports;
    private final Rows<ServiceUseRecord> serviceUses;
    private final Rows<AccessReportRecord> accessReports;
    private final Rows<MfaDeviceRecord> mfaDevices;
    private final Rows<ServerCertificateRecord> serverCertificates;
    private final Rows<LoginProfileRecord> loginProfiles;
    private final Rows<PasswordPolicyRecord> passwordPolicies;
    private final Rows<AccountRecord> accounts;
    private final Rows<AliasRecord> aliases;
    private final Rows<OidcProviderRecord> oidcProviders;
    private final Rows<SamlProviderRecord> samlProviders;
    private final Rows<RoleDeletionRecord> roleDeletions;

    IamTables(Store store) {
        users = store.rows(USERS);
        groups = store.rows(GROUPS);
        roles = store.rows(ROLES);
        profiles = store.rows(PROFILES);
        policies = store.rows(POLICIES);
        policyUses = store.rows(POLICY_USES);
        attachments = store.rows(ATTACHMENTS);
        memberships = store.rows(MEMBERSHIPS);
        accessKeys = store.rows(ACCESS_KEYS);
        accessKeyUses = store.rows(ACCESS_KEY_USES);
        gitCredentials = store.rows(GIT_CREDENTIALS);
        userCredentials = store.rows(USER_CREDENTIALS);
        credentialReports = store.rows(CREDENTIAL_REPORTS);
        serviceUses = store.rows(SERVICE_USES);
        accessReports = store.rows(ACCESS_REPORTS);
        mfaDevices = store.rows(MFA_DEVICES);
        serverCertificates = store.rows(SERVER_CERTIFICATES);
        loginProfiles = store.rows(LOGIN_PROFILES);
        passwordPolicies = store.rows(PASSWORD_POLICIES);
        accounts = store.rows(ACCOUNTS);
        aliases = store.rows(ALIASES);
        oidcProviders = store.rows(OIDC_PROVIDERS);
        samlProviders = store.rows(SAML_PROVIDERS);
        roleDeletions = store.rows(ROLE_DELETIONS);
    }

    Rows<UserRecord> users() {
        return users;
    }

    Rows<GroupRecord> groups() {
        return groups;
    }

    Rows<RoleRecord> roles() {
        return roles;
    }

    Rows<InstanceProfileRecord> profiles() {
        return profiles;
    }

    /** Policies of customers. */
    Rows<PolicyRecord> policies() {
        return policies;
    }

    Rows<PolicyUseRecord> policyUses() {
        return policyUses;
    }

    Rows<AttachmentRecord> attachments() {
        return attachments;
    }

    Rows<MembershipRecord> memberships() {
        return memberships;
    }

    /** Access keys of all accounts, in {@link Scope#INSTALLATION}. */
    Rows<AccessKeyRecord> accessKeys() {
        return accessKeys;
    }

    /** Their last use, in {@link Scope#INSTALLATION}. */
    Rows<AccessKeyUseRecord> accessKeyUses() {
        return accessKeyUses;
    }

    /** Git credentials of all accounts, in {@link Scope#INSTALLATION}. */
    Rows<GitCredentialRecord> gitCredentials() {
        return gitCredentials;
    }

    Rows<UserCredentialsRecord> userCredentials() {
        return userCredentials;
    }

    /** A user's further credentials, which may be none. */
    UserCredentialsRecord credentials(Scope scope, UserRecord user) {
        return userCredentials.get(scope, user.id()).orElseGet(() -> UserCredentialsRecord.none(user.id()));
    }

    Rows<CredentialReportRecord> credentialReports() {
        return credentialReports;
    }

    Rows<ServiceUseRecord> serviceUses() {
        return serviceUses;
    }

    Rows<AccessReportRecord> accessReports() {
        return accessReports;
    }

    Rows<MfaDeviceRecord> mfaDevices() {
        return mfaDevices;
    }

    Rows<ServerCertificateRecord> serverCertificates() {
        return serverCertificates;
    }

    Rows<LoginProfileRecord> loginProfiles() {
        return loginProfiles;
    }

    Rows<PasswordPolicyRecord> passwordPolicies() {
        return passwordPolicies;
    }

    Rows<AccountRecord> accounts() {
        return accounts;
    }

    /** Aliases of all accounts, in {@link Scope#INSTALLATION}. */
    Rows<AliasRecord> aliases() {
        return aliases;
    }

    Rows<OidcProviderRecord> oidcProviders() {
        return oidcProviders;
    }

    Rows<SamlProviderRecord> samlProviders() {
        return samlProviders;
    }

    Rows<RoleDeletionRecord> roleDeletions() {
        return roleDeletions;
    }

    /** @throws NoSuchEntityException when there is none */
    UserRecord user(Scope scope, String name) {
        return users.get(scope, Names.key(name)).orElseThrow(() -> Refusals.noSuch(Kind.USER, name));
    }

    /** @throws NoSuchEntityException when there is none */
    GroupRecord group(Scope scope, String name) {
        return groups.get(scope, Names.key(name)).orElseThrow(() -> Refusals.noSuch(Kind.GROUP, name));
    }

    /** @throws NoSuchEntityException when there is none */
    RoleRecord role(Scope scope, String name) {
        return roles.get(scope, Names.key(name)).orElseThrow(() -> Refusals.noSuch(Kind.ROLE, name));
    }

    /** A role that the customer may change.
     *
     * @throws NoSuchEntityException when there is none
     * @throws software.amazon.awssdk.services.iam.model.UnmodifiableEntityException when it belongs to a service
     */
    RoleRecord modifiableRole(Scope scope, String name) {
        RoleRecord role = role(scope, name);
        if (role.serviceLinked()) {
            throw Refusals.protectedRole(role.name());
        }
        return role;
    }

    /** @throws NoSuchEntityException when there is none */
    Identity identity(Scope scope, Kind kind, String name) {
        return switch (kind) {
            case USER -> user(scope, name);
            case GROUP -> group(scope, name);
            case ROLE -> role(scope, name);
        };
    }

    void put(Scope scope, Identity identity) {
        switch (identity) {
            case UserRecord user -> users.put(scope, user);
            case GroupRecord group -> groups.put(scope, group);
            case RoleRecord role -> roles.put(scope, role);
        }
    }

    /** @throws NoSuchEntityException when there is none */
    InstanceProfileRecord profile(Scope scope, String name) {
        return profiles.get(scope, Names.key(name))
                .orElseThrow(() -> Refusals.noSuchEntity("Instance Profile " + name + " cannot be found."));
    }

    PolicyUseRecord policyUse(Scope scope, String arn) {
        return policyUses.get(scope, arn).orElseGet(() -> new PolicyUseRecord(arn, 0, 0));
    }

    Optional<PolicyUseRecord> usesOf(Scope scope, String arn) {
        return policyUses.peek(scope, arn);
    }
}

package dev.terrane.iam;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.iam.model.*;

/** What IAM says of an account as a whole: its alias and its summary. */
final class Accounts {
    private final IamTables tables;

    Accounts(IamTables tables) {
        this.tables = tables;
    }

    CreateAccountAliasResponse createAlias(CreateAccountAliasRequest request) {
        Scope scope = Call.current().globalScope();
        String alias = request.accountAlias();
        if (tables.aliases().get(Scope.INSTALLATION, alias).isPresent()) {
            throw Refusals.alreadyExists("The account alias " + alias + " already exists.");
        }
        // An account has one alias: a new one takes the place of the old one.
        tables.accounts()
                .get(scope, scope.account())
                .ifPresent(old -> tables.aliases().delete(Scope.INSTALLATION, old.alias()));
        tables.aliases().put(Scope.INSTALLATION, new AliasRecord(alias, scope.account()));
        tables.accounts().put(scope, new AccountRecord(scope.account(), alias));
        return CreateAccountAliasResponse.builder().build();
    }

    DeleteAccountAliasResponse deleteAlias(DeleteAccountAliasRequest request) {
        Scope scope = Call.current().globalScope();
        boolean known = tables.accounts()
                .get(scope, scope.account())
                .filter(account -> account.alias().equals(request.accountAlias()))
                .isPresent();
        if (!known) {
            throw Refusals.noSuchEntity("The account alias " + request.accountAlias() + " cannot be found.");
        }
        tables.accounts().delete(scope, scope.account());
        tables.aliases().delete(Scope.INSTALLATION, request.accountAlias());
        return DeleteAccountAliasResponse.builder().build();
    }

    ListAccountAliasesResponse listAliases() {
        Scope scope = Call.current().globalScope();
        return ListAccountAliasesResponse.builder()
                .accountAliases(tables.accounts()
                        .get(scope, scope.account())
                        .map(account -> List.of(account.alias()))
                        .orElse(List.of()))
                .isTruncated(false)
                .build();
    }

    /** Counts and quotas ("IAM and AWS STS quotas"). */
    GetAccountSummaryResponse summary() {
        Scope scope = Call.current().globalScope();
        List<PolicyRecord> policies = tables.policies().all(scope);
        Map<SummaryKeyType, Integer> summary = new EnumMap<>(SummaryKeyType.class);
        summary.put(SummaryKeyType.USERS, tables.users().all(scope).size());
        summary.put(SummaryKeyType.USERS_QUOTA, 5_000);
        summary.put(SummaryKeyType.GROUPS, tables.groups().all(scope).size());
        summary.put(SummaryKeyType.GROUPS_QUOTA, 300);
        summary.put(SummaryKeyType.ROLES, tables.roles().all(scope).size());
        summary.put(SummaryKeyType.ROLES_QUOTA, 1_000);
        summary.put(
                SummaryKeyType.INSTANCE_PROFILES, tables.profiles().all(scope).size());
        summary.put(SummaryKeyType.INSTANCE_PROFILES_QUOTA, 1_000);
        summary.put(SummaryKeyType.POLICIES, policies.size());
        summary.put(SummaryKeyType.POLICIES_QUOTA, 1_500);
        summary.put(
                SummaryKeyType.POLICY_VERSIONS_IN_USE,
                policies.stream().mapToInt(p -> p.versions().size()).sum());
        summary.put(SummaryKeyType.POLICY_VERSIONS_IN_USE_QUOTA, 10_000);
        summary.put(SummaryKeyType.VERSIONS_PER_POLICY_QUOTA, 5);
        summary.put(SummaryKeyType.POLICY_SIZE_QUOTA, 6_144);
        summary.put(SummaryKeyType.USER_POLICY_SIZE_QUOTA, Kind.USER.inlineLimit());
        summary.put(SummaryKeyType.GROUP_POLICY_SIZE_QUOTA, Kind.GROUP.inlineLimit());
        summary.put(SummaryKeyType.ROLE_POLICY_SIZE_QUOTA, Kind.ROLE.inlineLimit());
        summary.put(SummaryKeyType.ASSUME_ROLE_POLICY_SIZE_QUOTA, 2_048);
        summary.put(SummaryKeyType.GROUPS_PER_USER_QUOTA, 10);
        summary.put(SummaryKeyType.ACCESS_KEYS_PER_USER_QUOTA, 2);
        summary.put(SummaryKeyType.SIGNING_CERTIFICATES_PER_USER_QUOTA, 2);
        summary.put(SummaryKeyType.ATTACHED_POLICIES_PER_USER_QUOTA, 10);
        summary.put(SummaryKeyType.ATTACHED_POLICIES_PER_GROUP_QUOTA, 10);
        summary.put(SummaryKeyType.ATTACHED_POLICIES_PER_ROLE_QUOTA, 10);
        summary.put(
                SummaryKeyType.SERVER_CERTIFICATES,
                tables.serverCertificates().all(scope).size());
        summary.put(SummaryKeyType.SERVER_CERTIFICATES_QUOTA, ServerCertificates.MOST);
        summary.put(
                SummaryKeyType.PROVIDERS,
                tables.oidcProviders().all(scope).size()
                        + tables.samlProviders().all(scope).size());
        List<MfaDeviceRecord> devices = tables.mfaDevices().all(scope);
        summary.put(SummaryKeyType.MFA_DEVICES, devices.size());
        summary.put(SummaryKeyType.MFA_DEVICES_IN_USE, (int)
                devices.stream().filter(d -> d.assignment().isPresent()).count());
        summary.put(SummaryKeyType.ACCOUNT_MFA_ENABLED, 0);
        summary.put(SummaryKeyType.ACCOUNT_ACCESS_KEYS_PRESENT, 0);
        summary.put(SummaryKeyType.ACCOUNT_PASSWORD_PRESENT, 0);
        summary.put(SummaryKeyType.ACCOUNT_SIGNING_CERTIFICATES_PRESENT, 0);
        summary.put(SummaryKeyType.GLOBAL_ENDPOINT_TOKEN_VERSION, 1);
        return GetAccountSummaryResponse.builder().summaryMap(summary).build();
    }
}

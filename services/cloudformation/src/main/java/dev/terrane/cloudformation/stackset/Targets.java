package dev.terrane.cloudformation.stackset;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.model.AccountFilterType;
import software.amazon.awssdk.services.cloudformation.model.DeploymentTargets;
import software.amazon.awssdk.services.cloudformation.model.LimitExceededException;

/** The accounts and regions that a request names. */
final class Targets {
    /** How many instances a set may have. */
    static final int MOST = 2_000;

    /** Any region that the SDK knows can be signed for, and each exists as soon as it is used. */
    private static final Set<String> REGIONS = Region.regions().stream()
            .filter(region -> !region.isGlobalRegion())
            .filter(region -> Objects.equals(region.metadata().partition().id(), "aws"))
            .map(Region::id)
            .collect(Collectors.toUnmodifiableSet());

    private final SetTemplates files;

    Targets(SetTemplates files) {
        this.files = files;
    }

    static void checkRegions(List<String> regions) {
        List<String> unknown =
                regions.stream().filter(region -> !REGIONS.contains(region)).toList();
        if (!unknown.isEmpty()) {
            throw Refusals.invalid("Regions " + unknown + " are not supported");
        }
    }

    /** Each account in each region. */
    List<Target> of(List<String> accounts, @Nullable DeploymentTargets deployment, List<String> regions) {
        if (!accounts.isEmpty() && deployment != null) {
            throw Refusals.invalid("You can specify Accounts or DeploymentTargets, but not both.");
        }
        Set<String> all = new LinkedHashSet<>(deployment == null ? accounts : accounts(deployment));
        if (all.isEmpty() || regions.isEmpty()) {
            throw Refusals.invalid("Accounts and Regions must be specified.");
        }
        checkRegions(regions);
        if ((long) all.size() * regions.size() > MOST) {
            throw LimitExceededException.builder()
                    .message("The operation is about more than " + MOST + " stack instances")
                    .build();
        }
        List<Target> targets = new ArrayList<>();
        for (String region : new LinkedHashSet<>(regions)) {
            all.forEach(account -> targets.add(new Target(account, region)));
        }
        return targets;
    }

    private Set<String> accounts(DeploymentTargets deployment) {
        if (!deployment.organizationalUnitIds().isEmpty()) {
            throw Refusals.noOrganizations("DeploymentTargets/OrganizationalUnitIds");
        }
        if (deployment.accountFilterType() != null && deployment.accountFilterType() != AccountFilterType.NONE) {
            throw Refusals.noOrganizations("DeploymentTargets/AccountFilterType");
        }
        Set<String> accounts = new LinkedHashSet<>(deployment.accounts());
        if (deployment.accountsUrl() != null) {
            for (String account : files.file(deployment.accountsUrl()).strip().split("[\\s,]+", -1)) {
                if (!account.matches("[0-9]{12}")) {
                    throw Refusals.invalid("AccountsUrl must contain account ids");
                }
                accounts.add(account);
            }
        }
        return accounts;
    }
}

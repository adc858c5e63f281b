package dev.terrane.cloudformation.stackset;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudformation.model.ConcurrencyMode;
import software.amazon.awssdk.services.cloudformation.model.RegionConcurrencyType;
import software.amazon.awssdk.services.cloudformation.model.StackSetOperationPreferences;

/**
 * How an operation goes through accounts and regions.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-concepts.html#stackset-ops-options">StackSet operation options</a>
 */
final class Preferences {
    private final StackSetOperationPreferences given;

    Preferences(StackSetOperationPreferences given) {
        this.given = given;
    }

    /** Those of a request, held against each other. */
    static StackSetOperationPreferences checked(@Nullable StackSetOperationPreferences asked) {
        if (asked == null) {
            return StackSetOperationPreferences.builder().build();
        }
        if (asked.failureToleranceCount() != null && asked.failureTolerancePercentage() != null) {
            throw Refusals.invalid(
                    "You must specify either FailureToleranceCount or FailureTolerancePercentage, but not both");
        }
        if (asked.maxConcurrentCount() != null && asked.maxConcurrentPercentage() != null) {
            throw Refusals.invalid(
                    "You must specify either MaxConcurrentCount or MaxConcurrentPercentage, but not both");
        }
        Targets.checkRegions(asked.regionOrder());
        return asked;
    }

    /** Whether all regions are worked on at once. */
    boolean parallel() {
        return given.regionConcurrencyType() == RegionConcurrencyType.PARALLEL;
    }

    /** Regions in the order in which they are worked on: those that the preferences name first. */
    List<String> ordered(List<String> regions) {
        Set<String> ordered = new LinkedHashSet<>(given.regionOrder());
        ordered.retainAll(Set.copyOf(regions));
        ordered.addAll(regions);
        return new ArrayList<>(ordered);
    }

    /** In how many of a region's accounts the operation may fail. */
    int tolerance(int accounts) {
        if (given.failureTolerancePercentage() != null) {
            return accounts * given.failureTolerancePercentage() / 100;
        }
        return given.failureToleranceCount() == null ? 0 : given.failureToleranceCount();
    }

    /**
     * In how many of a region's accounts at once the operation goes on. With strict tolerance, so many that not more than one too many can fail.
     *
     * @param failed in how many it has failed
     */
    int width(int accounts, int failed) {
        int most = most(accounts);
        return given.concurrencyMode() == ConcurrencyMode.SOFT_FAILURE_TOLERANCE
                ? most
                : (int) Math.min(most, Math.max(1L, tolerance(accounts) + 1L - failed));
    }

    private int most(int accounts) {
        if (given.maxConcurrentPercentage() != null) {
            return Math.max(1, accounts * given.maxConcurrentPercentage() / 100);
        }
        return given.maxConcurrentCount() == null ? 1 : given.maxConcurrentCount();
    }
}

package dev.terrane.codedeploy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.codedeploy.model.DeploymentOverview;

/** How far the instances of a deployment are. */
record Counts(Set<String> pending, int inProgress, int succeeded, int failed, int skipped) {
    Counts {
        pending = Set.copyOf(pending);
    }

    static Counts of(List<TargetRecord> targets) {
        Set<String> pending = new HashSet<>();
        int inProgress = 0;
        int succeeded = 0;
        int failed = 0;
        int skipped = 0;
        for (TargetRecord target : targets) {
            switch (target.status()) {
                case PENDING, UNKNOWN, UNKNOWN_TO_SDK_VERSION -> pending.add(target.instanceId());
                case IN_PROGRESS, READY -> inProgress++;
                case SUCCEEDED -> succeeded++;
                case FAILED -> failed++;
                case SKIPPED -> skipped++;
            }
        }
        return new Counts(pending, inProgress, succeeded, failed, skipped);
    }

    DeploymentOverview overview() {
        return DeploymentOverview.builder()
                .pending((long) pending.size())
                .inProgress((long) inProgress)
                .succeeded((long) succeeded)
                .failed((long) failed)
                .skipped((long) skipped)
                .ready(0L)
                .build();
    }
}

package dev.terrane.kernel.authorization;

import dev.terrane.kernel.arn.Arn;
import java.util.List;
import java.util.Optional;

/** Cloud Control API: its actions are CloudFormation's. The reference has no resource for them; AWS's denials name all that there are. */
final class CloudControlOverlay implements Overlay {
    @Override
    public Optional<List<String>> resources(String action, Asked asked) {
        return Optional.of(List.of(
                Arn.of("cloudformation", asked.scope().region(), asked.scope().account(), "resource/*")
                        .toString()));
    }
}

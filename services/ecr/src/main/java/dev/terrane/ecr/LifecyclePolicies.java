package dev.terrane.ecr;

import dev.terrane.ecr.EcrTables.Placed;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.ecr.model.*;

/** Lifecycle policies of repositories. They are kept; none has been run, because there is no image that it could expire. */
final class LifecyclePolicies {
    /** When a policy was last run that never was, as AWS gives it. */
    private static final Instant NEVER = Instant.EPOCH;

    private final EcrTables tables;

    LifecyclePolicies(EcrTables tables) {
        this.tables = tables;
    }

    PutLifecyclePolicyResponse put(PutLifecyclePolicyRequest request) {
        Placed found = tables.require(request.registryId(), request.repositoryName());
        LifecycleRules.check(request.lifecyclePolicyText());
        tables.put(found.scope(), found.repository().withLifecyclePolicy(Optional.of(request.lifecyclePolicyText())));
        return PutLifecyclePolicyResponse.builder()
                .registryId(found.registry())
                .repositoryName(found.name())
                .lifecyclePolicyText(request.lifecyclePolicyText())
                .build();
    }

    GetLifecyclePolicyResponse get(GetLifecyclePolicyRequest request) {
        Placed found = tables.require(request.registryId(), request.repositoryName());
        return GetLifecyclePolicyResponse.builder()
                .registryId(found.registry())
                .repositoryName(found.name())
                .lifecyclePolicyText(policy(found))
                .lastEvaluatedAt(NEVER)
                .build();
    }

    private static String policy(Placed found) {
        return found.repository()
                .lifecyclePolicy()
                .orElseThrow(() -> Refusals.withoutLifecyclePolicy(found.registry(), found.name()));
    }

    DeleteLifecyclePolicyResponse delete(DeleteLifecyclePolicyRequest request) {
        Placed found = tables.require(request.registryId(), request.repositoryName());
        String policy = policy(found);
        tables.put(found.scope(), found.repository().withLifecyclePolicy(Optional.empty()));
        return DeleteLifecyclePolicyResponse.builder()
                .registryId(found.registry())
                .repositoryName(found.name())
                .lifecyclePolicyText(policy)
                .lastEvaluatedAt(NEVER)
                .build();
    }
}

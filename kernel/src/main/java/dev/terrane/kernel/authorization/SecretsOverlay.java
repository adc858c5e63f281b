package dev.terrane.kernel.authorization;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.authorization.ServiceFacts.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Secrets Manager: a secret's ARN ends in six random characters, which policies write as {@code -??????}. */
final class SecretsOverlay implements Overlay {
    @Override
    public Optional<List<String>> resources(String action, ResourceType type, Asked asked) {
        List<String> names = new ArrayList<>(asked.members().texts("secretid"));
        names.addAll(asked.members().texts("secretidlist"));
        if (asked.operation().equals("CreateSecret")) {
            names.addAll(asked.members().texts("name"));
        }
        return Optional.of(names.stream()
                .map(name -> asked.names()
                        .find("secretsmanager", "Secret", name)
                        .orElseGet(() -> Arn.isArn(name) ? name : type.arn().fillLast(asked.scope(), name + "-??????")))
                .toList());
    }
}

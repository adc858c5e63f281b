package dev.terrane.kernel.authorization;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.authorization.ServiceFacts.ResourceType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** ECR: a repository may be another account's registry's; who lists what refers to an image needs the right to get it, by the API reference. */
final class EcrOverlay implements Overlay {
    @Override
    public List<String> actions(String operation) {
        return List.of(operation.equals("ListImageReferrers") ? "BatchGetImage" : operation);
    }

    @Override
    public Optional<List<String>> resources(String action, ResourceType type, Asked asked) {
        return asked.text("registryid").map(registry -> {
            List<String> names = Stream.of("repositoryname", "repositorynames")
                    .flatMap(member -> asked.members().texts(member).stream())
                    .toList();
            return (names.isEmpty() ? List.of("*") : names)
                    .stream()
                            .map(name -> new Arn(
                                            asked.scope().partition(),
                                            "ecr",
                                            asked.scope().region(),
                                            registry,
                                            "repository/" + name)
                                    .toString())
                            .toList();
        });
    }
}

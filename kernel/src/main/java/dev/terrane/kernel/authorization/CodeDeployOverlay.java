package dev.terrane.kernel.authorization;

import dev.terrane.kernel.authorization.ServiceFacts.ResourceType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** CodeDeploy: a deployment belongs to a group that the request doesn't name. */
final class CodeDeployOverlay implements Overlay {
    @Override
    public Optional<List<String>> resources(String action, ResourceType type, Asked asked) {
        if (!type.name().equals("deploymentgroup")) {
            return Optional.empty();
        }
        List<String> ids = asked.has("deploymentid")
                ? asked.members().texts("deploymentid")
                : asked.members().texts("deploymentids");
        List<String> known = ids.stream()
                .flatMap(id -> asked.names().find("codedeploy", "deployment", id).stream())
                .distinct()
                .toList();
        if (!known.isEmpty()) {
            return Optional.of(known);
        }
        String application = asked.text("applicationname").orElse("*");
        List<String> groups = asked.has("deploymentgroupname")
                ? asked.members().texts("deploymentgroupname")
                : asked.has("currentdeploymentgroupname")
                        ? asked.members().texts("currentdeploymentgroupname")
                        : asked.members().texts("deploymentgroupnames");
        if (groups.isEmpty()) {
            return application.equals("*")
                    ? Optional.of(List.of())
                    : Optional.of(List.of(fill(type, application, "*", asked)));
        }
        return Optional.of(groups.stream()
                .map(group -> fill(type, application, group, asked))
                .toList());
    }

    private static String fill(ResourceType type, String application, String group, Asked asked) {
        return type.arn().fill(asked.scope(), Map.of("ApplicationName", application, "DeploymentGroupName", group));
    }
}

package dev.terrane.kernel.authorization;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.authorization.ServiceFacts.ResourceType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * CloudFormation: a stack goes by its name or its ARN, a change set may go by its ARN alone, a stack set by its name or its id, a refactor by the ARNs of its stacks.
 */
final class CloudFormationOverlay implements Overlay {
    private static final Map<String, String> KEYS = Map.of(
            "rolearn", "cloudformation:RoleArn",
            "templateurl", "cloudformation:TemplateUrl",
            "stackpolicyurl", "cloudformation:StackPolicyUrl",
            "changesetname", "cloudformation:ChangeSetName");

    @Override
    public Optional<List<String>> resources(String action, ResourceType type, Asked asked) {
        Optional<String> set = asked.text("stacksetname");
        if (type.name().equals("stackset")) {
            return Optional.of(set.map(name -> stackSet(asked, name)).stream().toList());
        }
        if (type.name().equals("stackset-target") || (type.name().equals("type") && set.isPresent())) {
            return Optional.of(List.of());
        }
        if (!type.name().equals("stack")) {
            return Optional.empty();
        }
        Optional<String> refactor = asked.text("stackrefactorid");
        if (refactor.isPresent()) {
            return Optional.of(refactor.flatMap(id -> asked.names().find("cloudformation", "stackrefactor", id))
                    .map(arns -> List.of(arns.split(" ")))
                    .orElse(List.of()));
        }
        if (asked.operation().equals("CreateStackRefactor")) {
            return Optional.of(asked.members().nestedTexts("stackname").stream()
                    .map(name -> stack(asked, name))
                    .distinct()
                    .toList());
        }
        Optional<String> changeSet = asked.text("changesetname")
                .filter(Arn::isArn)
                .flatMap(arn -> asked.names().find("cloudformation", "changeset", arn));
        if (changeSet.isPresent()) {
            return Optional.of(List.of(changeSet.get()));
        }
        Optional<String> physical =
                asked.text("physicalresourceid").flatMap(id -> asked.names().find("cloudformation", "resource", id));
        if (physical.isPresent()) {
            return Optional.of(List.of(physical.get()));
        }
        return Optional.of(
                asked.text("stackname").map(name -> stack(asked, name)).stream().toList());
    }

    private static String stack(Asked asked, String name) {
        return Arn.isArn(name)
                ? name
                : asked.names().find("cloudformation", "stack", name).orElseGet(() -> unmade(asked, name));
    }

    /** A stack that is not there yet has no id: policies name it by its name and a star. */
    private static String unmade(Asked asked, String name) {
        return Arn.of("cloudformation", asked.scope().region(), asked.scope().account(), "stack/" + name + "/*")
                .toString();
    }

    /** One that is not there has no id: policies name it by its name and a star. */
    private static String stackSet(Asked asked, String name) {
        return asked.names()
                .find("cloudformation", "stackset", name)
                .orElseGet(() -> Arn.of(
                                "cloudformation",
                                asked.scope().region(),
                                asked.scope().account(),
                                "stackset/" + (name.indexOf(':') < 0 ? name + ":*" : name))
                        .toString());
    }

    @Override
    public Map<String, List<String>> conditions(Asked asked) {
        Map<String, List<String>> keys = new HashMap<>();
        KEYS.forEach((member, key) -> asked.text(member).ifPresent(value -> keys.put(key, List.of(value))));
        if (asked.has("stacksetname") && asked.has("regions")) {
            keys.put("cloudformation:TargetRegion", asked.members().texts("regions"));
        }
        List<String> types = asked.members().texts("resourcetypes");
        if (!types.isEmpty()) {
            keys.put("cloudformation:ResourceTypes", types);
        }
        return keys;
    }
}

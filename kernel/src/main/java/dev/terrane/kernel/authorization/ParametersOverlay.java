package dev.terrane.kernel.authorization;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.authorization.ServiceFacts.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Systems Manager: a parameter's ARN has its name without the leading slash, and a name may select a version or label. */
final class ParametersOverlay implements Overlay {
    @Override
    public Optional<List<String>> resources(String action, ResourceType type, Asked asked) {
        Optional<String> tagged =
                asked.text("resourcetype").filter(kind -> asked.operation().contains("Tags"));
        if (tagged.isPresent() && !isOf(tagged.get(), type)) {
            return Optional.of(List.of());
        }
        return switch (type.name()) {
            case "parameter" -> parameters(type, asked);
            case "document" ->
                asked.text("documentname")
                        .or(() -> asked.text("name"))
                        .map(name -> List.of(Arn.isArn(name) ? name : type.arn().fillLast(asked.scope(), name)));
            case "maintenancewindow" ->
                asked.text("windowid").map(id -> List.of(type.arn().fillLast(asked.scope(), id)));
            case "patchbaseline" ->
                asked.text("baselineid")
                        .map(id -> List.of(Arn.isArn(id) ? id : type.arn().fillLast(asked.scope(), id)));
            default -> Optional.empty();
        };
    }

    /** Requests about tags say of which kind the resource is: {@code MaintenanceWindow} is a {@code maintenancewindow}. */
    private static boolean isOf(String kind, ResourceType type) {
        String plain = ArnTemplate.plain(kind);
        return ArnTemplate.plain(type.name()).startsWith(plain);
    }

    private static Optional<List<String>> parameters(ResourceType type, Asked asked) {
        List<String> names = new ArrayList<>();
        if (asked.text("resourcetype").map("Parameter"::equals).orElse(false)) {
            names.addAll(asked.members().texts("resourceid"));
        }
        if (asked.operation().contains("Parameter")) {
            names.addAll(asked.members().texts("name"));
            names.addAll(asked.members().texts("names"));
            names.addAll(asked.members().texts("path"));
        }
        return Optional.of(
                names.stream().map(name -> arn(name, type, asked)).distinct().toList());
    }

    private static String arn(String name, ResourceType type, Asked asked) {
        if (Arn.isArn(name)) {
            Arn arn = Arn.parse(name);
            int selector = arn.resource().indexOf(':');
            return selector < 0
                    ? name
                    : new Arn(
                                    arn.partition(),
                                    arn.service(),
                                    arn.region(),
                                    arn.account(),
                                    arn.resource().substring(0, selector))
                            .toString();
        }
        int selector = name.indexOf(':');
        String bare = selector < 0 ? name : name.substring(0, selector);
        // AWS's public parameters belong to no account.
        ResourceScope scope = bare.startsWith("/aws/service/")
                ? new ResourceScope(asked.scope().partition(), asked.scope().region(), "")
                : asked.scope();
        return type.arn().fillLast(scope, bare.startsWith("/") ? bare.substring(1) : bare);
    }
}

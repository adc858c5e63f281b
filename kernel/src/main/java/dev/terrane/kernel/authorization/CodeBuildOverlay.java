package dev.terrane.kernel.authorization;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.authorization.ServiceFacts.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** CodeBuild: builds, batches and sandboxes are named by {@code PROJECT:ID}, and their project is what is authorized. */
final class CodeBuildOverlay implements Overlay {
    @Override
    public Optional<List<String>> resources(String action, ResourceType type, Asked asked) {
        return switch (type.name()) {
            case "project" -> Optional.of(projects(type, asked));
            case "report-group" -> Optional.of(reportGroups(type, asked));
            default -> Optional.empty();
        };
    }

    private static List<String> projects(ResourceType type, Asked asked) {
        List<String> names = new ArrayList<>();
        for (String member :
                List.of("projectname", "projectnames", "projectarn", "id", "ids", "sandboxid", "sandboxids")) {
            names.addAll(asked.members().texts(member));
        }
        if (asked.operation().contains("Project")) {
            names.addAll(asked.members().texts("name"));
            names.addAll(asked.members().texts("names"));
        }
        names.addAll(asked.members().all().stream().filter(type.arn()::matches).toList());
        return names.stream()
                .map(name -> {
                    if (type.arn().matches(name)) {
                        return name;
                    }
                    String id = Arn.find(name)
                            .map(arn -> arn.resource().substring(arn.resource().indexOf('/') + 1))
                            .orElse(name);
                    int colon = id.indexOf(':');
                    return type.arn().fillLast(asked.scope(), colon < 0 ? id : id.substring(0, colon));
                })
                .distinct()
                .toList();
    }

    private static List<String> reportGroups(ResourceType type, Asked asked) {
        List<String> found = new ArrayList<>();
        if (asked.operation().contains("ReportGroup")) {
            asked.members().texts("name").forEach(name -> found.add(type.arn().fillLast(asked.scope(), name)));
        }
        for (String text : asked.members().all()) {
            if (type.arn().matches(text)) {
                found.add(text);
            } else {
                // A report's ARN is its group's name and an id.
                Arn.find(text)
                        .filter(arn -> arn.service().equals("codebuild")
                                && arn.resource().startsWith("report/"))
                        .ifPresent(arn -> {
                            String report = arn.resource().substring("report/".length());
                            int colon = report.indexOf(':');
                            found.add(new Arn(
                                            arn.partition(),
                                            arn.service(),
                                            arn.region(),
                                            arn.account(),
                                            "report-group/" + (colon < 0 ? report : report.substring(0, colon)))
                                    .toString());
                        });
            }
        }
        return found;
    }
}

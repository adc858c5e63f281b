package dev.terrane.kernel.authorization;

import dev.terrane.kernel.authorization.ServiceFacts.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** CodeCommit: pull requests and comments belong to a repository that the request may not name; branches can be protected. */
final class CodeCommitOverlay implements Overlay {
    @Override
    public Optional<List<String>> resources(String action, ResourceType type, Asked asked) {
        if (asked.has("repositoryname") || asked.has("repositorynames")) {
            return Optional.empty();
        }
        if (asked.operation().equals("UpdateRepositoryName")) {
            return asked.text("oldname").map(name -> List.of(type.arn().fillLast(asked.scope(), name)));
        }
        for (Map.Entry<String, String> member :
                Map.of("pullrequestid", "pull-request", "commentid", "comment").entrySet()) {
            Optional<String> repository =
                    asked.text(member.getKey()).flatMap(id -> asked.names().find("codecommit", member.getValue(), id));
            if (repository.isPresent()) {
                return repository.map(List::of);
            }
        }
        return Optional.empty();
    }

    /** "Limit pushes and merges to branches": the branch that the request changes, as a reference. */
    @Override
    public Map<String, List<String>> conditions(Asked asked) {
        List<String> branches = new ArrayList<>();
        String operation = asked.operation();
        if (operation.startsWith("Merge") || operation.equals("CreateUnreferencedMergeCommit")) {
            asked.text("targetbranch")
                    .or(() -> asked.text("destinationcommitspecifier"))
                    .ifPresent(branches::add);
        } else if (!operation.startsWith("Get") && !operation.startsWith("List") && !operation.startsWith("Describe")) {
            asked.text("branchname").ifPresent(branches::add);
        }
        return branches.isEmpty()
                ? Map.of()
                : Map.of(
                        "codecommit:References",
                        branches.stream()
                                .map(b -> b.startsWith("refs/") ? b : "refs/heads/" + b)
                                .toList());
    }
}

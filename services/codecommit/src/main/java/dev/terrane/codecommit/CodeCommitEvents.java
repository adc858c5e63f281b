package dev.terrane.codecommit;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.event.Events;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What CodeCommit tells EventBridge. See "Monitoring CodeCommit events in Amazon EventBridge". */
final class CodeCommitEvents {
    private static final String SOURCE = "aws.codecommit";
    private final Events events;

    CodeCommitEvents(Events events) {
        this.events = events;
    }

    /** A branch, tag or other reference was made, moved or deleted. */
    void referenceChanged(Scope scope, RepositoryRecord repository, RefChange change) {
        String event =
                change.creates() ? "referenceCreated" : change.deletes() ? "referenceDeleted" : "referenceUpdated";
        boolean tag = change.name().startsWith(RefRecord.TAGS);
        String shortName = tag
                ? change.name().substring(RefRecord.TAGS.length())
                : change.branch().isEmpty() ? change.name() : change.branch();
        Map<String, String> detail = new LinkedHashMap<>();
        detail.put("callerUserArn", Call.current().principal().arn());
        detail.put("event", event);
        detail.put("repositoryName", repository.name());
        detail.put("repositoryId", repository.repositoryId());
        detail.put("referenceType", tag ? "tag" : "branch");
        detail.put("referenceName", shortName);
        detail.put("referenceFullName", change.name());
        if (!change.creates()) {
            detail.put("oldCommitId", change.from().name());
        }
        if (!change.deletes()) {
            detail.put("commitId", change.to().name());
        }
        events.emit(
                SOURCE,
                "CodeCommit Repository State Change",
                List.of(Repositories.arn(scope, repository.name())),
                detail);
    }
}

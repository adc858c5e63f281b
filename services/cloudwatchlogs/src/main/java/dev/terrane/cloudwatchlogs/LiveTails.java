package dev.terrane.cloudwatchlogs;

import static dev.terrane.cloudwatchlogs.LogErrors.invalid;
import static dev.terrane.cloudwatchlogs.LogErrors.notFound;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsAsyncClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.LimitExceededException;
import software.amazon.awssdk.services.cloudwatchlogs.model.StartLiveTailRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.StartLiveTailResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.StartLiveTailResponseHandler;
import software.amazon.awssdk.services.cloudwatchlogs.model.StartLiveTailResponseStream;

/**
 * StartLiveTail: who is connected is told what comes in from then on.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs_LiveTail.html">Live Tail</a>
 */
final class LiveTails implements CloudWatchLogsAsyncClient {
    /** AWS's quota for an account in a region. */
    private static final int MOST_SESSIONS = 15;

    private final LogTables tables;
    private final Clock clock;
    private final Set<LiveTailSession> sessions = ConcurrentHashMap.newKeySet();

    LiveTails(LogTables tables, Clock clock) {
        this.tables = tables;
        this.clock = clock;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    /** Returns when the session has ended. */
    @Override
    public CompletableFuture<Void> startLiveTail(StartLiveTailRequest request, StartLiveTailResponseHandler handler) {
        LiveTailSession session = open(request);
        try {
            handler.responseReceived(StartLiveTailResponse.builder().build());
            handler.onEventStream(SdkPublisher.<StartLiveTailResponseStream>adapt(session));
            handler.complete();
        } finally {
            sessions.remove(session);
        }
        return CompletableFuture.completedFuture(null);
    }

    private LiveTailSession open(StartLiveTailRequest request) {
        boolean oneGroup = request.logGroupIdentifiers().size() == 1;
        if (!oneGroup && (request.hasLogStreamNames() || request.hasLogStreamNamePrefixes())) {
            throw invalid("Log streams can be specified only if exactly one log group is specified.");
        }
        if (!request.logStreamNames().isEmpty()
                && !request.logStreamNamePrefixes().isEmpty()) {
            throw invalid("logStreamNames and logStreamNamePrefixes cannot be specified together.");
        }
        Scope scope = Call.current().scope();
        LiveTailSession session =
                new LiveTailSession(scope, groups(scope, request.logGroupIdentifiers()), request, clock);
        synchronized (sessions) {
            if (sessions.stream().filter(other -> other.scope().equals(scope)).count() >= MOST_SESSIONS) {
                throw LimitExceededException.builder()
                        .message("There are " + MOST_SESSIONS
                                + " Live Tail sessions already, the most that an account can have.")
                        .build();
            }
            sessions.add(session);
        }
        return session;
    }

    /** Groups by their ARNs: the names that events carry, by the groups' ids. */
    private Map<String, String> groups(Scope scope, List<String> identifiers) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String identifier : identifiers) {
            Arn arn = Arn.find(identifier)
                    .filter(a -> !identifier.endsWith("*"))
                    .orElseThrow(() -> invalid("The log group identifier " + identifier
                            + " is not the ARN of a log group, or ends with an asterisk."));
            String name = LogGroups.named(arn, scope).orElseThrow(() -> notFound("log group"));
            GroupRecord group = tables.peekGroup(scope, name).orElseThrow(() -> notFound("log group"));
            names.put(group.id(), scope.account() + ":" + name);
        }
        return names;
    }

    /** Tells those who listen of events that are stored. */
    void observe(GroupRecord group, StreamRecord stream, List<InputLogEvent> events, long ingested) {
        for (LiveTailSession session : sessions) {
            session.offer(group.id(), stream.name(), events, ingested);
        }
    }
}

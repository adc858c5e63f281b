package dev.terrane.sqs;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.service.Platform.Endpoint;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.CreateQueueRequest;
import software.amazon.awssdk.services.sqs.model.CreateQueueResponse;
import software.amazon.awssdk.services.sqs.model.DeleteQueueRequest;
import software.amazon.awssdk.services.sqs.model.DeleteQueueResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlResponse;
import software.amazon.awssdk.services.sqs.model.ListDeadLetterSourceQueuesRequest;
import software.amazon.awssdk.services.sqs.model.ListDeadLetterSourceQueuesResponse;
import software.amazon.awssdk.services.sqs.model.ListQueuesRequest;
import software.amazon.awssdk.services.sqs.model.ListQueuesResponse;
import software.amazon.awssdk.services.sqs.model.PurgeQueueInProgressException;
import software.amazon.awssdk.services.sqs.model.PurgeQueueRequest;
import software.amazon.awssdk.services.sqs.model.PurgeQueueResponse;
import software.amazon.awssdk.services.sqs.model.QueueDeletedRecentlyException;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;

/** Queues: making, finding, listing, purging, deleting. */
final class Queues {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,80}|[A-Za-z0-9_-]{1,75}\\.fifo");
    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
    private static final int PAGE = 1000;
    private static final Duration MINUTE = Duration.ofSeconds(60);

    private final SqsTables tables;
    private final Backlogs backlogs;
    private final Clock clock;
    private final PageTokens pages;
    private final Endpoint endpoint;

    Queues(SqsTables tables, Backlogs backlogs, Clock clock, PageTokens pages, Endpoint endpoint) {
        this.tables = tables;
        this.backlogs = backlogs;
        this.clock = clock;
        this.pages = pages;
        this.endpoint = endpoint;
    }

    /** The queue of a URL, whatever host the client reaches it by: only account and name count. */
    QueueRecord of(@Nullable String url) {
        Scope call = Call.current().scope();
        if (url == null || url.isEmpty()) {
            throw Errors.missing("QueueUrl");
        }
        String[] parts = url.replaceFirst("[?#].*$", "").split("/");
        if (parts.length == 0) {
            throw Errors.noQueue();
        }
        String account =
                parts.length > 1 && ACCOUNT.matcher(parts[parts.length - 2]).matches()
                        ? parts[parts.length - 2]
                        : call.account();
        return tables.peekQueue(new Scope(account, call.region()), parts[parts.length - 1])
                .orElseThrow(Errors::noQueue);
    }

    /** The queue of a URL, which must stay as it is until the call's commit. */
    QueueRecord forChange(@Nullable String url) {
        QueueRecord queue = of(url);
        return tables.queue(queue.scope(), queue.name()).orElseThrow(Errors::noQueue);
    }

    Optional<QueueRecord> find(String arn) {
        return Arn.find(arn).flatMap(a -> tables.peekQueue(new Scope(a.account(), a.region()), a.resource()));
    }

    String url(QueueRecord queue) {
        return endpoint.url() + "/" + queue.account() + "/" + queue.name();
    }

    CreateQueueResponse create(CreateQueueRequest request) {
        Scope scope = Call.current().scope();
        String name = request.queueName();
        if (!NAME.matcher(name).matches()) {
            throw Errors.parameter(
                    "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
        }
        boolean fifo = name.endsWith(QueueRecord.FIFO_SUFFIX);
        Map<String, String> given = request.attributesAsStrings();
        if (fifo != "true".equals(given.get(QueueAttributes.FIFO))) {
            throw Errors.parameter(
                    "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores,"
                            + " must end with .fifo suffix and be 1 to 80 in length.");
        }
        Map<String, String> attributes = QueueAttributes.changed(Map.of(), given, fifo);
        Optional<QueueRecord> present = tables.queue(scope, name);
        if (present.isPresent()) {
            sameAs(present.get(), attributes);
            return CreateQueueResponse.builder().queueUrl(url(present.get())).build();
        }
        Instant now = clock.instant();
        if (tables.deletedQueue(scope, name)
                .filter(row -> row.deleted().plus(MINUTE).isAfter(now))
                .isPresent()) {
            throw QueueDeletedRecentlyException.builder()
                    .message(
                            "You must wait 60 seconds after deleting a queue before you can create another with the same name.")
                    .build();
        }
        QueueRecord queue = new QueueRecord(
                scope.account(),
                scope.region(),
                name,
                Ids.uuid(),
                attributes,
                QueueTags.added(Map.of(), request.tags()),
                now,
                now,
                0,
                Instant.EPOCH);
        checkDeadLetters(queue);
        tables.put(queue);
        return CreateQueueResponse.builder().queueUrl(url(queue)).build();
    }

    /** Making a queue that is there is no error as long as nothing else is asked for than it has. */
    private static void sameAs(QueueRecord queue, Map<String, String> attributes) {
        attributes.forEach((attribute, value) -> {
            if (!QueueSettings.effective(queue, attribute).equals(value)) {
                throw QueueNameExistsException.builder()
                        .message("A queue already exists with the same name and a different value for attribute "
                                + attribute)
                        .build();
            }
        });
    }

    /** Refuses a dead-letter queue that is not there, of another kind, or not willing. */
    void checkDeadLetters(QueueRecord queue) {
        Optional<RedrivePolicy> policy = RedrivePolicy.of(queue);
        if (policy.isEmpty()) {
            return;
        }
        String arn = policy.get().deadLetterTargetArn();
        QueueRecord dead = find(arn)
                .filter(q -> q.scope().equals(queue.scope()))
                .orElseThrow(() -> redriveRefused(queue, "Dead letter target does not exist."));
        if (dead.fifo() != queue.fifo()) {
            throw redriveRefused(queue, "Dead letter target must be same type of queue as the source.");
        }
        if (dead.name().equals(queue.name())) {
            throw redriveRefused(queue, "Dead letter target owned by the queue itself is not allowed.");
        }
        if (!RedriveAllowPolicy.of(dead).allows(queue.arn())) {
            throw redriveRefused(queue, "Dead letter target does not allow this source queue.");
        }
    }

    private static RuntimeException redriveRefused(QueueRecord queue, String reason) {
        return Errors.parameter("Value " + queue.attribute(QueueAttributes.REDRIVE_POLICY)
                + " for parameter RedrivePolicy is invalid. Reason: " + reason);
    }

    GetQueueUrlResponse url(GetQueueUrlRequest request) {
        Scope call = Call.current().scope();
        String account = request.queueOwnerAWSAccountId() == null ? call.account() : request.queueOwnerAWSAccountId();
        return GetQueueUrlResponse.builder()
                .queueUrl(url(tables.peekQueue(new Scope(account, call.region()), request.queueName())
                        .orElseThrow(Errors::noQueue)))
                .build();
    }

    ListQueuesResponse list(ListQueuesRequest request) {
        Scope scope = Call.current().scope();
        String prefix = request.queueNamePrefix() == null ? "" : request.queueNamePrefix();
        String listing = "sqs.queues/" + scope + "/" + prefix;
        Page<QueueRecord> page = tables.queues(
                scope,
                Query.prefix(prefix).after(cursor(listing, request.nextToken())).limit(limit(request.maxResults())));
        return ListQueuesResponse.builder()
                .queueUrls(urls(page))
                .nextToken(request.maxResults() == null ? null : token(listing, page))
                .build();
    }

    ListDeadLetterSourceQueuesResponse sources(ListDeadLetterSourceQueuesRequest request) {
        QueueRecord queue = of(request.queueUrl());
        String listing = "sqs.sources/" + queue.arn();
        Page<QueueRecord> page = tables.sourcesOf(
                queue.scope(),
                queue.arn(),
                Query.all().after(cursor(listing, request.nextToken())).limit(limit(request.maxResults())));
        return ListDeadLetterSourceQueuesResponse.builder()
                .queueUrls(urls(page))
                .nextToken(token(listing, page))
                .build();
    }

    private static int limit(@Nullable Integer most) {
        if (most != null && (most < 1 || most > PAGE)) {
            throw Errors.parameter("Value " + most
                    + " for parameter MaxResults is invalid. Reason: Must be between 1 and " + PAGE + ", if provided.");
        }
        return most == null ? PAGE : most;
    }

    private Optional<String> cursor(String listing, @Nullable String token) {
        return token == null
                ? Optional.empty()
                : Optional.of(pages.decode(listing, token)
                        .orElseThrow(() -> Errors.parameter("Invalid or expired next token.")));
    }

    private @Nullable String token(String listing, Page<QueueRecord> page) {
        return page.next().map(next -> pages.encode(listing, next)).orElse(null);
    }

    private List<String> urls(Page<QueueRecord> page) {
        return page.values().stream().map(this::url).toList();
    }

    PurgeQueueResponse purge(PurgeQueueRequest request) {
        QueueRecord queue = forChange(request.queueUrl());
        Instant now = clock.instant();
        if (queue.purged().plus(MINUTE).isAfter(now)) {
            throw PurgeQueueInProgressException.builder()
                    .message("Only one PurgeQueue operation on " + queue.name() + " is allowed every 60 seconds.")
                    .build();
        }
        QueueRecord purged = queue.purgedAt(backlogs.nextSequence(), now);
        tables.put(purged);
        backlogs.purged(purged);
        return PurgeQueueResponse.builder().build();
    }

    DeleteQueueResponse delete(DeleteQueueRequest request) {
        QueueRecord queue = forChange(request.queueUrl());
        tables.deleteQueue(queue);
        tables.put(queue.scope(), new DeletedQueueRecord(queue.name(), clock.instant()));
        backlogs.deleted(queue);
        return DeleteQueueResponse.builder().build();
    }
}
